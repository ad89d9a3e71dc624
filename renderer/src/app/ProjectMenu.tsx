import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown, IconFlask } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { beginPractice, usePractice } from '../bridge/practice.ts';
import css from './ProjectMenu.module.css';
import type { Project } from './TopBar.tsx';

interface Props {
  readonly projects: readonly Project[];
  readonly current: Project;
  readonly onChoose: (name: string) => void;
}

export function ProjectMenu({ projects, current, onChoose }: Props) {
  const { t } = useTranslation();
  const practice = usePractice();
  return (
    <Menu
      position="bottom-start"
      width={300}
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" className={css.switch} aria-label={t('app.top.switchProject', { name: current.name })}>
          <span>{current.name}</span>
          <IconChevronDown size={18} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css.menu}>
        {projects.map((project) => (
          <Menu.Item
            key={project.projectId}
            className={css.item}
            aria-current={project.projectId === current.projectId || undefined}
            leftSection={
              <IconCheck size={18} aria-hidden visibility={project.projectId === current.projectId ? 'visible' : 'hidden'} />
            }
            onClick={() => onChoose(project.name)}
          >
            <b>{project.name}</b>
            <span>{t('app.top.projectDevices', { count: project.devices })}</span>
          </Menu.Item>
        ))}
        {!practice && (
          <Menu.Item
            className={css.item}
            leftSection={<IconFlask size={18} aria-hidden />}
            onClick={() => void beginPractice().catch(() => {})}
          >
            {t('practice.begin.palette')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
