import { Button } from '@mantine/core';
import { IconAlertTriangle, IconEye, IconEyeOff, IconFileText, IconFolderOpen, IconInfoCircle, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogReport } from '../../../../shared/model/broker-log.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { DropPath } from '../../ui/DropPath.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import css from './BrokerLog.module.css';
import { Findings } from './Findings.tsx';
import { spanOf } from './finding-words.ts';
import { Limits } from './Limits.tsx';
import { Reading } from './Reading.tsx';
import { changeLimits, closeLog, openLog, useLog, watchLog } from './store.ts';
import { Tables } from './Tables.tsx';
import { TimeLine } from './TimeLine.tsx';
import { Where } from './Where.tsx';

const Details = lazy(async () => ({ default: (await import('./Details.tsx')).Details }));

/** Whom the drawer is about. */
export interface Subject {
  readonly kind: 'client' | 'address';
  readonly name: string;
}

/** A broker's log, read: what stands out, when it was, and who it was. */
export function BrokerLogPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const log = useLog();
  const { report, files, reading, watching } = log;
  const [subject, setSubject] = useState<Subject | null>(null);
  const broker = useProjectBroker(projectId);
  const choose = useAction(async () => {
    const chosen = await call('log.choose');
    if (chosen) await openLog(chosen.files);
  });
  const openButton = (
    <Button
      variant={report ? 'default' : 'filled'}
      leftSection={<IconFolderOpen size={20} stroke={1.7} aria-hidden />}
      onClick={() => void choose.run()}
    >
      {t(report ? 'log.another' : 'log.open')}
    </Button>
  );
  return (
    <div className={css.page}>
      <PageHeader
        page={t('log.page')}
        title={t('log.page')}
        lead={report ? <Summary report={report} /> : t('log.lead')}
        aside={
          report && (
            <div className={css.buttons}>
              {files.length > 0 && !files.at(-1)?.endsWith('.gz') && (
                <Button
                  variant="default"
                  aria-disabled={reading}
                  leftSection={watching ? <IconEyeOff size={20} aria-hidden /> : <IconEye size={20} aria-hidden />}
                  onClick={() => !reading && void watchLog(!watching)}
                >
                  {t(watching ? 'log.stopWatching' : 'log.watch')}
                </Button>
              )}
              {openButton}
              <Button
                variant="default"
                px={13}
                aria-label={t('log.close')}
                title={t('log.close')}
                onClick={() => void closeLog()}
              >
                <IconX size={20} aria-hidden />
              </Button>
            </div>
          )
        }
      />
      {log.error && <ErrorPanel error={log.error} />}
      {choose.error && <ErrorPanel error={choose.error} />}
      {reading && <Reading progress={log.progress} />}
      {!report && !reading && (
        <>
          <DropPath
            icon={IconFileText}
            title={t('log.drop.title')}
            text={t('log.drop.text')}
            onPath={(path) => void openLog([path])}
          >
            {openButton}
          </DropPath>
          <Where host={broker?.host ?? null} directory={broker?.log ?? '/var/log/mosquitto'} />
        </>
      )}
      {report && (
        <div className={css.report} aria-busy={reading || undefined}>
          <div role="status" className={css.notes}>
            {watching && log.trouble === null && !reading && <p>{t('log.watching')}</p>}
            {log.trouble !== null && (
              <Note tone="due" icon={IconAlertTriangle}>
                <p>{t('log.trouble', { reason: log.trouble })}</p>
              </Note>
            )}
            {report.zoneUnknown && (
              <Note tone="wait" icon={IconInfoCircle}>
                <p>{t('log.zone')}</p>
              </Note>
            )}
          </div>
          {isNone(report) ? (
            <Empty icon={IconFileText} title={t('log.nothing.title')} text={t('log.nothing.text')} action={openButton} />
          ) : (
            <>
              <TimeLine report={report} span={log.span} watching={watching} />
              <Findings report={report} projectId={projectId} onShow={setSubject} />
              <Tables report={report} onShow={setSubject} />
              <Limits limits={log.limits} />
              {!report.debug && (
                <Note tone="wait" icon={IconInfoCircle}>
                  <p>{t('log.notDebug')}</p>
                </Note>
              )}
            </>
          )}
        </div>
      )}
      <Suspense>
        {subject && report && (
          <Details
            key={`${subject.kind} ${subject.name}`}
            subject={subject}
            report={report}
            span={log.span}
            projectId={projectId}
            onClose={() => setSubject(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Nothing in the file was a line of a broker. */
function isNone({ totals, timeLine, findings, versions, clients, addresses }: LogReport): boolean {
  const any = totals.connected + totals.refused + totals.denied + totals.silent + totals.starts;
  return any === 0 && timeLine === null && findings.length + versions.length + clients.length + addresses.length === 0;
}

function Summary({ report }: { readonly report: LogReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { files, lines, from, to, versions } = report;
  const names = files.map((file) => file.split(/[\\/]/).at(-1) ?? file);
  const span = from === null || to === null ? t('log.noTimes') : spanOf({ first: from, last: to }, t, format);
  return (
    <>
      {t('log.summary', {
        files: names.slice(0, 3).join(', ') + (names.length > 3 ? '…' : ''),
        lines: format.number(lines),
        span,
      })}
      {versions.length > 0 && ` · Mosquitto ${versions.join(', ')}`}
    </>
  );
}

/** Where the project's broker is, and its networks: what the limits begin with. */
function useProjectBroker(projectId: number | undefined): { readonly host: string; readonly log: string } | null {
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  const broker = overview.data?.broker;
  const { limits, limitsTouched } = useLog();
  const networks = broker?.kit.networks;
  useEffect(() => {
    if (!networks || limitsTouched || networks.join() === limits.networks.join()) return;
    void changeLimits({ ...limits, networks }, false);
  }, [networks, limits, limitsTouched]);
  return broker ? { host: broker.addresses[0] ?? broker.names[0] ?? '', log: broker.log } : null;
}
