import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Password.module.css';

interface Props {
  readonly projectId: number;
  readonly device: { readonly deviceId: number; readonly id: string };
  readonly shared: NonNullable<CallOutput<'device.show'>['shared']>;
}

/** Who else shows this certificate, what that costs, and the way out of it. */
export function SharedCertificate({ projectId, device, shared }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const key = useIssuerKey(projectId, 'devices');
  const own = useAction(async () => {
    await call('certificate.unshare', { projectId, deviceIds: [device.deviceId], ...key.given });
    key.forget();
    setAsking(false);
  });
  const others = [device.id, ...shared.others].filter((id) => id !== shared.holder);
  const listed = format.list(others.length > 8 ? [...others.slice(0, 8), `+ ${others.length - 8}`] : others);
  return (
    <div className={css.above}>
      <Note tone="due" icon={IconUsersGroup} title={t('credentials.shared.title')}>
        <div className={css.state}>
          <p>{t('credentials.shared.names', { holder: shared.holder, others: listed })}</p>
          <p>{t('credentials.shared.warning')}</p>
          {device.deviceId !== shared.holderId && (
            <div className={css.buttons}>
              <WriteButton size="sm" variant="default" onClick={() => setAsking(true)}>
                {t('credentials.shared.own')}
              </WriteButton>
            </div>
          )}
        </div>
        {asking && (
          <Dialog title={t('credentials.shared.ownDo')} onClose={() => setAsking(false)}>
            <p>{t('credentials.shared.ownText', { id: device.id })}</p>
            {key.field}
            {own.error && <ErrorPanel error={own.error} />}
            <DialogActions>
              <Button variant="default" onClick={() => setAsking(false)}>
                {t('credentials.dialog.cancel')}
              </Button>
              <Button disabled={key.lacking} loading={own.pending} onClick={() => void own.run()}>
                {t('credentials.shared.ownDo')}
              </Button>
            </DialogActions>
          </Dialog>
        )}
      </Note>
    </div>
  );
}
