import type { CallName } from '../../../shared/bridge.ts';
// types only: the schemas (and zod with them) stay in main, the window sends plain values
import type { CallInput, CallOutput, Reply } from '../../../shared/contract.ts';
import type { ErrorReport } from '../../../shared/errors.ts';

/** An error reply. The words for it are in locales/…/errors.ts; nothing here is for people. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.code);
    this.report = report;
  }
}

/** Calls whose input may be left out take no second argument. */
type InputArguments<N extends CallName> = undefined extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

/** Asks main. Throws a BridgeError, and nothing else. */
export async function call<N extends CallName>(name: N, ...[input]: InputArguments<N>): Promise<CallOutput<N>> {
  let reply: Reply<CallOutput<N>>;
  try {
    reply = (await window.fieldkey.call(name, input)) as Reply<CallOutput<N>>;
  } catch (cause) {
    // main answers every failure as a reply; this is the channel itself that broke
    throw new BridgeError({ code: 'INTERNAL', params: { detail: cause instanceof Error ? cause.message : String(cause) } });
  }
  if (!reply.ok) throw new BridgeError(reply.error);
  return reply.value;
}

/** What to show for anything that was caught: a page that failed to render becomes INTERNAL too. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof BridgeError) return error.report;
  return { code: 'INTERNAL', params: { detail: error instanceof Error ? error.message : String(error) } };
}
