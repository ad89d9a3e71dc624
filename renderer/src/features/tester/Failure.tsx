import { Button } from '@mantine/core';
import { IconAlertTriangle, IconStethoscope } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionCause, ConnectionFailure } from '../../../../shared/model/connection.ts';
import { Code } from '../../ui/Code.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { failureWords } from '../../ui/failure-words.ts';
import { BrokerComparison } from './BrokerComparison.tsx';
import css from './Failure.module.css';

/** Its certificate is compared with the one that the project issued. */
const foreignBroker: readonly ConnectionCause[] = [
  'broker-untrusted',
  'broker-other-root',
  'broker-authority-recreated',
  'broker-chain-incomplete',
  'broker-self-signed',
];

interface Props {
  readonly failure: ConnectionFailure;
  /** When it is tried again, ms since 1970; null when it is not. */
  readonly retryAt: number | null;
  readonly final: boolean;
  /** The device's id; null for the observer. */
  readonly device: string | null;
  /** The name of a connection of one's own; null for those of the vault. */
  readonly own: string | null;
  /** The broker's certificate as the project has it. */
  readonly certificateId: number | null;
  readonly place: { readonly host: string; readonly port: number };
  /** The page that looks into every step, with the same place and identity. */
  readonly find: string;
}

/** Why there is no connection: what is the matter, why, what helps. The raw text is for those who want it. */
export function Failure({ failure, retryAt, final, device, own, certificateId, place, find }: Props) {
  const { t } = useTranslation();
  const cases = own !== null ? 'connections.cases' : device === null ? 'tester.observerCases' : 'tester.deviceCases';
  const named = { device: device ?? '', name: own ?? '' };
  const words = {
    ...failure.params,
    host: place.host,
    port: String(place.port),
    who: t(`${cases}.who`, named),
    whom: t(`${cases}.whom`, named),
    of: t(`${cases}.of`, named),
  };
  const key = failureWords(failure, device !== null || own !== null);
  const foreign = foreignBroker.includes(failure.cause);
  const details = [
    failure.cause,
    failure.raw,
    ...(failure.alert === null ? [] : [`${t('tester.failure.alert')}: ${failure.alert}`]),
    ...(failure.reasonCode === null ? [] : [`${t('tester.failure.reason')}: ${failure.reasonCode}`]),
    ...Object.entries(failure.params).map(([name, value]) => `${name}: ${value}`),
  ];
  return (
    <div className={css.failure} data-cause={failure.cause} data-waiting={retryAt !== null || undefined} role="alert">
      <IconAlertTriangle className={css.sign} size={24} aria-hidden />
      <div className={css.words}>
        <p className={css.title}>{t(`${key}.title`, words)}</p>
        <p>{t(`${key}.explanation`, words)}</p>
        <p className={css.remedy}>{t(`${key}.remedy`, words)}</p>
        {foreign && own === null && <BrokerComparison failure={failure} certificateId={certificateId} />}
        <Button
          component="a"
          variant="default"
          size="sm"
          href={find}
          leftSection={<IconStethoscope size={18} stroke={1.7} aria-hidden />}
        >
          {t('doctor.find')}
        </Button>
        {retryAt !== null && <Countdown retryAt={retryAt} />}
        {final && <p className={css.small}>{t(device !== null ? 'tester.finalDevice' : 'tester.final')}</p>}
        <Fold summary={t('common.details')}>
          <Code text={details.join('\n')} what={t('tester.failure.raw')} />
        </Fold>
      </div>
    </div>
  );
}

function Countdown({ retryAt }: { readonly retryAt: number }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((retryAt - now) / 1_000);
  return (
    // not read out each second
    <p className={css.small} aria-live="off">
      {seconds > 0 ? t('tester.retry.in', { count: seconds }) : t('tester.retry.now')}
    </p>
  );
}
