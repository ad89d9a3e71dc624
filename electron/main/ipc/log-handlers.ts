import { app, dialog } from 'electron';
import type { EventName } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';
import { LogHost } from '../log-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface LogParts {
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
}

type LogHandlers = Pick<
  Handlers,
  'log.choose' | 'log.read' | 'log.watch' | 'log.judge' | 'log.lines' | 'log.cancel' | 'log.close'
>;

/** The broker's log: a dialog that finds it, and a thread that reads it. */
export function createLogHandlers({ tell }: LogParts): LogHandlers & { readonly stop: () => void } {
  const host = new LogHost(tell);
  const stop = () => void host.end();
  app.once('will-quit', stop);
  return {
    stop,
    'log.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: 'Mosquitto', extensions: ['log', 'gz', 'txt', '1'] },
          { name: '*', extensions: ['*'] },
        ],
      });
      return canceled || filePaths.length === 0 ? null : { files: filePaths };
    },
    'log.read': (input) => host.call('log.read', input),
    'log.watch': (input) => host.call('log.watch', input),
    'log.judge': (input) => host.call('log.judge', input),
    'log.lines': (input) => host.call('log.lines', input),
    'log.cancel': (input) => host.call('log.cancel', input),
    'log.close': async () => {
      await host.end();
      return {};
    },
  };
}
