import type { EventName } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type CheckResult, checkLimits } from '../../../shared/model/check.ts';
import { concernsDevice } from '../../../shared/rules/check-scope.ts';
import type { TesterHost } from '../tester-host.ts';
import type { VaultCalls } from '../vault-turns.ts';
import type { Handlers } from './answer-calls.ts';
import type { Measures, Speakers } from './speakers.ts';

export interface CheckParts {
  /** Calls of the vault that is in use now, and of no other. */
  readonly bound: () => VaultCalls;
  readonly tester: Pick<TesterHost, 'startChecks' | 'checkDevices' | 'endChecks'>;
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly speakers: Pick<Speakers, 'rest'>;
  readonly measures: Measures;
}

/** Devices whose keys leave the vault at the same time. */
const batch = checkLimits.parallel * 2;
/** ms between two events of a run. */
const interval = 250;

/** The calls that run checks. Keys go from the vault's thread to the tester's process, a few at a time, and are wiped here on the way. */
export function createCheckHandlers({
  bound,
  tester,
  tell,
  speakers,
  measures,
}: CheckParts): Pick<Handlers, 'check.run' | 'check.cancel'> & { readonly cancelChecks: () => Promise<void> } {
  let running: { readonly runId: string; cancelled: boolean; closed: boolean } | null = null;
  const cancel = async () => {
    if (!running) return;
    running.cancelled = true;
    await tester.endChecks(running.runId, true);
  };
  return {
    /** The vault is locked or left, or the program ends. */
    cancelChecks: async () => {
      if (running) running.closed = true;
      await cancel();
    },
    'check.cancel': async ({ runId }) => {
      if (running?.runId === runId) await cancel();
      return {};
    },
    'check.run': async ({ runId, ...request }) => {
      if (running) throw new FieldkeyError('CHECKS_RUNNING', {});
      if (measures(request)) throw new FieldkeyError('OBSERVER_MEASURES', {});
      const own = { runId, cancelled: false, closed: false };
      running = own;
      const host = bound();
      let resume: () => void = () => undefined;
      const { projectId, host: address, port } = request;
      try {
        const { observer, project, ...prepared } = await host.call('check.prepare', request);
        const { checks, members, startedAt } = prepared;
        // they are the same clients for the broker, and would fight with the run for their places
        const speaking = members.filter(({ certificateId }) => certificateId !== null).map(({ id }) => id);
        resume = await speakers.rest({
          projectId,
          names: new Set(observer ? [observer.id, ...speaking] : speaking),
          ownId: null,
        });
        const concerned = checks.filter(concernsDevice).length;
        const progress = new Progress(runId, concerned * members.length + checks.length - concerned, tell);
        try {
          const order = { runId, host: address, port, project, checks, observer };
          const starting = tester.startChecks(order, (result) => progress.add(result));
          // it was copied when it was posted; so are those below
          observer?.key.fill(0);
          // while it was prepared there was nothing yet to be told to stop
          if (own.cancelled) await tester.endChecks(runId, true);
          await starting;
          for (let from = 0; from < members.length && !own.cancelled; from += batch) {
            const some = members.slice(from, from + batch);
            const identities = await host.call('check.keys', { projectId, members: some });
            const checking = tester.checkDevices({
              runId,
              members: some.map(({ id, hindrance }, at) => ({ device: id, hindrance, identity: identities[at] ?? null })),
            });
            for (const identity of identities) identity?.key.fill(0);
            await checking;
          }
        } catch (error) {
          // the vault was locked, or the tester's process is gone: what came of it is kept if it can be
          own.cancelled = true;
          await tester.endChecks(runId, true);
          if (!own.closed) await host.call('check.finish', { ...place(), ...seen() }).catch(() => undefined);
          throw error;
        } finally {
          await tester.endChecks(runId, false);
          progress.end();
        }
        // by now another vault may be open, which has a project of this number as well
        if (own.closed) throw new FieldkeyError('VAULT_LOCKED', {});
        return await host.call('check.finish', { ...place(), ...seen() });

        function place() {
          return { projectId, host: address, port, checks, members, startedAt };
        }
        function seen() {
          return { results: progress.results, cancelled: own.cancelled };
        }
      } finally {
        running = null;
        resume();
      }
    },
  };
}

/** What a run has come to so far, told now and then. */
class Progress {
  readonly results: CheckResult[] = [];
  readonly #runId: string;
  readonly #total: number;
  readonly #tell: CheckParts['tell'];
  #told = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(runId: string, total: number, tell: CheckParts['tell']) {
    this.#runId = runId;
    this.#total = total;
    this.#tell = tell;
    this.#now();
  }

  add(result: CheckResult): void {
    this.results.push(result);
    this.#timer ??= setTimeout(() => this.#now(), interval);
  }

  end(): void {
    if (this.#timer) this.#now();
  }

  #now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const results = this.results.slice(this.#told);
    this.#told = this.results.length;
    this.#tell('check.progress', { runId: this.#runId, done: this.#told, total: this.#total, results });
  }
}
