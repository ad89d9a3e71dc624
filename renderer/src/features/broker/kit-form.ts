import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import { type KitSettings, recommendedCiphers } from '../../../../shared/model/kit.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { checkCiphersForTarget } from '../../../../shared/rules/broker-target.ts';
import { checkCiphers, checkShippingTarget, checkTls13Suites, kitBounds } from '../../../../shared/rules/kit.ts';
import { checkNetwork } from '../../../../shared/rules/network.ts';

type NumberName = keyof typeof kitBounds;
export const kitNumbers = Object.keys(kitBounds) as NumberName[];

/** The settings of the kit as typed: numbers are text until they are saved, empty where none is a choice of its own. */
export type KitDraft = Omit<KitSettings, NumberName> & Readonly<Record<NumberName, string>>;

/** Those that may be left empty, and what that means is told beside the field. */
const optional: readonly NumberName[] = ['maxConnections', 'connectionRate'];

export function kitDraftOf(kit: KitSettings): KitDraft {
  const numbers = Object.fromEntries(kitNumbers.map((name) => [name, kit[name] === null ? '' : String(kit[name])]));
  return { ...kit, ...(numbers as Record<NumberName, string>) };
}

/** Undefined while the text is no number within the bounds. */
function numberOf(draft: KitDraft, name: NumberName): number | null | undefined {
  const text = draft[name].trim();
  if (text === '') return optional.includes(name) ? null : undefined;
  const value = Number(text);
  const [minimum, maximum] = kitBounds[name];
  return /^\d{1,9}$/.test(text) && value >= minimum && value <= maximum ? value : undefined;
}

export interface KitProblems {
  readonly numbers: readonly NumberName[];
  readonly ciphers: readonly Problem[];
  readonly ciphersTls13: readonly Problem[];
  readonly networks: boolean;
  readonly shippingTarget: readonly Problem[];
}

/** The same rules as a plan has (shared/rules/kit.ts); main checks once more. */
export function kitProblemsOf(draft: KitDraft, target: BrokerTarget): KitProblems {
  return {
    numbers: kitNumbers.filter((name) => numberOf(draft, name) === undefined),
    ciphers: [...checkCiphers(draft.ciphers), ...checkCiphersForTarget(draft, target)],
    ciphersTls13: checkTls13Suites(draft.ciphersTls13),
    networks: draft.networks.some((network) => checkNetwork(network).length > 0),
    shippingTarget: checkShippingTarget(draft),
  };
}

/** Null while something is wrong. */
export function kitOf(draft: KitDraft, target: BrokerTarget): KitSettings | null {
  const found = kitProblemsOf(draft, target);
  const wrong = found.numbers.length + found.ciphers.length + found.ciphersTls13.length + found.shippingTarget.length > 0;
  if (wrong || found.networks) return null;
  const numbers = Object.fromEntries(kitNumbers.map((name) => [name, numberOf(draft, name)]));
  return { ...draft, ...(numbers as Pick<KitSettings, NumberName>) };
}

/** What a list of ciphers is to people: the recommended one, that of the broker's library, or one of their own. */
export type CipherChoice = 'recommended' | 'library' | 'own';

export function cipherChoice(ciphers: string): CipherChoice {
  return ciphers === recommendedCiphers ? 'recommended' : ciphers === '' ? 'library' : 'own';
}

/** The list that a choice begins with; one of their own without those whose key exchange is slow on small devices. */
export function ciphersFor(choice: CipherChoice): string {
  return choice === 'library' ? '' : choice === 'recommended' ? recommendedCiphers : 'ECDHE+AESGCM:ECDHE+CHACHA20';
}
