import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Chosen } from './selection.ts';

interface Props {
  readonly projectId: number;
  readonly devices: readonly Chosen[];
  readonly onClose: () => void;
  readonly onExport: () => void;
}

/** One certificate for several devices: what it costs is said before, and "no" is the easy answer. */
export function ShareDialog({ projectId, devices, onClose, onExport }: Props) {
  const { t } = useTranslation();
  const able = devices.filter(({ serial }) => serial !== null);
  const [holder, setHolder] = useState(String(able[0]?.deviceId ?? ''));
  const [done, setDone] = useState(false);
  const name = devices.find(({ deviceId }) => String(deviceId) === holder)?.id ?? '';
  const share = useAction(async () => {
    const holderId = Number(holder);
    const deviceIds = devices.map(({ deviceId }) => deviceId).filter((id) => id !== holderId);
    await call('certificate.share', { projectId, holderId, deviceIds });
    setDone(true);
  });
  return (
    <Dialog title={t('credentials.shared.dialog', { count: devices.length })} onClose={onClose}>
      {done ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('credentials.shared.done', { holder: name })}>
              <p>{t('credentials.shared.doneText')}</p>
            </Note>
          </div>
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t('credentials.dialog.close')}
            </Button>
            <Button onClick={onExport}>{t('credentials.dialog.export')}</Button>
          </DialogActions>
        </>
      ) : (
        <>
          <Note tone="bad" icon={IconAlertTriangle}>
            <ul>
              {(['pose', 'revoke', 'broker', 'own'] as const).map((cost) => (
                <li key={cost}>{t(`credentials.shared.costs.${cost}`)}</li>
              ))}
            </ul>
          </Note>
          <SelectField
            label={t('credentials.shared.holder')}
            value={holder}
            options={able.map(({ deviceId, id }) => ({ value: String(deviceId), label: id }))}
            onChange={setHolder}
          />
          {share.error && <ErrorPanel error={share.error} />}
          <DialogActions>
            <Button size="lg" variant="default" onClick={onClose} data-autofocus>
              {t('credentials.shared.keep')}
            </Button>
            <Button size="lg" disabled={able.length === 0} loading={share.pending} onClick={() => void share.run()}>
              {t('credentials.shared.do')}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
