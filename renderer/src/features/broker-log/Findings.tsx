import { Button } from '@mantine/core';
import { type Icon, IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconUrgent } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogFinding, LogReport, LogSeverity } from '../../../../shared/model/broker-log.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import css from './BrokerLog.module.css';
import type { Subject } from './BrokerLogPage.tsx';
import { facts, measureOf, spanOf, titleOf } from './finding-words.ts';
import { useDevices } from './useDevices.ts';

const looks: Readonly<Record<LogSeverity, { readonly tone: Tone; readonly icon: Icon }>> = {
  alarm: { tone: 'bad', icon: IconUrgent },
  warning: { tone: 'due', icon: IconAlertTriangle },
  note: { tone: 'wait', icon: IconInfoCircle },
};
const shortList = 6;

interface Props {
  readonly report: LogReport;
  readonly projectId: number | undefined;
  readonly onShow: (subject: Subject) => void;
}

/** What a person should look at, the most serious first, each with what to do. */
export function Findings({ report, projectId, onShow }: Props) {
  const { t } = useTranslation();
  const { findings, moreFindings } = report;
  const [all, setAll] = useState(false);
  const shown = all ? findings : findings.slice(0, shortList);
  const devices = useDevices(
    projectId,
    shown.flatMap(({ client, user }) => [client, user].filter((name): name is string => name !== undefined && name !== '')),
  );
  return (
    <Panel title={t('log.findings.title')}>
      {findings.length === 0 ? (
        <Note tone="ok" icon={IconCircleCheck} title={t('log.findings.none')}>
          <p>{t('log.findings.noneText')}</p>
        </Note>
      ) : (
        <ul className={css.findings}>
          {shown.map((finding) => (
            <Line
              key={`${finding.kind} ${finding.address ?? ''} ${finding.client ?? ''} ${finding.first} ${finding.detail?.join() ?? ''}`}
              finding={finding}
              deviceId={devices.get(finding.user ?? '') ?? devices.get(finding.client ?? '')}
              onShow={onShow}
            />
          ))}
        </ul>
      )}
      {findings.length > shown.length && (
        <div className={css.rest}>
          <Button variant="default" onClick={() => setAll(true)}>
            {t('log.findings.all', { count: findings.length })}
          </Button>
        </div>
      )}
      {all && moreFindings > 0 && <p className={css.rest}>{t('log.findings.more', { count: moreFindings })}</p>}
    </Panel>
  );
}

interface LineProps {
  readonly finding: LogFinding;
  readonly deviceId: number | undefined;
  readonly onShow: (subject: Subject) => void;
}

function Line({ finding, deviceId, onShow }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, severity, address, client, user } = finding;
  const { tone, icon } = looks[severity];
  const title = titleOf(finding, t);
  const own = kind === 'broker-error' || kind === 'broker-warning' || kind === 'dangerous-name' ? (finding.detail ?? []) : [];
  const subject: Subject | null = client ? { kind: 'client', name: client } : address ? { kind: 'address', name: address } : null;
  return (
    <li className={css.finding} data-kind={kind}>
      <TonePill tone={tone} icon={icon}>
        {t(`log.severity.${severity}`)}
      </TonePill>
      <div className={css.said}>
        <h3>{title}</h3>
        <p className={css.faint}>
          {[measureOf(finding, t), spanOf(finding, t, format)].filter((part) => part !== '').join(' · ')}
        </p>
        {facts(finding, t, format).map((fact) => (
          <p key={fact}>{fact}</p>
        ))}
        <p>{t(`log.finding.${kind}.todo`)}</p>
        {own.map((text) => (
          <p key={text} className="mono" lang="en">
            {text}
          </p>
        ))}
      </div>
      <div className={css.acts}>
        {deviceId !== undefined && (
          <Button component="a" variant="default" href={hrefOf('devices', { device: String(deviceId) })}>
            {t('log.findings.device', { name: user || client })}
          </Button>
        )}
        {kind === 'everyone-refused' && (
          <Button component="a" href={hrefOf('authority')}>
            {t('log.findings.crl')}
          </Button>
        )}
        {(kind === 'denied' || kind === 'oversize' || kind === 'max-connections' || kind === 'dropped') && (
          <Button component="a" variant="default" href={hrefOf('broker')}>
            {t('log.findings.broker')}
          </Button>
        )}
        {subject && (
          <Button variant="default" aria-label={`${t('log.findings.lines')}: ${title}`} onClick={() => onShow(subject)}>
            {t('log.findings.lines')}
          </Button>
        )}
      </div>
    </li>
  );
}
