import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../../shared/model/recording.ts';
import { useLiveRecording } from '../../bridge/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Time } from '../../ui/Time.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { EndPill } from './EndPill.tsx';
import css from './Recordings.module.css';
import { RenameDialog } from './RenameDialog.tsx';
import { byWhom, endOf, nameOf } from './words.ts';

type Asking = { readonly what: 'rename' | 'delete'; readonly recording: Recording } | null;

/** The recordings of a project, the latest first. */
export function RecordingTable({ recordings }: { readonly recordings: readonly Recording[] }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Asking>(null);
  return (
    <>
      <div className={css.tableBox}>
        <table className={css.table} aria-label={t('recordings.page')}>
          <thead>
            <tr>
              <th scope="col">{t('recordings.column.name')}</th>
              <th scope="col">{t('recordings.column.span')}</th>
              <th scope="col" data-number>
                {t('recordings.column.messages')}
              </th>
              <th scope="col" data-number>
                {t('recordings.column.size')}
              </th>
              <th scope="col">{t('recordings.column.state')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('recordings.column.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {recordings.map((each) => (
              <Row key={each.recordingId} recording={each} onAsk={(what) => setAsking({ what, recording: each })} />
            ))}
          </tbody>
        </table>
      </div>
      {asking?.what === 'rename' && <RenameDialog recording={asking.recording} onClose={() => setAsking(null)} />}
      {asking?.what === 'delete' && <DeleteDialog recording={asking.recording} onClose={() => setAsking(null)} />}
    </>
  );
}

function Row({ recording, onAsk }: { readonly recording: Recording; readonly onAsk: (what: 'rename' | 'delete') => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const live = useLiveRecording(recording.recordingId);
  const { startedAt, endedAt, unreadable, missed, removed } = recording;
  const name = nameOf(recording, t, format);
  const messages = live?.messages ?? recording.messages;
  return (
    <tr>
      <th scope="row">
        {unreadable ? (
          name
        ) : (
          // when it was stands beside it
          <a href={hrefOf('recordings', { id: recording.recordingId })} aria-label={name}>
            {recording.name || byWhom(recording, t)}
          </a>
        )}
        {!unreadable && (
          <span className={css.small}>
            {recording.name !== '' && `${byWhom(recording, t)} · `}
            <span className={css.mono}>{`${recording.host}:${recording.port}`}</span>
          </span>
        )}
      </th>
      <td>
        {!unreadable && (
          <>
            <Time at={startedAt}>{format.dateTime(startedAt)}</Time>
            <span className={css.small}>
              {endedAt === null ? t('recordings.goesOn') : t('recordings.until', { when: endOf(startedAt, endedAt, format) })}
            </span>
          </>
        )}
      </td>
      <td data-number>
        {!unreadable && format.number(messages)}
        {missed + removed > 0 && (
          <span className={css.small}>
            {[
              missed > 0 ? t('recordings.missed', { count: missed }) : '',
              removed > 0 ? t('recordings.removed', { count: removed }) : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        )}
      </td>
      <td data-number>{format.bytes(live?.bytes ?? recording.bytes)}</td>
      <td>
        <EndPill recording={recording} />
      </td>
      <td>
        <span className={css.rowActions}>
          {!unreadable && (
            <button
              type="button"
              aria-label={t('recordings.rename.open', { name })}
              title={t('recordings.rename.open', { name })}
              onClick={() => onAsk('rename')}
            >
              <IconPencil size={20} stroke={1.7} aria-hidden />
            </button>
          )}
          {recording.endedAt !== null && (
            <button
              type="button"
              aria-label={t('recordings.delete.open', { name })}
              title={t('recordings.delete.open', { name })}
              onClick={() => onAsk('delete')}
            >
              <IconTrash size={20} stroke={1.7} aria-hidden />
            </button>
          )}
        </span>
      </td>
    </tr>
  );
}
