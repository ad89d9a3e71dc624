import type { IpcMainInvokeEvent } from 'electron';
import { type CallName, callNames } from '../../../shared/bridge.ts';
import { type CallOutput, calls, type ParsedInput, type Reply } from '../../../shared/contract.ts';
import { FieldkeyError } from '../../../shared/errors.ts';
import { problemsOfZod } from '../../../shared/rules/zod-problems.ts';
import { errorReport } from '../error-report.ts';
import { logError } from '../log.ts';

/** One handler for each call of the contract: a forgotten one does not compile. */
export type Handlers = { readonly [N in CallName]: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>> };

/** What answers one call of a page: its name and input as they came. Never rejects. */
export type Answer = (event: IpcMainInvokeEvent, name: unknown, input: unknown) => Promise<Reply<unknown>>;

/**
 * What answers the page's calls. Takes them only from our own window's main frame, only known names, only input that the
 * contract's schema accepts.
 */
export function answerCalls(handlers: Handlers, isOurs: (event: IpcMainInvokeEvent) => boolean): Answer {
  return async (event, name, input) => {
    try {
      if (!isOurs(event)) throw new FieldkeyError('INTERNAL', { detail: 'call from a foreign frame' });
      const known = callNames.find((n) => n === name);
      if (!known) throw new FieldkeyError('INTERNAL', { detail: 'unknown call' });
      return { ok: true, value: await answer(handlers, known, input) };
    } catch (error) {
      const report = errorReport(error);
      // an error report came from the vault's thread and was logged there
      if (error instanceof Error) logError(report, error.stack ?? '');
      return { ok: false, error: report };
    }
  };
}

async function answer<N extends CallName>(handlers: Handlers, name: N, input: unknown): Promise<unknown> {
  const parsed = calls[name].input.safeParse(input);
  if (!parsed.success) throw new FieldkeyError('INPUT_INVALID', { problems: problemsOfZod(parsed.error, input) });
  return await handlers[name](parsed.data as ParsedInput<N>);
}
