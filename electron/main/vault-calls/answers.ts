import type { CallName } from '../../../shared/bridge.ts';
import type { CallOutput, ParsedInput } from '../../../shared/contract.ts';

/** Calls of the contract that the vault's thread answers, each with its handler. */
export type VaultAnswers<Names extends CallName> = {
  readonly [N in Names]: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>>;
};
