import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconFolderSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { DropPath } from '../../ui/DropPath.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import css from './Due.module.css';
import { scanCsv } from './scan-csv.ts';

const maximum = 500;

/** The scan that was begun last, kept while other pages are shown. */
let lastScan: string | null = null;

/** Certificates of whomever in a folder: which have ended, which end soon. Nothing is changed or kept. */
export function ScanPanel({ withinDays }: { readonly withinDays: number }) {
  const { t } = useTranslation();
  const [jobId, setJobId] = useState(lastScan);
  const job = useJob('rotation.scan', jobId);
  const scan = (directory: string, label: string) => {
    lastScan = startJob('rotation.scan', { directory, withinDays }, { subject: label, href: hrefOf('due') });
    setJobId(lastScan);
  };
  const choose = useAction(async () => {
    const folder = await call('media.choose');
    if (folder) scan(folder.path, folder.label || folder.path);
  });
  const busy = job?.state === 'running' || job?.state === 'cancelling';
  return (
    <Panel title={t('due.scan.title')}>
      {!busy && (
        <DropPath
          icon={IconFolderSearch}
          title={t('due.scan.drop')}
          text={t('due.scan.text')}
          onPath={(path) => scan(path, path.split(/[\\/]/).findLast((part) => part !== '') ?? path)}
        >
          <Button variant="default" onClick={() => void choose.run()}>
            {t(job?.state === 'done' ? 'due.scan.another' : 'due.scan.choose')}
          </Button>
        </DropPath>
      )}
      <div className={css.after}>
        {choose.error && <ErrorPanel error={choose.error} />}
        {busy && job && <JobProgress job={job} kept={t('due.scan.kept')} />}
        {job?.state === 'failed' && job.error && <ErrorPanel error={job.error} />}
        {job?.state === 'done' && job.result && <Result scan={job.result} />}
      </div>
    </Panel>
  );
}

const pills = { expired: 'expired', due: 'due', valid: 'valid', 'not-yet-valid': 'awaiting' } as const;

function Result({ scan }: { readonly scan: CallOutput<'rotation.scan'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { certificates, unreadable, files } = scan;
  const count = (state: (typeof certificates)[number]['state']) => certificates.filter((each) => each.state === state).length;
  const [expired, due] = [count('expired'), count('due')];
  const save = useAction(() => call('text.save', { name: 'certificates.csv', text: scanCsv(scan) }));
  return (
    <>
      <div role="status">
        <Note
          tone={expired > 0 ? 'bad' : due > 0 ? 'due' : 'ok'}
          icon={expired + due > 0 ? IconAlertTriangle : IconCheck}
          title={t('due.scan.found', { count: certificates.length })}
        >
          <p>{t('due.scan.counts', { expired, due, files, within: scan.withinDays })}</p>
          {scan.incomplete && <p>{t('due.scan.incomplete')}</p>}
        </Note>
      </div>
      {certificates.length > 0 && (
        <>
          <div className={css.buttons}>
            <Button variant="default" onClick={() => void save.run()}>
              {t('due.scan.csv')}
            </Button>
          </div>
          {save.error && <ErrorPanel error={save.error} />}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <section className={css.table} tabIndex={0} aria-label={t('due.scan.found', { count: certificates.length })}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('devices.column.state')}</th>
                  <th scope="col">{t('devices.column.expires')}</th>
                  <th scope="col">{t('due.scan.certificate')}</th>
                </tr>
              </thead>
              <tbody>
                {certificates.slice(0, maximum).map((each) => (
                  <tr key={`${each.file} ${each.position}`}>
                    <td>
                      <StatePill state={pills[each.state]} />
                    </td>
                    <td>
                      <Time at={each.notAfter}>{format.relative(each.notAfter, now)}</Time>
                      <span className={css.small}>{format.date(each.notAfter)}</span>
                    </td>
                    <td>
                      <b>{each.subject}</b>
                      <span className={`${css.small} mono`}>{each.file}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {certificates.length > maximum && (
            <p className={css.small}>{t('acts.renew.more', { count: certificates.length - maximum })}</p>
          )}
        </>
      )}
      {unreadable.length > 0 && (
        <Fold summary={t('due.scan.unreadable', { count: unreadable.length })}>
          <ul>
            {unreadable.slice(0, maximum).map(({ file, reason }) => (
              <li key={file}>
                <span className="mono">{file}</span> <span className={css.small}>{reason}</span>
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}
