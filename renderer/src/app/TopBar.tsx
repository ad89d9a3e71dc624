import { Button } from '@mantine/core';
import { IconDoorExit, IconEye, IconFlask, IconLock, IconLockOpen2 } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../shared/contract.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import { useAction } from '../bridge/action.ts';
import { leavePractice } from '../bridge/practice.ts';
import { lockVault } from '../bridge/session.ts';
import { JobTray } from '../features/jobs/JobTray.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { TonePill } from '../ui/StatePill.tsx';
import { Finder } from './Finder.tsx';
import css from './TopBar.module.css';

// most vaults hold one project: the menu is loaded by those who need it
const ProjectMenu = lazy(async () => ({ default: (await import('./ProjectMenu.tsx')).ProjectMenu }));

export type Project = CallOutput<'project.list'>[number];

interface Props {
  readonly vault: Extract<VaultState, { state: 'unlocked' }>;
  readonly projects: readonly Project[];
  readonly current: Project | undefined;
  readonly onChoose: (name: string) => void;
}

export function TopBar({ vault, projects, current, onChoose }: Props) {
  const { t } = useTranslation();
  const lock = useAction(vault.practice ? leavePractice : lockVault);
  const Sign = vault.practice ? IconDoorExit : IconLock;
  const name = <span className={css.name}>{current?.name ?? t('app.top.noProject')}</span>;
  return (
    <section className={css.top} aria-label={t('app.top.label')}>
      <div className={css.project}>
        {current && projects.length > 1 ? (
          <Suspense fallback={name}>
            <ProjectMenu projects={projects} current={current} onChoose={onChoose} />
          </Suspense>
        ) : (
          name
        )}
      </div>
      <Finder />
      <JobTray />
      {vault.practice ? (
        <TonePill tone="wait" icon={IconFlask}>
          {t('practice.strip.title')}
        </TonePill>
      ) : (
        <TonePill tone={vault.readOnly ? 'due' : 'ok'} icon={vault.readOnly ? IconEye : IconLockOpen2}>
          {t(vault.readOnly ? 'app.top.readOnly' : 'app.top.unlocked', { operator: vault.operator })}
        </TonePill>
      )}
      <Button
        variant="default"
        size="sm"
        leftSection={<Sign size={18} stroke={1.8} aria-hidden />}
        onClick={() => void lock.run()}
      >
        {t(vault.practice ? 'practice.leave' : 'app.top.lock')}
      </Button>
      {lock.error && (
        <div className={css.failure}>
          <ErrorPanel error={lock.error} onRetry={() => void lock.run()} />
        </div>
      )}
    </section>
  );
}
