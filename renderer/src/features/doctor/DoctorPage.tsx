import { Button } from '@mantine/core';
import { IconHistory, IconPlayerStop, IconServerOff, IconStethoscope } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import { reportOf } from '../../bridge/client.ts';
import { useLocalBroker } from '../../bridge/local-broker.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { failedConnected } from '../../ui/DiagnosisLine.tsx';
import { type About, isRightly, whoText } from '../../ui/diagnosis-words.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf, useRoute } from '../../ui/route.ts';
import { Takeover } from '../../ui/Takeover.tsx';
import { TesterTabs } from '../../ui/TesterTabs.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { aboutOf } from './about.ts';
import { ChoiceForm } from './ChoiceForm.tsx';
import { type Choice, choiceProblem, type StoredConnection, thrownOut } from './choice.ts';
import css from './Doctor.module.css';
import { firstChoice } from './first-choice.ts';
import { KeptDiagnoses } from './KeptDiagnoses.tsx';
import { keptRun } from './kept-run.ts';
import { ReportMenu } from './ReportMenu.tsx';
import { Result } from './Result.tsx';
import { cancelRun, type Run, startRun, useRun } from './run-store.ts';
import { durationText } from './seen.ts';

/** Why a connection does not come about, step by step, and the way out of it. */
export function DoctorPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  const { params } = useRoute();
  const asked = useAsked(projectId, params);
  if (overview.data && asked) return <Doctor key={window.location.hash} overview={overview.data} asked={asked} params={params} />;
  return (
    <>
      <PageHeader page={t('doctor.page')} title={t('doctor.title.idle')} />
      <TesterTabs />
      {projectId === undefined ? (
        <Empty
          icon={IconStethoscope}
          title={t('app.top.noProject')}
          text={t('doctor.noProject')}
          action={
            <Button component="a" href={hrefOf('overview')}>
              {t('tester.toOverview')}
            </Button>
          }
        />
      ) : overview.isError ? (
        <ErrorPanel error={reportOf(overview.error)} onRetry={() => void overview.refetch()} />
      ) : (
        <Waiting lines={6} />
      )}
    </>
  );
}

/** What the link that led here asks for, each null where it does not, or where it is gone. */
interface Asked {
  readonly device: Choice['device'];
  readonly connection: StoredConnection | null;
  readonly kept: DoctorReport | null;
}

/** Undefined while it is looked up. */
function useAsked(projectId: number | undefined, params: Readonly<Record<string, string>>): Asked | undefined {
  const wanted = (name: string) => {
    const id = Number(params[name] ?? Number.NaN);
    return projectId !== undefined && Number.isSafeInteger(id) && id > 0 ? id : null;
  };
  const [deviceId, connectionId, diagnosisId] = [wanted('device'), wanted('connection'), wanted('kept')];
  const project = { projectId: projectId ?? 0 };
  const device = useCall('device.show', { deviceId: deviceId ?? 0 }, { enabled: deviceId !== null });
  const list = useCall('connection.list', project, { enabled: connectionId !== null });
  const kept = useCall('doctor.report', { ...project, diagnosisId: diagnosisId ?? 0 }, { enabled: diagnosisId !== null });
  const connection = list.data?.find(({ id }) => id === connectionId) ?? null;
  const looking = (id: number | null, query: { readonly isPending: boolean }) => id !== null && query.isPending;
  // what was read before may be from a time when it was not there yet
  const late = connectionId !== null && connection === null && list.isFetching;
  if (projectId === undefined || late) return undefined;
  if (looking(deviceId, device) || looking(connectionId, list) || looking(diagnosisId, kept)) return undefined;
  return {
    device: deviceId !== null && device.data ? { deviceId, id: device.data.device.id } : null,
    connection,
    kept: kept.data ?? null,
  };
}

interface DoctorProps {
  readonly overview: CallOutput<'project.overview'>;
  readonly asked: Asked;
  readonly params: Readonly<Record<string, string>>;
}

/** Whose place would be taken: `device` null = the list first, otherwise the warning about this one. */
type Asking = { readonly device: Choice['device']; readonly choice: Choice } | null;

function Doctor({ overview, asked, params }: DoctorProps) {
  const { t } = useTranslation();
  const { projectId } = overview;
  const now = useRun(projectId);
  const earlier = asked.kept && keptRun(asked.kept, projectId);
  // what was begun since then, and above all what is under way, is looked at instead
  const run = earlier && !(now && now.startedAt > earlier.startedAt) ? earlier : now;
  const local = useLocalBroker();
  const here = local?.phase === 'running' && local.projectId === projectId ? local : null;
  const given = Object.keys(params).length > 0 && !earlier;
  const [choice, setChoice] = useState(() =>
    firstChoice(overview.broker, here, given ? null : (run?.choice ?? null), asked, params),
  );
  const [editing, setEditing] = useState(run === null || (given && run.state === 'done'));
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState<Asking>(null);
  // what is under way is looked at; where one came from is of no use then
  const busy = run !== null && run.state !== 'done';
  useEffect(() => {
    if (busy) setEditing(false);
  }, [busy]);

  // whoever pressed the button below the form sees the steps from the first one on
  const page = useRef<HTMLDivElement>(null);
  const runId = busy ? run.runId : null;
  useEffect(() => {
    if (runId !== null) page.current?.closest('main')?.scrollTo({ top: 0 });
  }, [runId]);

  const begin = (next: Choice) => {
    setTried(true);
    if (busy || choiceProblem(next) !== null) return setEditing(true);
    setChoice(next);
    const out = thrownOut(next);
    if (out) return setAsking({ device: out.chosen, choice: next });
    setEditing(false);
    void startRun(projectId, next);
  };
  if (!overview.broker && !run && choice.host === '' && !editing) {
    return <Empty icon={IconServerOff} title={t('tester.noBroker.title')} text={t('tester.noBroker.text')} />;
  }
  return (
    <div ref={page} className={css.page}>
      <Heading
        run={editing ? null : run}
        device={thrownOut(choice) !== null}
        project={overview.name}
        onChange={() => setEditing(true)}
        onAgain={() => begin(choice)}
      />
      <TesterTabs />
      {(editing || !run) && (
        <div className={css.start}>
          <ChoiceForm
            projectId={projectId}
            broker={overview.broker}
            choice={choice}
            onChange={setChoice}
            tried={tried}
            onRun={() => begin(choice)}
            onClose={run ? () => setEditing(false) : null}
          />
          <KeptDiagnoses projectId={projectId} />
        </div>
      )}
      {run?.kept && !editing && <Past at={run.report?.finishedAt ?? run.startedAt} />}
      {run && !editing && (
        <Result
          run={run}
          overview={overview}
          choice={choice}
          onRun={begin}
          onChoose={(change = {}) => {
            setChoice({ ...choice, ...change });
            setEditing(true);
          }}
        />
      )}
      {asking && (
        <Takeover
          projectId={projectId}
          device={asking.device}
          taken={[]}
          onAccept={(deviceId, id) => {
            const next = asking.choice.kind === 'device' ? { ...asking.choice, device: { deviceId, id } } : asking.choice;
            setAsking(null);
            setChoice(next);
            setEditing(false);
            void startRun(projectId, next);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

/** What stands below is not of today. */
function Past({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={css.past}>
      <Note tone="held" icon={IconHistory} title={t('doctor.kept.past', { at: format.dateTime(at) })}>
        <p>{t('doctor.kept.pastText')}</p>
      </Note>
    </div>
  );
}

interface HeadingProps {
  readonly run: Run | null;
  readonly device: boolean;
  readonly project: string;
  readonly onChange: () => void;
  readonly onAgain: () => void;
}

/** Says what is the matter, and holds what can be done with the whole of it. */
function Heading({ run, device, project, onChange, onAgain }: HeadingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!run) return <PageHeader page={t('doctor.page')} title={t('doctor.title.idle')} lead={t('doctor.lead')} />;
  const about = aboutOf(run);
  const { report, state } = run;
  const busy = state !== 'done';
  const place = `${run.choice.transport}://${about.host}:${about.port}`;
  const took = report ? durationText(report.finishedAt - report.startedAt, { t, format }) : null;
  return (
    <PageHeader
      page={t('doctor.page')}
      title={titleOf(run, about, t)}
      lead={[place, t('doctor.tried', { who: whoText('as', about, t) }), took].filter(Boolean).join(' · ')}
      aside={
        busy ? (
          <Button
            variant="default"
            size="lg"
            leftSection={<IconPlayerStop size={20} stroke={1.7} aria-hidden />}
            aria-disabled={state === 'cancelling' || undefined}
            onClick={() => void cancelRun()}
          >
            {t(state === 'cancelling' ? 'doctor.cancelling' : 'doctor.cancel')}
          </Button>
        ) : (
          <div className={css.deeds}>
            <Button variant="default" onClick={onChange}>
              {t('doctor.change')}
            </Button>
            {report && <ReportMenu projectId={run.projectId} project={project} report={report} />}
            <WriteButton size="lg" because={t('tester.recorded')} onClick={onAgain}>
              {t(device ? 'doctor.againDevice' : 'doctor.again')}
            </WriteButton>
          </div>
        )
      }
    />
  );
}

function titleOf({ report, state }: Run, about: About, t: TFunction): string {
  if (state !== 'done') return t('doctor.title.running', { of: whoText('of', about, t) });
  const start = { who: whoText('start', about, t) };
  if (!report) return t('doctor.title.failed', { who: whoText('who', about, t) });
  const { outcome, step, cause } = report.verdict;
  if (cause && isRightly(cause.code, about)) return t('doctor.title.rightly', start);
  if (outcome !== 'failed') return t(`doctor.title.${outcome}`, start);
  return failedConnected(step) ? t('doctor.title.wrong', start) : t('doctor.title.failed', { who: whoText('who', about, t) });
}
