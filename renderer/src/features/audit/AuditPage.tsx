import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconFileCertificate, IconHistory, IconSearchOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry, AuditFilter, VerifiedRecord } from '../../../../shared/model/audit.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { queryClient, useCall } from '../../bridge/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { replaceRoute, useRoute } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './Audit.module.css';
import { Check } from './Check.tsx';
import { everything, Filters, ShowAll } from './Filters.tsx';
import { rangeOf } from './period.ts';
import { TimeLine } from './TimeLine.tsx';
import { useEntries } from './useEntries.ts';

const EntryDrawer = lazy(async () => ({ default: (await import('./EntryDrawer.tsx')).EntryDrawer }));
const ReportDialog = lazy(async () => ({ default: (await import('./ReportDialog.tsx')).ReportDialog }));

interface Props {
  readonly projects: readonly { readonly projectId: number; readonly name: string }[];
  readonly vaultFile: string;
}

/** Who did what and when, whether the record of it is what was written, and all of that on paper. */
export function AuditPage({ projects, vaultFile }: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(everything);
  const [text] = useDebouncedValue(asked.text.trim(), 150);
  const [reporting, setReporting] = useState(false);
  const [saved, setSaved] = useState('');
  const { result, verify } = useCheck();
  const drawer = useDrawer();
  const opened = useOpened();
  const { name, from, to } = asked.period;
  const range = useMemo(() => rangeOf({ name, from, to }, opened), [name, from, to, opened]);
  const filter: AuditFilter = {
    ...range,
    ...(text === '' ? {} : { text }),
    ...(asked.operator === '' ? {} : { operator: asked.operator }),
    ...(asked.group === null ? {} : { group: asked.group }),
  };
  const filtered = Object.keys(filter).length > 0;
  const whole = useCall('audit.list', { offset: 0, limit: 1 });
  const operators = useCall('audit.operators', undefined);
  const rows = useEntries(filter);
  const save = useAction(async (format: 'csv' | 'json') => {
    setSaved('');
    const written = await call('audit.export', { ...filter, format });
    if (written) setSaved(t('audit.save.saved', { count: written.entries, file: written.file }));
  });
  const saveAs = (format: 'csv' | 'json') => !save.pending && void save.run(format);
  const projectOf = ({ projectId }: AuditEntry) =>
    projectId === null ? null : (projects.find((each) => each.projectId === projectId)?.name ?? String(projectId));

  return (
    <div className={css.page}>
      <PageHeader
        page={t('audit.page')}
        title={t('audit.page')}
        lead={whole.data ? t('audit.lead', { count: whole.data.total }) : ' '}
        aside={
          <div className={css.buttons}>
            <Button
              variant="default"
              leftSection={<IconDownload size={20} stroke={1.7} aria-hidden />}
              aria-label={t('audit.save.csv')}
              onClick={() => saveAs('csv')}
            >
              CSV
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload size={20} stroke={1.7} aria-hidden />}
              aria-label={t('audit.save.json')}
              onClick={() => saveAs('json')}
            >
              JSON
            </Button>
            <Button
              variant="default"
              leftSection={<IconFileCertificate size={20} stroke={1.7} aria-hidden />}
              onClick={() => setReporting(true)}
            >
              {t('audit.save.report')}
            </Button>
          </div>
        }
      />
      {save.error && <ErrorPanel error={save.error} />}
      <div role="status" className={css.savedLine}>
        {saved !== '' && <p>{saved}</p>}
      </div>
      <Check result={result} verify={verify} />
      <Filters asked={asked} operators={operators.data ?? []} onAsk={setAsked} />
      <div className="visually-hidden" role="status">
        {filtered && rows.total !== null && t('audit.matches', { count: rows.total })}
      </div>
      {rows.error ? (
        <ErrorPanel error={reportOf(rows.error)} onRetry={rows.retry} />
      ) : rows.total === null ? (
        <Waiting lines={8} />
      ) : rows.total === 0 ? (
        filtered ? (
          <Empty
            icon={IconSearchOff}
            title={t('audit.nothing.title')}
            text={t('audit.nothing.text')}
            action={<ShowAll onReset={() => setAsked(everything)} />}
          />
        ) : (
          <Empty icon={IconHistory} title={t('audit.none.title')} text={t('audit.none.text')} />
        )
      ) : (
        <TimeLine
          key={JSON.stringify(filter)}
          total={rows.total}
          rowAt={rows.rowAt}
          onRange={rows.want}
          onOpen={drawer.show}
          brokenFrom={result?.chain?.seq ?? null}
        />
      )}
      <Suspense>
        {drawer.entry && <EntryDrawer entry={drawer.entry} project={projectOf(drawer.entry)} onClose={drawer.close} />}
        {reporting && (
          <ReportDialog
            range={range}
            vaultFile={vaultFile}
            onClose={() => setReporting(false)}
            onSaved={(file) => {
              setReporting(false);
              setSaved(t('audit.save.savedReport', { file }));
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

/** When the page was opened; then what it shows is asked for anew, because acts of other pages write entries too. */
function useOpened(): number {
  const [opened] = useState(Date.now);
  useEffect(() => {
    for (const name of ['audit.list', 'audit.operators']) void queryClient.invalidateQueries({ queryKey: [name] });
  }, []);
  return opened;
}

/** The check, on demand; the palette asks for it by the address. */
function useCheck() {
  const { check } = useRoute().params;
  const [result, setResult] = useState<VerifiedRecord | null>(null);
  const verify = useAction(async (head?: string) => setResult(await call('audit.verify', head === undefined ? {} : { head })));
  const { run } = verify;
  const wanted = useRef(run);
  wanted.current = run;
  useEffect(() => {
    if (check === undefined) return;
    replaceRoute('audit', {});
    void wanted.current();
  }, [check]);
  return { result, verify };
}

/** Which entry is open. Closing gives the focus back to the row that opened it. */
function useDrawer() {
  const [entry, setEntry] = useState<AuditEntry | null>(null);
  const opener = useRef<Element | null>(null);
  return {
    entry,
    show: useRef((next: AuditEntry) => {
      opener.current = document.activeElement;
      setEntry(next);
    }).current,
    close: () => {
      setEntry(null);
      const back = opener.current;
      requestAnimationFrame(() => back instanceof HTMLElement && back.focus());
    },
  };
}
