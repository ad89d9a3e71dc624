import { z } from 'zod';
import { type Problem, problem } from '../../../../shared/problems.ts';
import { checkPlan, fleetMaximum, type PlanInput } from '../../../../shared/rules/plan.ts';
import type { DeviceEntry, DeviceLines } from '../../ui/device-lines.ts';
import { linesNow } from '../../ui/useDeviceLines.ts';
import { type Decision, type Draft, decisions, isBrokerUnknown, namesOf } from './draft.ts';

// zod would try eval for its fast path; the page's policy forbids it, and asking is already a violation in the log
z.config({ jitless: true });

/** Text that is no number becomes NaN, which the rule about numbers refuses. */
function numberOf(text: string): number {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** The plan that the draft stands for, as far as it can be one. */
function planOf(draft: Draft, devices: readonly DeviceEntry[]): PlanInput {
  const subject = Object.entries(draft.subject).map(([field, value]) => [field, value.trim()] as const);
  return {
    project: draft.project.trim(),
    subject: Object.fromEntries(subject.filter(([, value]) => value !== '')),
    authority: { key: draft.key, years: draft.years },
    broker: {
      names: [...namesOf(draft)],
      addresses: [...draft.addresses],
      port: numberOf(draft.port),
      target: draft.target,
      directory: draft.directory.trim(),
      data: draft.data.trim(),
      log: draft.log.trim(),
      days: numberOf(draft.brokerDays),
    },
    brokerCertificate: draft.brokerCertificate,
    devices: devices.map((entry) => ({ ...entry })),
    deviceDays: draft.deviceDays,
    access: draft.access.map(({ role, write, read }) => ({ role, write: [...write], read: [...read] })),
  };
}

const stepOfPath: readonly (readonly [RegExp, Decision])[] = [
  [/^(project|subject)/, 'project'],
  [/^(authority|deviceDays)/, 'authority'],
  // asked for where it is missed last, so that nobody has to stop at the page of the broker
  [/^broker\.host/, 'check'],
  [/^broker/, 'broker'],
  [/^devices\[\d+\]\.role/, 'access'],
  [/^devices/, 'devices'],
  [/^access/, 'access'],
];

/** On which page a problem of the plan is mended. */
export function stepOf(found: Problem): Decision {
  return stepOfPath.find(([pattern]) => pattern.test(found.path))?.[1] ?? 'project';
}

export interface DraftCheck {
  /** The plan with every device; made when it is asked for. */
  readonly plan: () => PlanInput;
  readonly lines: DeviceLines;
  readonly problems: readonly Problem[];
  /** The first page that has something to mend. */
  readonly firstWrong: Decision | null;
}

/** Numbers that are none arrive as NaN; "has to be of the kind number" says less than the range. */
function spoken(found: Problem): Problem {
  if (found.rule !== 'type') return found;
  if (found.path === 'broker.port') return problem('number-range', { minimum: 1, maximum: 65_535 }, found.path);
  if (found.path === 'broker.days') return problem('number-range', { minimum: 1, maximum: 825 }, found.path);
  return found;
}

/**
 * Checks all answers with the rules that main uses. `taken` are the names of other projects of this vault. `lines` may be
 * those of a moment ago while a long list is being read. Each line was checked as it was read; for what concerns the
 * whole plan one device of each role stands for all of them, so that the check takes the same time for 100,000.
 */
export function checkDraft(
  draft: Draft,
  taken: readonly string[],
  lines: DeviceLines = linesNow(draft.devices, draft.role),
): DraftCheck {
  const plan = planOf(
    draft,
    lines.rolesUsed.map((role) => ({ id: `any-${role}`, role })),
  );
  const checked = checkPlan(plan);
  const problems = 'problems' in checked ? checked.problems.map(spoken) : [];
  const all = [
    ...(isBrokerUnknown(draft) ? problems.filter(({ rule }) => rule !== 'broker-unreachable') : problems),
    ...(isBrokerUnknown(draft) ? [problem('missing', {}, 'broker.host')] : []),
    ...(lines.count > fleetMaximum ? [problem('fleet-too-large', { maximum: fleetMaximum }, 'devices')] : []),
    ...(taken.some((name) => name.toLowerCase() === plan.project.toLowerCase())
      ? [problem('duplicate', { value: plan.project, other: '' }, 'project')]
      : []),
    ...lines.problems.map(({ line, problem: each }) => ({ ...each, path: `devices.line${line}` })),
  ];
  return {
    plan: () => planOf(draft, lines.entries),
    lines,
    problems: all,
    firstWrong: decisions.find((step) => all.some((each) => stepOf(each) === step)) ?? null,
  };
}

/** The problems of one field: of `broker.names` also those of `broker.names[2]`. */
export function problemsAt(problems: readonly Problem[], path: string): Problem[] {
  return problems.filter((each) => each.path === path || each.path.startsWith(`${path}[`) || each.path.startsWith(`${path}.`));
}
