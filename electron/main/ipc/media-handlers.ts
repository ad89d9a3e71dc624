import { dialog } from 'electron';
import type { EventName } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';
import { FieldkeyError } from '../../../shared/errors.ts';
import { isStillThere, MediaWatch, mediumAt } from '../../bundle/drives.ts';
import { ejectMedium } from '../../bundle/eject.ts';
import type { VaultHost } from '../vault-host.ts';
import { VolumesHost } from '../volumes-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface MediaParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
}

type MediaHandlers = Pick<Handlers, 'media.watch' | 'media.unwatch' | 'media.choose' | 'media.eject' | 'export.run'>;

/** The drives to export to. A thread of its own asks the system for them: neither main nor the vault's thread waits for a program. */
export function createMediaHandlers({ host, tell }: MediaParts): MediaHandlers & { readonly stop: () => void } {
  const { list } = new VolumesHost();
  const watch = new MediaWatch((media) => tell('media.changed', media), { list });
  return {
    'media.watch': () => watch.start(),
    'media.unwatch': () => {
      watch.stop();
      return {};
    },
    'media.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
      const folder = filePaths[0];
      return canceled || !folder ? null : mediumAt(folder, list);
    },
    'media.eject': ({ path }) => ejectMedium(path, { list }),
    'export.run': async ({ acceptance, ...input }) => {
      const { medium } = input;
      // asked for by a page that may have been left open for hours
      if (!(await isStillThere(medium, list)))
        throw new FieldkeyError('EXPORT_MEDIUM_GONE', { directory: medium.path, reason: 'ENODEV' });
      if (!acceptance) return host.call('export.run', input);
      const { printToBytes } = await import('../print.ts');
      const { deviceId, json, document } = acceptance;
      return host.call('export.run', { ...input, acceptance: { deviceId, json, pdf: await printToBytes(document) } });
    },
    stop: () => watch.stop(),
  };
}
