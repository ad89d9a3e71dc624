import { Button } from '@mantine/core';
import { IconListCheck, IconPlayerPlay, IconPlus, IconServerOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { type Check, type CheckReport, newCheck, type SavedCheck } from '../../../../shared/model/check.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useLocalBroker } from '../../bridge/local-broker.ts';
import { callOptions, queryClient, useCall } from '../../bridge/queries.ts';
import { type Address, firstAddress } from '../../ui/address.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { TesterTabs } from '../../ui/TesterTabs.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { CheckList, type Deed } from './CheckList.tsx';
import css from './Checks.module.css';
import { freeName } from './check-draft.ts';
import { checksChanged, devicesNamed } from './checks-query.ts';
import { openDraft, useOpenDraft } from './draft-store.ts';
import { Examples } from './Examples.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { Results } from './Results.tsx';
import { type RunChoice, RunDialog } from './RunDialog.tsx';
import { Running } from './Running.tsx';
import { failedOf, standingsOf } from './results.ts';
import { startRun, useRun } from './run-store.ts';

// the rules that judge a check as it is typed come with it
const CheckEditor = lazy(async () => ({ default: (await import('./CheckEditor.tsx')).CheckEditor }));

type Overview = CallOutput<'project.overview'>;

/** "Publish X, expect Y on topic Z in time": written once, tried on the broker again and again. */
export function ChecksPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const known = projectId !== undefined;
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: known });
  const list = useCall('check.list', { projectId: projectId ?? 0 }, { enabled: known });
  const latest = useCall('check.latest', { projectId: projectId ?? 0 }, { enabled: known });
  if (overview.data?.broker && list.data && latest.data !== undefined)
    return <Checks overview={overview.data} broker={overview.data.broker} checks={list.data} report={latest.data} />;
  const failed = [overview, list, latest].find(({ isError }) => isError);
  return (
    <div className={css.page}>
      <PageHeader page={t('checks.page')} title={t('checks.title')} lead={t('checks.lead')} />
      <TesterTabs />
      {!known ? (
        <Empty
          icon={IconListCheck}
          title={t('app.top.noProject')}
          text={t('checks.noProject')}
          action={
            <Button component="a" href={hrefOf('overview')}>
              {t('tester.toOverview')}
            </Button>
          }
        />
      ) : failed ? (
        <ErrorPanel error={reportOf(failed.error)} onRetry={() => void failed.refetch()} />
      ) : overview.data && overview.data.broker === null ? (
        <Empty icon={IconServerOff} title={t('tester.noBroker.title')} text={t('tester.noBroker.text')} />
      ) : (
        <Waiting lines={6} />
      )}
    </div>
  );
}

/** The role that most devices have. */
const ordinary = 'device';

interface ChecksProps {
  readonly overview: Overview;
  readonly broker: NonNullable<Overview['broker']>;
  readonly checks: readonly SavedCheck[];
  readonly report: CheckReport | null;
}

function Checks({ overview, broker, checks, report }: ChecksProps) {
  const { t } = useTranslation();
  const { projectId } = overview;
  const run = useRun(projectId);
  const local = useLocalBroker();
  const draft = useOpenDraft(projectId);
  const [removing, setRemoving] = useState<SavedCheck | null>(null);
  const [importing, setImporting] = useState(false);
  const [saved, setSaved] = useState('');
  const [asking, setAsking] = useState<RunChoice | null>(null);
  const [before, setBefore] = useState<RunChoice | null>(null);
  const standingOf = useMemo(() => standingsOf(report), [report]);

  const key = callOptions('check.list', { projectId }).queryKey;
  const order = useAction(async (checkIds: readonly number[]) => {
    // where it goes is seen at once; what the vault says about it comes after
    queryClient.setQueryData(
      key,
      checkIds.flatMap((id) => checks.find(({ checkId }) => checkId === id) ?? []),
    );
    try {
      await call('check.order', { projectId, checkIds: [...checkIds] });
    } finally {
      await checksChanged();
    }
  });
  const keep = useAction(async () => {
    const written = await call('text.save', await call('check.export', { projectId, checkIds: null }));
    if (written) setSaved(written.file);
  });
  const add = useAction(async (made: readonly Check[]) => {
    for (const check of made) await call('check.save', { projectId, checkId: null, check });
    await checksChanged();
  });

  const address = (): Address => {
    if (before) return before.address;
    const here = local?.phase === 'running' && local.projectId === projectId ? local : null;
    if (here) return { host: ['0.0.0.0', '::'].includes(here.host) ? '127.0.0.1' : here.host, port: String(here.port) };
    return report ? { host: report.host, port: String(report.port) } : firstAddress(broker);
  };
  // a check of what devices send is none of a dashboard's
  const roles = Object.entries(overview.roleCounts)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
  const mixed = roles.length > 1 && roles.some(([role]) => role === ordinary);
  const ask = () => {
    const enabled = checks.filter(({ check }) => check.enabled);
    const there = before?.checkIds.filter((id) => checks.some(({ checkId }) => checkId === id)) ?? [];
    setAsking({
      checkIds: there.length > 0 ? there : enabled.map(({ checkId }) => checkId),
      devices: before?.devices ?? { kind: mixed ? 'role' : 'all', role: mixed ? ordinary : '', chosen: new Map() },
      address: address(),
    });
  };
  const again = useAction(async () => {
    if (!report) return;
    const failed = failedOf(report);
    const chosen = await devicesNamed(projectId, failed.devices);
    setAsking({
      checkIds: checks.filter(({ check }) => failed.checks.has(check.name)).map(({ checkId }) => checkId),
      devices: { kind: 'some', role: '', chosen },
      address: { host: report.host, port: String(report.port) },
    });
  });
  const deed = (what: Deed, saved: SavedCheck) => {
    if (what === 'remove') return setRemoving(saved);
    openDraft(projectId, what === 'edit' ? saved.checkId : null, {
      ...saved.check,
      ...(what === 'duplicate'
        ? {
            name: freeName(
              t('checks.copyName', { name: saved.check.name }),
              checks.map(({ check }) => check.name),
            ),
          }
        : {}),
    });
  };
  const plus = <IconPlus size={18} stroke={1.8} aria-hidden />;
  const begin = () => openDraft(projectId, null, newCheck);
  const busy = run !== null && run.state !== 'failed';
  // whoever waited for the end sees what came of it, however many checks stand above
  const results = useRef<HTMLDivElement>(null);
  const seen = useRef(report?.startedAt);
  useEffect(() => {
    if (busy || report?.startedAt === seen.current) return;
    seen.current = report?.startedAt;
    results.current?.scrollIntoView({ block: 'start' });
  }, [busy, report]);
  const error = order.error ?? add.error ?? keep.error ?? again.error;
  const fleet = (overview.fleet.valid ?? 0) + (overview.fleet.due ?? 0);
  return (
    <div className={css.page}>
      <PageHeader
        page={t('checks.page')}
        title={t('checks.title')}
        lead={t('checks.lead')}
        aside={
          checks.length === 0 ? (
            <div className={css.aside}>
              <WriteButton variant="default" onClick={() => setImporting(true)}>
                {t('checks.import.open')}
              </WriteButton>
              <WriteButton variant="default" leftSection={plus} onClick={begin}>
                {t('checks.empty.own')}
              </WriteButton>
            </div>
          ) : (
            <WriteButton
              size="lg"
              because={t('checks.run.recorded')}
              disabled={busy}
              leftSection={<IconPlayerPlay size={20} stroke={1.8} aria-hidden />}
              onClick={ask}
            >
              {t('checks.open')}
            </WriteButton>
          )
        }
      />
      <TesterTabs />
      {error && <ErrorPanel error={error} />}
      {run && <Running run={run} />}
      {checks.length === 0 ? (
        <Examples access={overview.access} pending={add.pending} onTake={(made) => void add.run(made)} />
      ) : (
        <Panel
          title={t('checks.list')}
          aside={
            <div className={css.aside}>
              <p role="status">{saved !== '' && t('checks.import.exported', { file: saved })}</p>
              <WriteButton variant="subtle" size="sm" onClick={() => setImporting(true)}>
                {t('checks.import.open')}
              </WriteButton>
              <Button variant="subtle" size="sm" onClick={() => void keep.run()}>
                {t('checks.import.export')}
              </Button>
              <WriteButton variant="default" size="sm" leftSection={plus} onClick={begin}>
                {t('checks.add')}
              </WriteButton>
            </div>
          }
        >
          <CheckList checks={checks} standingOf={standingOf} onDeed={deed} onOrder={(ids) => void order.run(ids)} />
        </Panel>
      )}
      {report && !busy && (
        <div ref={results} className={css.results}>
          <Results
            key={report.startedAt}
            projectId={projectId}
            report={report}
            again={again.pending}
            onAgain={() => void again.run()}
            onEdit={(name) => {
              const found = checks.find(({ check }) => check.name === name);
              if (found) deed('edit', found);
            }}
            known={new Set(checks.map(({ check }) => check.name))}
          />
        </div>
      )}
      {asking && (
        <RunDialog
          projectId={projectId}
          broker={broker}
          checks={checks}
          fleet={fleet}
          roles={roles}
          first={asking}
          onClose={() => setAsking(null)}
          onRun={(input, choice) => {
            setAsking(null);
            setBefore(choice);
            void startRun(input);
          }}
        />
      )}
      {importing && <ImportDialog projectId={projectId} some={checks.length > 0} onClose={() => setImporting(false)} />}
      {removing && <RemoveDialog projectId={projectId} saved={removing} onClose={() => setRemoving(null)} />}
      <Suspense>{draft && <CheckEditor key={draft.key} overview={overview} open={draft} checks={checks} />}</Suspense>
    </div>
  );
}
