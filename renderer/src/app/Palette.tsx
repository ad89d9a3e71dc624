import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Combobox.css';
import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import {
  type Icon,
  IconArrowRight,
  IconContrast,
  IconCpu,
  IconDoorExit,
  IconFlask,
  IconFolder,
  IconLock,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { beginPractice, leavePractice, usePractice } from '../bridge/practice.ts';
import { useCall } from '../bridge/queries.ts';
import { changeSettings, lockVault, useLoadedSession } from '../bridge/session.ts';
import { shortHex } from '../ui/hex.ts';
import { hrefOf, pages } from '../ui/route.ts';
import css from './Palette.module.css';
import { matching } from './palette-search.ts';
import type { Project } from './TopBar.tsx';

const shownDevices = 8;

interface Entry {
  readonly key: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon: Icon;
  readonly run: () => void;
}

interface Props {
  readonly projects: readonly Project[];
  readonly current: Project | undefined;
  readonly onChoose: (name: string) => void;
}

/** The library marks the action that the arrow keys have reached. */
const chosenAction = () => document.querySelector(`.${css.action}[data-selected]`);

const go = (href: string) => () => {
  window.location.hash = href;
};

/** Ctrl-K: pages, actions, projects, and every device by name or serial number. Opens from anywhere, Esc goes back. */
export function Palette({ projects, current, onChoose }: Props) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const groups: readonly { readonly key: string; readonly label: string; readonly entries: readonly Entry[] }[] = [
    { key: 'pages', label: t('palette.pages'), entries: matching(usePages(), query) },
    { key: 'actions', label: t('palette.actions'), entries: matching(useActions(), query) },
    {
      key: 'projects',
      label: t('palette.projects'),
      entries: matching<Entry>(
        projects
          .filter((project) => project !== current)
          .map(({ name }) => ({ key: `project ${name}`, label: name, icon: IconFolder, run: () => onChoose(name) })),
        query,
      ),
    },
    { key: 'devices', label: t('palette.devices'), entries: useDevices(current?.projectId, query) },
  ].filter(({ entries }) => entries.length > 0);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      size={620}
      scrollable
      maxHeight="70vh"
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.45 }}
      attributes={{ content: { 'aria-label': t('palette.open') } }}
      classNames={{ content: css.content ?? '' }}
    >
      <Spotlight.Search
        aria-label={t('palette.open')}
        placeholder={t('palette.placeholder')}
        maxLength={200}
        leftSection={<IconSearch size={22} stroke={1.7} aria-hidden />}
        classNames={{ input: css.search ?? '' }}
        // Enter without a choice takes the first one, as in every palette
        onKeyDown={(event) => {
          const first = groups[0]?.entries[0];
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || !first || chosenAction()) return;
          spotlight.close();
          first.run();
        }}
      />
      <Spotlight.ActionsList className={css.list ?? ''}>
        {groups.length === 0 && <Spotlight.Empty className={css.nothing ?? ''}>{t('palette.nothing')}</Spotlight.Empty>}
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.key} label={group.label} className={css.group ?? ''}>
            {group.entries.map(({ key, label, hint, icon: Sign, run }) => (
              <Spotlight.Action key={key} className={css.action ?? ''} onClick={run}>
                <Sign size={20} stroke={1.7} aria-hidden />
                <span className={css.label}>{label}</span>
                {hint && <span className={css.hint}>{hint}</span>}
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function usePages(): Entry[] {
  const { t } = useTranslation();
  return pages.map((page) => ({ key: page, label: t(`app.nav.${page}`), icon: IconArrowRight, run: go(hrefOf(page)) }));
}

function useActions(): Entry[] {
  const { t } = useTranslation();
  const { contrast } = useLoadedSession().settings;
  const practice = usePractice();
  return [
    practice
      ? { key: 'lock', label: t('practice.leave'), icon: IconDoorExit, run: () => void leavePractice().catch(() => {}) }
      : { key: 'lock', label: t('palette.lock'), icon: IconLock, run: () => void lockVault().catch(() => {}) },
    ...(practice
      ? []
      : [
          {
            key: 'practise',
            label: t('practice.begin.palette'),
            icon: IconFlask,
            run: () => void beginPractice().catch(() => {}),
          },
        ]),
    { key: 'new', label: t('palette.newProject'), icon: IconArrowRight, run: go(hrefOf('new-project')) },
    { key: 'import', label: t('palette.bring'), icon: IconArrowRight, run: go(hrefOf('import')) },
    { key: 'check', label: t('palette.checkFiles'), icon: IconArrowRight, run: go(hrefOf('check-files')) },
    { key: 'requests', label: t('palette.requests'), icon: IconArrowRight, run: go(hrefOf('requests')) },
    { key: 'export', label: t('palette.export'), icon: IconArrowRight, run: go(hrefOf('export')) },
    { key: 'test', label: t('palette.testBroker'), icon: IconArrowRight, run: go(hrefOf('test')) },
    { key: 'doctor', label: t('palette.doctor'), icon: IconArrowRight, run: go(hrefOf('doctor')) },
    { key: 'checks', label: t('palette.runChecks'), icon: IconArrowRight, run: go(hrefOf('checks')) },
    { key: 'crl', label: t('palette.publishCrl'), icon: IconArrowRight, run: go(hrefOf('authority')) },
    { key: 'record', label: t('palette.checkRecord'), icon: IconArrowRight, run: go(hrefOf('audit', { check: '1' })) },
    { key: 'light', label: t('palette.theme.light'), icon: IconSun, run: () => void changeSettings({ theme: 'light' }) },
    contrast === 'high'
      ? {
          key: 'contrast',
          label: t('palette.theme.usual'),
          icon: IconContrast,
          run: () => void changeSettings({ contrast: 'system' }),
        }
      : {
          key: 'contrast',
          label: t('palette.theme.contrast'),
          icon: IconContrast,
          run: () => void changeSettings({ contrast: 'high' }),
        },
    { key: 'dark', label: t('palette.theme.dark'), icon: IconMoon, run: () => void changeSettings({ theme: 'dark' }) },
  ];
}

/** Found by main in the vault, as the table does it; only once something is typed. */
function useDevices(projectId: number | undefined, query: string): Entry[] {
  const { t } = useTranslation();
  // serial numbers are typed as they are printed: 4f:9a:1c
  const typed = query.trim();
  const [search] = useDebouncedValue(
    /^[0-9a-f]{2}(:[0-9a-f]{2})*:?$/i.test(typed) ? typed.replaceAll(':', '').toLowerCase() : typed,
    100,
  );
  const found = useCall(
    'device.list',
    { projectId: projectId ?? 0, search, limit: shownDevices },
    { enabled: projectId !== undefined && search !== '', keepPrevious: true },
  );
  if (search === '' || typed === '') return [];
  return (found.data?.rows ?? []).map((row) => ({
    key: `device ${row.deviceId}`,
    label: row.id,
    hint: [row.state === 'valid' ? [] : t(`common.state.${row.state}`), row.serial === null ? [] : shortHex(row.serial)]
      .flat()
      .join(' · '),
    icon: IconCpu,
    run: go(hrefOf('devices', { device: String(row.deviceId) })),
  }));
}
