import { lazy, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { VaultState } from '../../../shared/model/vault.ts';
import { reportOf } from '../bridge/client.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { type Page, useRoute } from '../ui/route.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { useProject } from './project.ts';
import css from './Shell.module.css';
import { Sidebar } from './Sidebar.tsx';
import { TopBar } from './TopBar.tsx';

const Overview = lazy(async () => ({ default: (await import('../features/overview/OverviewPage.tsx')).OverviewPage }));
const Devices = lazy(async () => ({ default: (await import('../features/devices/DevicesPage.tsx')).DevicesPage }));
const Settings = lazy(async () => ({ default: (await import('../features/settings/SettingsPage.tsx')).SettingsPage }));

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
      <main ref={main} className={css.main} tabIndex={-1} data-page={page}>
        <ErrorBoundary key={page}>
          <Suspense fallback={<Waiting />}>
            {page === 'settings' ? (
              <Settings vaultFile={vault.file} />
            ) : projects.isError ? (
              <>
                <PageHeader page={t(`app.nav.${page}`)} title={t(`app.nav.${page}`)} />
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
    </div>
  );
}

interface ProjectPageProps {
  readonly page: Exclude<Page, 'settings'>;
  readonly projectId: number | undefined;
  readonly vaultFile: string;
}

function ProjectPage({ page, projectId, vaultFile }: ProjectPageProps) {
  switch (page) {
    case 'overview':
      return <Overview projectId={projectId} vaultFile={vaultFile} />;
    case 'devices':
      return <Devices projectId={projectId} />;
  }
}
