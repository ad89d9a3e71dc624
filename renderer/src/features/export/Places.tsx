import { Button } from '@mantine/core';
import { IconDeviceDesktop, IconFolder, IconFolderOpen, IconUsb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Medium } from '../../../../shared/model/export.ts';
import type { Action } from '../../bridge/action.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Options } from '../../ui/Options.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './Export.module.css';
import { isTooSmall } from './media.ts';

interface Props {
  readonly media: readonly Medium[] | null;
  /** False where this computer does not tell its drives. */
  readonly told: boolean;
  readonly folders: readonly Medium[];
  readonly chosen: string | null;
  /** Size of the export, null while unknown. */
  readonly bytes: number | null;
  readonly onChoose: (path: string) => void;
  /** Asks for a folder of the person's choice. */
  readonly folder: Action<[]>;
}

/** Drives as they are plugged in, sticks first, and any folder. */
export function Places({ media, told, folders, chosen, bytes, onChoose, folder }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const places = [...(media ?? []).filter((each) => !folders.some((own) => own.path === each.path)), ...folders];
  const sorted = places.sort((a, b) => Number(b.removable) - Number(a.removable));
  return (
    <div className={css.stack}>
      {media === null && folders.length === 0 ? (
        <Waiting lines={2} />
      ) : sorted.length === 0 ? (
        <p className={css.none}>
          <IconUsb size={24} stroke={1.6} aria-hidden /> {t(told ? 'exporting.noDrives' : 'exporting.drivesUnknown')}
        </p>
      ) : (
        <Options
          legend={t('exporting.where')}
          hiddenLegend
          value={chosen}
          onChange={onChoose}
          options={sorted.map((each) => {
            const Sign = each.removable ? IconUsb : folders.includes(each) ? IconFolder : IconDeviceDesktop;
            const tooSmall = isTooSmall(each, bytes);
            return {
              value: each.path,
              label: each.label,
              icon: <Sign size={24} stroke={1.6} aria-hidden />,
              text: (
                <>
                  <span className="mono">{each.path}</span>
                  {tooSmall && (
                    <span className={css.wrong}>
                      {t('exporting.tooSmall', { needed: format.bytes(bytes ?? 0), free: format.bytes(each.free ?? 0) })}
                    </span>
                  )}
                </>
              ),
              note: [
                each.free === null
                  ? t('exporting.freeUnknown')
                  : each.size === null
                    ? t('exporting.free', { free: format.bytes(each.free) })
                    : t('exporting.freeOf', { free: format.bytes(each.free), size: format.bytes(each.size) }),
                each.fileSystem,
              ]
                .filter(Boolean)
                .join(' · '),
            };
          })}
        />
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={20} stroke={1.7} aria-hidden />}
          onClick={() => !folder.pending && void folder.run()}
        >
          {t('exporting.chooseFolder')}
        </Button>
      </div>
      {folder.error && <ErrorPanel error={folder.error} />}
    </div>
  );
}
