import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Button, Drawer } from '@mantine/core';
import { IconCopy, IconDownload, IconPencil, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { WriteButton } from '../../../ui/WriteButton.tsx';
import css from './Connection.module.css';
import { ConnectionMarks } from './ConnectionMarks.tsx';
import type { StoredConnection } from './connection-draft.ts';
import { placeOf } from './place.ts';

const ImportDialog = lazy(async () => ({ default: (await import('./ImportDialog.tsx')).ImportDialog }));

interface Props {
  readonly projectId: number;
  readonly connections: readonly StoredConnection[];
  /** Opens with the dialog for a file. */
  readonly importing: boolean;
  /** Ids of those that stand on the page. */
  readonly opened: readonly number[];
  readonly onOpen: (connection: StoredConnection) => void;
  readonly onAdd: () => void;
  readonly onEdit: (connection: StoredConnection, copy: boolean) => void;
  readonly onRemoved: (id: number) => void;
  readonly onClose: () => void;
}

/** All connections of a project: to open, change, duplicate and remove them, to take them along and to bring others. */
export function ConnectionList(props: Props) {
  const { projectId, connections, opened, onOpen, onAdd, onEdit, onRemoved, onClose } = props;
  const { t } = useTranslation();
  const [importing, setImporting] = useState(props.importing);
  const [saved, setSaved] = useState<string | null>(null);
  const save = useAction(async () => {
    const { name, text } = await call('connection.export', { projectId, ids: null });
    setSaved((await call('text.save', { name, text }))?.file ?? null);
  });
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={560}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.drawer ?? '', overlay: css.overlay ?? '', body: css.body ?? '' }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={t('connections.list.title')} radius={0}>
        <div className={css.header}>
          <h2>{t('connections.list.title')}</h2>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('common.close')} />
        </div>
        <Drawer.Body>
          <section className={css.part}>
            <p className={css.small}>{t(connections.length > 0 ? 'connections.list.lead' : 'connections.list.none')}</p>
            <div>
              <WriteButton leftSection={<IconPlus size={20} aria-hidden />} onClick={onAdd}>
                {t('connections.add')}
              </WriteButton>
            </div>
            {connections.length > 0 && (
              <ul className={css.list} aria-label={t('connections.list.title')}>
                {connections.map((each) => (
                  <Entry
                    key={each.id}
                    projectId={projectId}
                    connection={each}
                    opened={opened.includes(each.id)}
                    onOpen={() => onOpen(each)}
                    onEdit={(copy) => onEdit(each, copy)}
                    onRemoved={() => onRemoved(each.id)}
                  />
                ))}
              </ul>
            )}
          </section>
          <section className={css.part}>
            <div className={css.deeds}>
              <div>
                <WriteButton
                  variant="default"
                  leftSection={<IconUpload size={20} aria-hidden />}
                  onClick={() => setImporting(true)}
                >
                  {t('connections.list.import')}
                </WriteButton>
                <p className={css.small}>{t('connections.list.importHint')}</p>
              </div>
              {connections.length > 0 && (
                <div>
                  <Button
                    variant="default"
                    loading={save.pending}
                    leftSection={<IconDownload size={20} aria-hidden />}
                    onClick={() => void save.run()}
                  >
                    {t('connections.list.exportAll')}
                  </Button>
                  <p className={css.small} role="status">
                    {saved === null ? t('connections.list.exportHint') : t('connections.list.exported', { file: saved })}
                  </p>
                </div>
              )}
            </div>
            {save.error && <ErrorPanel error={save.error} />}
          </section>
        </Drawer.Body>
        <Suspense>{importing && <ImportDialog projectId={projectId} onClose={() => setImporting(false)} />}</Suspense>
      </Drawer.Content>
    </Drawer.Root>
  );
}

interface EntryProps {
  readonly projectId: number;
  readonly connection: StoredConnection;
  readonly opened: boolean;
  readonly onOpen: () => void;
  readonly onEdit: (copy: boolean) => void;
  readonly onRemoved: () => void;
}

function Entry({ projectId, connection, opened, onOpen, onEdit, onRemoved }: EntryProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const { settings, id } = connection;
  const { name } = settings;
  const remove = useAction(async () => {
    await call('connection.remove', { projectId, id });
    onRemoved();
  });
  const deeds = [
    { label: t('connections.edit', { name }), sign: IconPencil, act: () => onEdit(false) },
    { label: t('connections.list.duplicate', { name }), sign: IconCopy, act: () => onEdit(true) },
    { label: t('connections.list.remove', { name }), sign: IconTrash, act: () => setAsking(true) },
  ];
  return (
    <li>
      <div className={css.entry}>
        <button type="button" className={css.open} title={t('connections.list.open', { name })} onClick={onOpen}>
          <b>{name}</b>
          <span>
            {placeOf(settings)}
            {opened && ` · ${t('connections.list.opened')}`}
          </span>
        </button>
        {deeds.map(({ label, sign: Sign, act }) => (
          <button key={label} type="button" className={css.icon} aria-label={label} title={label} onClick={act}>
            <Sign size={20} stroke={1.7} aria-hidden />
          </button>
        ))}
      </div>
      <ConnectionMarks connection={connection} />
      {asking && (
        <div className={css.ask}>
          <p>{t('connections.list.removeAsk', { name })}</p>
          <Button variant="default" size="sm" autoFocus onClick={() => setAsking(false)}>
            {t('connections.list.removeNo')}
          </Button>
          <WriteButton size="sm" loading={remove.pending} onClick={() => void remove.run()}>
            {t('connections.list.removeYes')}
          </WriteButton>
        </div>
      )}
      {remove.error && <ErrorPanel error={remove.error} />}
    </li>
  );
}
