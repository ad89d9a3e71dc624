import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Password.module.css';

interface Props {
  readonly projectId: number;
  readonly deviceId: number;
  readonly password: NonNullable<CallOutput<'device.show'>['password']>;
  readonly onMake: () => void;
}

/** How a device stands with its password, and the end of a change. The password itself is not here. */
export function DevicePassword({ projectId, deviceId, password, onMake }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [kept, setKept] = useState<'new' | 'old' | null>(null);
  const finish = useAction(async (keep: 'new' | 'old') => {
    await call('password.finish', { projectId, deviceIds: [deviceId], keep });
    setKept(keep);
  });
  const { state, user, before, since } = password;
  const words = { user, before, when: since === null ? '' : format.date(since) };
  return (
    <div className={css.state}>
      <p>{t(`credentials.password.${state}`, words)}</p>
      <div role="status">
        {kept && state !== 'changing' && (
          <p>
            <b>{t(kept === 'new' ? 'credentials.password.finished' : 'credentials.password.undone')}</b>{' '}
            {t('credentials.password.broker')}
          </p>
        )}
      </div>
      <div className={css.buttons}>
        {state === 'changing' ? (
          <>
            <WriteButton size="sm" onClick={() => !finish.pending && void finish.run('new')}>
              {t('credentials.password.finish')}
            </WriteButton>
            <WriteButton size="sm" variant="default" onClick={() => !finish.pending && void finish.run('old')}>
              {t('credentials.password.undo')}
            </WriteButton>
          </>
        ) : (
          <WriteButton size="sm" variant="default" onClick={onMake}>
            {t('credentials.password.make')}
          </WriteButton>
        )}
      </div>
      {finish.error && <ErrorPanel error={finish.error} />}
    </div>
  );
}
