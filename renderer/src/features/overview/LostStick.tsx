import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportRecord } from '../../../../shared/model/export.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { TonePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Exports.module.css';
import grid from './Overview.module.css';

const RekeyDialog = lazy(async () => ({ default: (await import('./RekeyDialog.tsx')).RekeyDialog }));

/** More are seldom looked for; the others come with one click. */
const shownAtFirst = 4;

/** Which keys lie on which stick, and the way out when one is gone. */
export function LostStick({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const state = useCall('export.state', { projectId });
  const [all, setAll] = useState(false);
  const [lost, setLost] = useState<ExportRecord | null>(null);
  const exports = state.data?.exports ?? [];
  if (exports.length === 0) return null;
  return (
    <Panel className={grid.wide} title={t('overview.lost.title')} aside={t('overview.lost.hint')}>
      <ul className={css.exports}>
        {(all ? exports : exports.slice(0, shownAtFirst)).map((each) => (
          <Line key={each.exportId} record={each} onLost={() => setLost(each)} />
        ))}
      </ul>
      {!all && exports.length > shownAtFirst && (
        <Button variant="subtle" onClick={() => setAll(true)}>
          {t('overview.lost.all', { count: exports.length })}
        </Button>
      )}
      <Suspense>{lost && <RekeyDialog projectId={projectId} record={lost} onClose={() => setLost(null)} />}</Suspense>
    </Panel>
  );
}

function Line({ record, onLost }: { readonly record: ExportRecord; readonly onLost: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const atRisk = record.devicesStillAtRisk;
  const risky = atRisk > 0 || record.brokerAtRisk;
  // the broker's key is never protected
  const readable = (record.keysEncrypted ? 0 : atRisk) + (record.brokerAtRisk ? 1 : 0);
  return (
    <li>
      <div className={css.medium}>
        <b>{record.mediumLabel}</b>
        <Time at={record.at}>{`${format.relative(record.at, now)}, ${format.date(record.at)} · ${record.operator}`}</Time>
      </div>
      <div className={css.content}>
        <span>
          {t('fields.lines.count', { count: record.devices })}
          {record.withBroker && `, ${t('overview.lost.withBroker')}`}
        </span>
        {record.state !== 'finished' && (
          <TonePill tone={risky ? 'due' : 'gone'} icon={IconPlugConnectedX}>
            {t('overview.lost.unfinished')}
          </TonePill>
        )}
        {record.keysEncrypted && record.devices > 0 && (
          <TonePill tone="ok" icon={IconLock}>
            {t('overview.lost.encrypted')}
          </TonePill>
        )}
        {readable > 0 ? (
          <TonePill tone="due" icon={IconAlertTriangle}>
            {readable === 1 && record.brokerAtRisk
              ? t('overview.lost.brokerAtRisk')
              : t('overview.lost.atRisk', { count: readable })}
          </TonePill>
        ) : (
          !risky && (
            <TonePill tone="ok" icon={IconCheck}>
              {t('overview.lost.noRisk')}
            </TonePill>
          )
        )}
      </div>
      {record.state !== 'finished' && risky && <p className={css.mayBe}>{t('overview.lost.mayBe')}</p>}
      {risky && (
        <WriteButton variant="default" size="sm" onClick={onLost}>
          {t('overview.lost.rekey')}
          <span className="visually-hidden">{` (${record.mediumLabel}, ${format.date(record.at)})`}</span>
        </WriteButton>
      )}
    </li>
  );
}
