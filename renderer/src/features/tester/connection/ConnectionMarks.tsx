import { IconAlertTriangle, IconCpu, IconEye, IconKeyOff, IconLockOpen, IconShieldOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isEncrypted } from '../../../../../shared/model/own-connection.ts';
import { TonePill } from '../../../ui/StatePill.tsx';
import css from './Connection.module.css';
import type { StoredConnection } from './connection-draft.ts';

/** What has to be known of a connection as long as it exists: that it is open to others, and as whom it speaks. */
export function ConnectionMarks({ connection }: { readonly connection: StoredConnection }) {
  const { t } = useTranslation();
  const { settings, has, device, speaker } = connection;
  const encrypted = isEncrypted(settings.transport);
  const unverified = encrypted && !settings.tls.verify;
  const keyMissing = settings.tls.certificate !== '' && !has.key;
  const meant = settings.speaksAs;
  const doubt = speaker === null || speaker === 'ready' ? null : speaker;
  if (encrypted && !unverified && !device && !keyMissing && !meant) return null;
  return (
    <div className={css.marks}>
      {!encrypted && (
        <span title={t('connections.marks.plainText')}>
          <TonePill tone="bad" icon={IconLockOpen}>
            {t('connections.marks.plain')}
          </TonePill>
        </span>
      )}
      {unverified && (
        <span title={t('connections.marks.unverifiedText')}>
          <TonePill tone="bad" icon={IconShieldOff}>
            {t('connections.marks.unverified')}
          </TonePill>
        </span>
      )}
      {keyMissing && (
        <TonePill tone="due" icon={IconKeyOff}>
          {t('connections.list.keyMissing')}
        </TonePill>
      )}
      {meant?.kind === 'observer' && (
        <TonePill tone="ok" icon={IconEye}>
          {t('connections.marks.observer')}
        </TonePill>
      )}
      {doubt && (
        <span title={t(`connections.speaker.${doubt}`, { who: meant?.kind === 'device' ? meant.device : t('tester.observer') })}>
          <TonePill tone={doubt === 'revoked' || doubt === 'missing' ? 'bad' : 'due'} icon={IconAlertTriangle}>
            {t(`connections.marks.${doubt}`)}
          </TonePill>
        </span>
      )}
      {device && (
        <TonePill tone="due" icon={IconCpu}>
          {t('connections.marks.device', { device: device.id })}
        </TonePill>
      )}
    </div>
  );
}
