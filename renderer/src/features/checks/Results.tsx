import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHelpCircle, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckReport, CheckReportFormat, CheckResult } from '../../../../shared/model/check.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Time } from '../../ui/Time.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { ResultDetail } from './ResultDetail.tsx';
import css from './Results.module.css';
import { ResultTable } from './ResultTable.tsx';
import { countsOf, rounded, type Shown, shownOf } from './results.ts';
import { useDuration } from './words.ts';

interface Props {
  readonly projectId: number;
  readonly report: CheckReport;
  /** Names of the checks that the project has by now. */
  readonly known: ReadonlySet<string>;
  readonly again: boolean;
  readonly onAgain: () => void;
  readonly onEdit: (name: string) => void;
}

/** What came of the last run: the verdict first, then every result, and of the chosen one why. */
export function Results({ projectId, report, known, again, onAgain, onEdit }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const counts = countsOf(report.results);
  const [shown, setShown] = useState<Shown>(counts.failed > 0 ? 'failed' : 'all');
  // whoever comes to see why something failed need not look for it
  const [chosen, setChosen] = useState<CheckResult | null>(
    () => report.results.find(({ outcome }) => outcome === 'failed') ?? null,
  );
  const results = shownOf(report.results, shown);
  const bad = counts.failed + counts.untried;
  const total = format.number(counts.all);
  const verdict =
    bad === 0
      ? t('checks.result.good', { count: counts.all })
      : [
          ...(counts.failed > 0 ? [t('checks.result.bad', { count: counts.failed, total })] : []),
          ...(counts.untried > 0
            ? [t(counts.failed > 0 ? 'checks.result.untried' : 'checks.result.untriedOf', { count: counts.untried, total })]
            : []),
        ].join(', ');
  const choices = (['all', 'failed', 'untried', 'passed'] as const).filter((each) => each === 'all' || counts[each] > 0);
  const place = `${report.host}:${report.port}`;
  return (
    <Panel title={t('checks.result.title')} aside={<Saving projectId={projectId} />}>
      <div className={css.stack}>
        <Note
          tone={counts.failed > 0 ? 'bad' : bad > 0 || report.cancelled ? 'due' : 'ok'}
          icon={counts.failed > 0 ? IconCircleX : bad > 0 ? IconHelpCircle : IconCircleCheck}
          title={verdict}
        >
          <p>
            <Time at={report.finishedAt}>
              {t('checks.result.where', { place, at: format.dateTime(report.finishedAt), operator: report.operator })}
            </Time>
            {', '}
            {t('checks.result.took', { time: duration(rounded(report.finishedAt - report.startedAt)) })}
          </p>
          {report.cancelled && <p>{t('checks.result.cancelled')}</p>}
        </Note>
        <div className={css.bar}>
          {choices.length > 2 && (
            <Options
              legend={t('checks.result.filter')}
              hiddenLegend
              layout="row"
              value={shown}
              options={choices.map((value) => ({
                value,
                label: t(`checks.result.show.${value}`, { number: format.number(counts[value]) }),
              }))}
              onChange={(next) => {
                setShown(next);
                setChosen(null);
              }}
            />
          )}
          {bad > 0 && (
            <WriteButton
              variant="default"
              because={t('checks.run.recorded')}
              loading={again}
              leftSection={<IconRefresh size={18} stroke={1.8} aria-hidden />}
              onClick={onAgain}
            >
              {t('checks.result.again')}
            </WriteButton>
          )}
        </div>
        {results.length === 0 ? (
          <p className={css.nothing}>{t('checks.result.none')}</p>
        ) : (
          <ResultTable key={shown} report={report} results={results} chosen={chosen} onChoose={setChosen} />
        )}
        {chosen && (
          <ResultDetail
            projectId={projectId}
            report={report}
            result={chosen}
            known={known}
            onEdit={onEdit}
            onClose={() => setChosen(null)}
          />
        )}
      </div>
    </Panel>
  );
}

function Saving({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState('');
  const save = useAction(async (format: CheckReportFormat) => {
    const file = await call('check.report', { projectId, format });
    const written = file && (await call('text.save', file));
    if (written) setSaved(written.file);
  });
  return (
    <div className={css.saving}>
      {(['json', 'junit'] as const).map((format) => (
        <Button key={format} variant="default" size="sm" onClick={() => void save.run(format)}>
          {t(`checks.result.save.${format}`)}
        </Button>
      ))}
      <p role="status">{saved !== '' && t('checks.result.saved', { file: saved })}</p>
      {save.error && <ErrorPanel error={save.error} />}
    </div>
  );
}
