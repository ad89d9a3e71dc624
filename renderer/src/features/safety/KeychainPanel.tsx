import { IconDeviceLaptop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { KeychainDialog } from './KeychainDialog.tsx';
import css from './Safety.module.css';
import { State } from './State.tsx';

type Shown = CallOutput<'keychain.show'>;

/** Which computers open this vault without its passphrase; turned on for this one, and off for any. */
export function KeychainPanel() {
  const { t } = useTranslation();
  const shown = useCall('keychain.show', undefined);
  const [asking, setAsking] = useState(false);
  const turnOff = useAction(async (slot: string) => {
    await call('keychain.turnOff', { slot });
    await shown.refetch();
  });
  return (
    <Panel title={t('safety.keychain.title')}>
      {shown.isError && <ErrorPanel error={reportOf(shown.error)} onRetry={() => void shown.refetch()} />}
      {shown.isPending && <Waiting lines={2} />}
      {shown.data && (
        <>
          <KeychainState {...shown.data} />
          {shown.data.obstacle && <p className={css.obstacle}>{t(`safety.keychain.obstacle.${shown.data.obstacle}`)}</p>}
          <p className={css.text}>{t('safety.keychain.text')}</p>
          {turnOff.error && <ErrorPanel error={turnOff.error} />}
          {shown.data.slots.length > 0 && <Computers {...shown.data} onTurnOff={(slot) => void turnOff.run(slot)} />}
          {!shown.data.slots.some(({ here }) => here === 'yes' || here === 'unusable') && (
            <div className={css.actions}>
              <WriteButton
                variant="default"
                blocked={shown.data.obstacle && t(`safety.keychain.obstacle.${shown.data.obstacle}`)}
                onClick={() => setAsking(true)}
              >
                {t('safety.keychain.turnOn')}
              </WriteButton>
            </div>
          )}
        </>
      )}
      {asking && shown.data && (
        <KeychainDialog
          computer={shown.data.computer}
          onClose={() => {
            setAsking(false);
            void shown.refetch();
          }}
        />
      )}
    </Panel>
  );
}

function KeychainState({ slots }: Shown) {
  const { t } = useTranslation();
  const here = slots.find((slot) => slot.here !== 'no')?.here;
  if (here === 'yes') return <State tone="ok">{t('safety.keychain.on')}</State>;
  if (here === 'lost') return <State tone="due">{t('safety.keychain.lost')}</State>;
  if (here === 'unusable') return <State tone="due">{t('safety.keychain.unusable')}</State>;
  return <State tone="ok">{t('safety.keychain.off')}</State>;
}

function Computers({ slots, onTurnOff }: Shown & { readonly onTurnOff: (slot: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className={css.computers} aria-label={t('safety.keychain.computers')}>
      {slots.map(({ slot, computer, madeAt, here }) => (
        <li key={slot} className={css.computer}>
          <IconDeviceLaptop size={22} stroke={1.6} aria-hidden />
          <span className={css.computerName}>
            <b>{computer}</b>
            <span>{t(here === 'no' ? 'safety.keychain.since' : 'safety.keychain.thisSince', { date: format.date(madeAt) })}</span>
          </span>
          <WriteButton
            size="sm"
            variant="default"
            aria-label={t('safety.keychain.turnOffOf', { computer })}
            onClick={() => onTurnOff(slot)}
          >
            {t('safety.keychain.turnOff')}
          </WriteButton>
        </li>
      ))}
    </ul>
  );
}
