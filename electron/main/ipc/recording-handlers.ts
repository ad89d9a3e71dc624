import { basename } from 'node:path';
import { dialog } from 'electron';
import type { EventName } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { RecordedBy } from '../../../shared/model/recording.ts';
import type { HistoryCall, HistoryCalls } from '../../tester/history/calls.ts';
import type { ConnectionOwner, TesterHost } from '../tester-host.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface RecordingParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly tester: Pick<TesterHost, 'history' | 'endHistory' | 'lockHistory' | 'list'>;
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
}

type RecordingHandlers = Pick<Handlers, Extract<keyof Handlers, `recording.${string}`>>;

interface More {
  /** Ends what is replayed and exported, and has the key forgotten. What is recorded goes on while the vault is locked. */
  readonly closeRecordings: (ended: 'locked' | 'closed') => Promise<void>;
  /** Ends an export or a replay; false when there is none of this id. */
  readonly cancelRecordingJob: (jobId: string) => Promise<boolean>;
}

/**
 * The calls of the recordings. Their files lie with the tester's process, which gets the key when it needs it first, and
 * loses it when the vault is locked.
 */
export function createRecordingHandlers({ host, tester, tell }: RecordingParts): RecordingHandlers & More {
  /** Files that a person chose for an export: no other is written. */
  const chosen = new Set<string>();
  const jobs = new Set<string>();

  const open = async () => {
    const { folder, key } = await host.call('recording.key', undefined);
    const opening = tester.history('open', { folder, key });
    // it was copied when it was posted
    key.fill(0);
    await opening;
  };
  /** Asks the tester's process; one that has no key, because it has just begun, gets it first. */
  const ask = async <N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']): Promise<HistoryCalls[N]['output']> => {
    try {
      return await tester.history(call, input);
    } catch (error) {
      if (!(error instanceof FieldkeyError) || error.code !== 'VAULT_LOCKED') throw error;
      await open();
      return tester.history(call, input);
    }
  };
  /** Long work, which a person may end. */
  const job = async <T>(jobId: string, work: Promise<T>): Promise<T> => {
    jobs.add(jobId);
    try {
      return await work;
    } finally {
      jobs.delete(jobId);
    }
  };
  return {
    closeRecordings: (ended) => (ended === 'locked' ? tester.lockHistory() : tester.endHistory(ended)),
    cancelRecordingJob: async (jobId) => jobs.has(jobId) && tester.history('cancel', { jobId }),
    'recording.list': ({ projectId }) => ask('list', { projectId }),
    'recording.live': () => ask('live', undefined),
    'recording.start': async ({ connectionId }) => {
      const connection = tester.list().find(({ state }) => state.connectionId === connectionId);
      if (!connection) throw new FieldkeyError('CONNECTION_NOT_OPEN', {});
      const { owner, host: address, port } = connection;
      const by = recordedBy(owner.identity);
      const state = await ask('start', { connectionId, projectId: owner.projectId, by, host: address, port });
      tell('recording.changed', state);
      return state;
    },
    'recording.stop': async ({ connectionId }) => {
      await ask('stop', { connectionId, ended: 'stopped' });
      return {};
    },
    'recording.rename': async (input) => {
      await ask('rename', input);
      return {};
    },
    'recording.delete': async (input) => {
      await ask('remove', input);
      return {};
    },
    'recording.budget': async (input) => {
      await ask('budget', input);
      return {};
    },
    'recording.show': (input) => ask('show', input),
    'recording.search': (input) => ask('search', input),
    'recording.messages': (input) => ask('messages', input),
    'recording.choose': async ({ name, format }) => {
      const { canceled, filePath } = await dialog.showSaveDialog({
        defaultPath: `${basename(name.replaceAll(/[\\/:*?"<>|]/g, '-')) || 'recording'}.${format}`,
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
      });
      if (canceled || !filePath) return null;
      chosen.add(filePath);
      return { file: filePath };
    },
    'recording.export': async (input) => {
      if (!chosen.delete(input.file)) throw new FieldkeyError('INTERNAL', { detail: 'a file that nobody chose' });
      return job(input.jobId, ask('export', input));
    },
    'recording.replay': async (input) => {
      const { refused, ...result } = await job(input.jobId, ask('replay', input));
      return { ...result, refused: refused.map((each) => ({ ...each })) };
    },
  };
}

function recordedBy(identity: ConnectionOwner['identity']): RecordedBy {
  if (identity.kind === 'observer') return { kind: 'observer', name: '' };
  if (identity.kind === 'device') return { kind: 'device', name: identity.id };
  return { kind: 'connection', name: identity.id };
}
