import type { BrokerSettings, BrokerTarget } from '../../../../shared/model/broker.ts';
import { type Problem, problem } from '../../../../shared/problems.ts';
import { checkBrokerFolders, checkBrokerPath } from '../../../../shared/rules/broker-path.ts';
import { checkHostName, checkIpAddress } from '../../../../shared/rules/host.ts';
import { type KitDraft, kitDraftOf, kitOf } from './kit-form.ts';

/** The settings as typed: numbers are text until they are saved. */
export interface BrokerDraft {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly port: string;
  readonly target: BrokerTarget;
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  readonly days: string;
  readonly kit: KitDraft;
}

export function draftOf(settings: BrokerSettings): BrokerDraft {
  const { names, addresses, target, directory, data, log, kit } = settings;
  return {
    names,
    addresses,
    target,
    directory,
    data,
    log,
    kit: kitDraftOf(kit),
    port: String(settings.port),
    days: String(settings.days),
  };
}

function wholeIn(text: string, minimum: number, maximum: number): number | null {
  const value = Number(text.trim());
  return /^\d{1,5}$/.test(text.trim()) && value >= minimum && value <= maximum ? value : null;
}

export interface DraftProblems {
  readonly names: readonly Problem[];
  readonly port: boolean;
  readonly days: boolean;
  readonly directory: readonly Problem[];
  readonly data: readonly Problem[];
  readonly log: readonly Problem[];
}

/** The same bounds as a plan has (shared/rules/plan.ts); main checks once more. */
export function problemsOf(draft: BrokerDraft): DraftProblems {
  const folders = checkBrokerFolders({ directory: draft.directory, data: draft.data, log: draft.log });
  const path = (name: 'directory' | 'data' | 'log') => [
    ...checkBrokerPath(draft[name]),
    ...folders.filter((found) => found.path.endsWith(name)),
  ];
  return {
    names: draft.names.length + draft.addresses.length === 0 ? [problem('broker-unreachable', {})] : [],
    port: wholeIn(draft.port, 1, 65_535) === null,
    days: wholeIn(draft.days, 1, 825) === null,
    directory: path('directory'),
    data: path('data'),
    log: path('log'),
  };
}

/** Null while something is wrong. */
export function settingsOf(draft: BrokerDraft): BrokerSettings | null {
  const found = problemsOf(draft);
  const port = wholeIn(draft.port, 1, 65_535);
  const days = wholeIn(draft.days, 1, 825);
  const kit = kitOf(draft.kit, draft.target);
  if (
    kit === null ||
    port === null ||
    days === null ||
    found.names.length + found.directory.length + found.data.length + found.log.length > 0
  )
    return null;
  if (draft.names.some((name) => checkHostName(name).length > 0)) return null;
  if (draft.addresses.some((address) => checkIpAddress(address).length > 0)) return null;
  return { ...draft, port, days, kit };
}

export function sameDraft(a: BrokerDraft, b: BrokerDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The certificate names exactly these, so any other set needs a new one; their order does not matter. */
export function needsNewCertificate(a: BrokerDraft, b: BrokerDraft): boolean {
  const set = (draft: BrokerDraft) => [...draft.names, '/', ...draft.addresses].toSorted().join(' ');
  return set(a) !== set(b);
}
