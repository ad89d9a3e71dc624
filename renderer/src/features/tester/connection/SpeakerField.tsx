import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCpu, IconEye } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DevicePicker } from '../../../ui/DevicePicker.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Note } from '../../../ui/Note.tsx';
import css from './Connection.module.css';
import type { PartProps } from './ConnectionEditor.tsx';
import type { StoredConnection } from './connection-draft.ts';

interface Props extends PartProps {
  readonly projectId: number;
  readonly stored: StoredConnection | null;
}

/** Who of the vault it is, and what that means: nothing of it is copied, and a broker admits each of them once. */
export function SpeakerField({ projectId, stored, draft, change, wrong }: Props) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  const device = draft.who === 'device';
  // what is known of the one that is stored, as long as no other one is meant
  const meant = stored?.settings.speaksAs;
  const same = meant?.kind === draft.who && (meant.kind === 'observer' || meant.device === draft.device);
  const state = same && stored?.speaker !== 'ready' ? stored?.speaker : null;
  const missing = wrong('speaksAs.device');
  return (
    <div className={css.stack}>
      {device && (
        <div className={css.speaker} data-chosen={draft.device !== '' || undefined}>
          {draft.device !== '' && (
            <b>
              <IconCpu size={20} stroke={1.7} aria-hidden /> {draft.device}
            </b>
          )}
          <Button variant="default" onClick={() => setPicking(true)} aria-invalid={missing ? true : undefined}>
            {t(draft.device === '' ? 'connections.editor.chooseDevice' : 'connections.editor.otherDevice')}
          </Button>
        </div>
      )}
      {missing && <p className={css.missing}>{t('connections.editor.deviceMissing')}</p>}
      {state && (
        <Note tone={state === 'revoked' || state === 'missing' ? 'bad' : 'due'} icon={IconAlertTriangle}>
          <p>{t(`connections.speaker.${state}`, { who: device ? draft.device : t('tester.observer') })}</p>
        </Note>
      )}
      <Note tone="wait" icon={device ? IconCpu : IconEye}>
        <p>{t(device ? 'connections.editor.asDevice' : 'connections.editor.asObserver')}</p>
      </Note>
      {picking && (
        <Dialog title={t('connections.editor.chooseDevice')} onClose={() => setPicking(false)}>
          <DevicePicker
            projectId={projectId}
            taken={[]}
            onPick={({ id }) => {
              change({ device: id });
              setPicking(false);
            }}
          />
        </Dialog>
      )}
    </div>
  );
}
