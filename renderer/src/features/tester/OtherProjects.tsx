import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { Note } from '../../ui/Note.tsx';
import { disconnect } from './connect.ts';
import { isBusy, usePanes } from './panes.ts';

/** Connections of other projects that live: they are not ended behind somebody's back, and nobody forgets them. */
export function OtherProjects({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const others = usePanes().filter((pane) => pane.projectId !== projectId && isBusy(pane));
  const projects = useCall('project.list', undefined, { enabled: others.length > 0 });
  if (others.length === 0) return null;
  const names = (projects.data ?? [])
    .filter((each) => others.some((pane) => pane.projectId === each.projectId))
    .map(({ name }) => name);
  return (
    <Note
      tone="due"
      icon={IconPlugConnected}
      title={t('tester.others.title', { count: others.length, projects: names.join(', ') })}
    >
      <p>{t('tester.others.text')}</p>
      <Button
        variant="default"
        size="sm"
        onClick={() => {
          for (const pane of others) void disconnect(pane);
        }}
      >
        {t('tester.others.disconnect')}
      </Button>
    </Note>
  );
}
