import { lazy, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { VaultState } from '../../../shared/model/vault.ts';
import { reportOf } from '../bridge/client.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { type Page, useRoute } from '../ui/route.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { PracticeStrip } from './PracticeStrip.tsx';
import { useProject } from './project.ts';
import css from './Shell.module.css';
import { Sidebar } from './Sidebar.tsx';
import { TopBar } from './TopBar.tsx';
import { TroubleBanner } from './TroubleBanner.tsx';

const Overview = lazy(async () => ({ default: (await import('../features/overview/OverviewPage.tsx')).OverviewPage }));
const Devices = lazy(async () => ({ default: (await import('../features/devices/DevicesPage.tsx')).DevicesPage }));
const NewProject = lazy(async () => ({ default: (await import('../features/wizard/WizardPage.tsx')).WizardPage }));
const Export = lazy(async () => ({ default: (await import('../features/export/ExportPage.tsx')).ExportPage }));
const ExportFlow = lazy(async () => ({ default: (await import('../features/export/ExportFlow.tsx')).ExportFlow }));
const Due = lazy(async () => ({ default: (await import('../features/due/DuePage.tsx')).DuePage }));
const Broker = lazy(async () => ({ default: (await import('../features/broker/BrokerPage.tsx')).BrokerPage }));
const BrokerLog = lazy(async () => ({ default: (await import('../features/broker-log/BrokerLogPage.tsx')).BrokerLogPage }));
const Tester = lazy(async () => ({ default: (await import('../features/tester/TesterPage.tsx')).TesterPage }));
const Doctor = lazy(async () => ({ default: (await import('../features/doctor/DoctorPage.tsx')).DoctorPage }));
const Checks = lazy(async () => ({ default: (await import('../features/checks/ChecksPage.tsx')).ChecksPage }));
const Recordings = lazy(async () => ({
  default: (await import('../features/recordings/RecordingsPage.tsx')).RecordingsPage,
}));
const Simulation = lazy(async () => ({
  default: (await import('../features/tester/simulation/SimulationPage.tsx')).SimulationPage,
}));
const Authority = lazy(async () => ({ default: (await import('../features/authority/AuthorityPage.tsx')).AuthorityPage }));
const Checklist = lazy(async () => ({ default: (await import('../features/checklist/ChecklistPage.tsx')).ChecklistPage }));
const Requests = lazy(async () => ({ default: (await import('../features/intake/RequestsPage.tsx')).RequestsPage }));
const Audit = lazy(async () => ({ default: (await import('../features/audit/AuditPage.tsx')).AuditPage }));
const Import = lazy(async () => ({ default: (await import('../features/import/ImportPage.tsx')).ImportPage }));
const CheckFiles = lazy(async () => ({ default: (await import('../features/check/CheckFilesPage.tsx')).CheckFilesPage }));
const Safety = lazy(async () => ({ default: (await import('../features/safety/SafetyPage.tsx')).SafetyPage }));
const Settings = lazy(async () => ({ default: (await import('../features/settings/SettingsPage.tsx')).SettingsPage }));

const Tour = lazy(async () => ({ default: (await import('./Tour.tsx')).Tour }));
const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const Notices = lazy(async () => ({ default: (await import('./Notices.tsx')).Notices }));

const titles = {
  overview: 'app.nav.overview',
  devices: 'app.nav.devices',
  due: 'app.nav.due',
  broker: 'app.nav.broker',
  'broker-log': 'log.page',
  test: 'app.nav.test',
  doctor: 'doctor.page',
  checks: 'checks.page',
  load: 'simulation.page',
  authority: 'app.nav.authority',
  checklist: 'app.nav.checklist',
  export: 'exporting.page',
  requests: 'intake.requests.page',
  recordings: 'recordings.page',
} as const;

type Unlocked = Extract<VaultState, { state: 'unlocked' }>;

export function Shell({ vault }: { readonly vault: Unlocked }) {
  const { t } = useTranslation();
  const { page } = useRoute();
  const { projects, list, current, choose } = useProject();
  const main = useRef<HTMLElement>(null);
  return (
    <div className={css.app}>
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        {t('common.skip')}
      </button>
      <Sidebar page={page} projectId={current?.projectId} />
      <TopBar vault={vault} projects={list} current={current} onChoose={choose} />
      <PracticeStrip />
      <Suspense>{vault.practice && current && <Tour projectId={current.projectId} />}</Suspense>
      <main ref={main} className={css.main} tabIndex={-1} data-page={page}>
        {vault.trouble && <TroubleBanner trouble={vault.trouble} />}
        <ErrorBoundary key={page}>
          <Suspense fallback={<Waiting />}>
            {page === 'settings' ? (
              <Settings vaultFile={vault.file} />
            ) : page === 'audit' ? (
              <Audit projects={list} vaultFile={vault.file} />
            ) : page === 'import' ? (
              <Import onCreated={choose} />
            ) : page === 'check-files' ? (
              <CheckFiles />
            ) : page === 'backup' ? (
              <Safety />
            ) : page === 'new-project' ? (
              // the wizard shows the export, a feature of its own, as one of its steps
              <NewProject
                onCreated={choose}
                exportSlot={(props) => <ExportFlow {...props} deviceIds={null} withBroker fixed />}
              />
            ) : projects.isError ? (
              <>
                <PageHeader page={t(titles[page])} title={t(titles[page])} />
                <ErrorPanel error={reportOf(projects.error)} onRetry={() => void projects.refetch()} />
              </>
            ) : projects.isPending ? (
              <Waiting />
            ) : (
              <ProjectPage page={page} key={current?.projectId} projectId={current?.projectId} vaultFile={vault.file} />
            )}
          </Suspense>
        </ErrorBoundary>
      </main>
      <Suspense>
        <Palette projects={list} current={current} onChoose={choose} />
        <Notices />
      </Suspense>
    </div>
  );
}

interface ProjectPageProps {
  readonly page: Exclude<Page, 'settings' | 'backup' | 'audit' | 'new-project' | 'import' | 'check-files'>;
  readonly projectId: number | undefined;
  readonly vaultFile: string;
}

function ProjectPage({ page, projectId, vaultFile }: ProjectPageProps) {
  switch (page) {
    case 'overview':
      return <Overview projectId={projectId} vaultFile={vaultFile} />;
    case 'devices':
      return <Devices projectId={projectId} />;
    case 'due':
      return <Due projectId={projectId} />;
    case 'broker':
      return <Broker projectId={projectId} />;
    case 'broker-log':
      return <BrokerLog projectId={projectId} />;
    case 'test':
      return <Tester projectId={projectId} />;
    case 'doctor':
      return <Doctor projectId={projectId} />;
    case 'checks':
      return <Checks projectId={projectId} />;
    case 'recordings':
      return <Recordings projectId={projectId} />;
    case 'load':
      return <Simulation projectId={projectId} />;
    case 'authority':
      return <Authority projectId={projectId} />;
    case 'checklist':
      return <Checklist projectId={projectId} vaultFile={vaultFile} />;
    case 'requests':
      return <Requests projectId={projectId} />;
    case 'export':
      return <Export projectId={projectId} />;
  }
}
