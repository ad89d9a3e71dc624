import type { CallName } from '../../../shared/bridge.ts';
import type { CallOutput, ParsedInput } from '../../../shared/contract.ts';
import type { Finding } from '../../pki/lint/finding.ts';

/** Calls of the contract that the vault's thread answers, each with its handler. */
export type VaultAnswers<Names extends CallName> = {
  readonly [N in Names]: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>>;
};

/** A finding as the contract wants it: with parameters of its own. */
export function plainFinding(finding: Finding) {
  return { ...finding, params: { ...finding.params } };
}
