import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowLeft,
  IconDownload,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { everything, isEverything, type RecordingQuery } from '../../../../shared/model/recording.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useLiveRecording } from '../../bridge/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { TesterTabs } from '../../ui/TesterTabs.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { EndPill } from './EndPill.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { Filters } from './Filters.tsx';
import { Marks } from './Marks.tsx';
import messagesCss from './Messages.module.css';
import { MessageTable } from './MessageTable.tsx';
import css from './Recordings.module.css';
import { RenameDialog } from './RenameDialog.tsx';
import { ReplayDialog } from './ReplayDialog.tsx';
import { usePlayer } from './usePlayer.ts';
import { useRecorded } from './useRecorded.ts';
import { useSearch } from './useSearch.ts';
import { byWhom, endOf, nameOf } from './words.ts';

const Detail = lazy(async () => ({ default: (await import('./Detail.tsx')).Detail }));

type Asking = 'rename' | 'delete' | 'export' | 'replay' | null;
const playSpeeds = ['1', '2', '10', '100'] as const;

/** One recording: looked through, played, exported, replayed. */
export function RecordingView({ recordingId }: { readonly recordingId: string }) {
  const { t } = useTranslation();
  const shown = useCall('recording.show', { recordingId });
  if (shown.data) return <View shown={shown.data} />;
  return (
    <div className={css.page}>
      <PageHeader page={t('recordings.page')} title={t('recordings.page')} />
      <TesterTabs />
      {shown.isError ? <ErrorPanel error={reportOf(shown.error)} onRetry={() => void shown.refetch()} /> : <Waiting lines={6} />}
      <p>
        <a href={hrefOf('recordings')}>{t('recordings.back')}</a>
      </p>
    </div>
  );
}

function View({ shown }: { readonly shown: CallOutput<'recording.show'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { recording, marks, firstAt, lastAt } = shown;
  const { recordingId, host, port, startedAt, endedAt } = recording;
  const live = useLiveRecording(recordingId);
  const [query, setQuery] = useState<RecordingQuery>(everything);
  const [chosen, setChosen] = useState<number | null>(null);
  const [asking, setAsking] = useState<Asking>(null);
  const [speed, setSpeed] = useState<(typeof playSpeeds)[number]>('1');
  const searched = useSearch(recordingId, query);
  const whole = isEverything(query) || searched.searchId === null;
  const { messages, removed, missed } = live ?? recording;
  const count = useDeferredValue(whole ? messages : searched.found);
  const recorded = useRecorded(recordingId, whole ? null : searched.searchId, count, `${removed}`);
  const message = chosen === null ? null : recorded.rowAt(chosen);
  const player = usePlayer(recorded, count, chosen, Number(speed), setChosen);
  const ask = (next: RecordingQuery) => {
    setChosen(null);
    player.pause();
    setQuery(next);
  };
  const name = nameOf(recording, t, format);
  return (
    <div className={css.page}>
      <PageHeader
        page={t('recordings.page')}
        title={name}
        lead={
          <>
            {byWhom(recording, t)} · <span className={css.mono}>{`${host}:${port}`}</span> · {format.dateTime(startedAt)}
            {endedAt !== null && ` – ${endOf(startedAt, endedAt, format)}`}
          </>
        }
        aside={<EndPill recording={live ? { ...recording, ended: null } : recording} />}
      />
      <TesterTabs />
      <div className={css.actions}>
        <a className={css.back} href={hrefOf('recordings')}>
          <IconArrowLeft size={18} stroke={1.8} aria-hidden />
          {t('recordings.back')}
        </a>
        <Button leftSection={<IconSend size={18} stroke={1.7} aria-hidden />} onClick={() => setAsking('replay')}>
          {t('recordings.replay.open')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.7} aria-hidden />}
          onClick={() => setAsking('export')}
        >
          {t('recordings.export.open')}
        </Button>
        <Button
          variant="default"
          px={13}
          aria-label={t('recordings.rename.open', { name })}
          title={t('recordings.rename.open', { name })}
          onClick={() => setAsking('rename')}
        >
          <IconPencil size={18} stroke={1.7} aria-hidden />
        </Button>
        {endedAt !== null && !live && (
          <Button
            variant="default"
            px={13}
            aria-label={t('recordings.delete.open', { name })}
            title={t('recordings.delete.open', { name })}
            onClick={() => setAsking('delete')}
          >
            <IconTrash size={18} stroke={1.7} aria-hidden />
          </Button>
        )}
      </div>
      {(missed > 0 || removed > 0 || recording.reason !== '') && (
        <Note tone={missed > 0 || recording.reason !== '' ? 'bad' : 'wait'} icon={IconAlertTriangle}>
          <p>
            {[
              recording.reason === '' ? '' : t('recordings.note.failed', { reason: recording.reason }),
              missed > 0 ? t('recordings.note.missed', { count: missed }) : '',
              removed > 0 ? t('recordings.note.removed', { count: removed }) : '',
            ]
              .filter(Boolean)
              .join(' ')}
          </p>
        </Note>
      )}
      <Filters query={query} span={{ firstAt, lastAt }} onChange={ask} />
      <div className={css.found}>
        <p role="status">
          {whole
            ? t('recordings.search.all', { count: messages, messages: format.number(messages) })
            : t('recordings.search.found', {
                count: searched.found,
                found: format.number(searched.found),
                total: format.number(searched.total),
              })}
          {!searched.done &&
            ` · ${t('recordings.search.looking', { part: format.percent(searched.total > 0 ? searched.looked / searched.total : 0) })}`}
          {searched.unreadable > 0 && ` · ${t('recordings.search.unreadable', { count: searched.unreadable })}`}
        </p>
        {!isEverything(query) && (
          <Button variant="subtle" size="sm" onClick={() => ask(everything)}>
            {t('recordings.search.reset')}
          </Button>
        )}
        <div className={css.player}>
          <Button
            variant="default"
            disabled={count === 0}
            leftSection={player.playing ? <IconPlayerPause size={18} aria-hidden /> : <IconPlayerPlay size={18} aria-hidden />}
            title={t('recordings.player.hint')}
            onClick={() => (player.playing ? player.pause() : player.play())}
          >
            {t(player.playing ? 'recordings.player.pause' : 'recordings.player.play')}
          </Button>
          <SelectField
            label={t('recordings.player.speed')}
            value={speed}
            options={playSpeeds.map((value) => ({ value, label: t('recordings.player.times', { times: value }) }))}
            onChange={setSpeed}
          />
        </div>
      </div>
      {searched.error && <ErrorPanel error={searched.error} />}
      {count === 0 ? (
        <p className={messagesCss.nothing}>
          {t(!searched.done ? 'recordings.search.lookingFor' : whole ? 'recordings.search.none' : 'recordings.search.nothing')}
        </p>
      ) : (
        <div className={messagesCss.split} data-open={message ? true : undefined}>
          <MessageTable
            count={count}
            recorded={recorded}
            chosen={chosen}
            onChoose={setChosen}
            label={t('recordings.messages', { name })}
          />
          <Suspense>{message && <Detail message={message} onClose={() => setChosen(null)} />}</Suspense>
        </div>
      )}
      <Marks marks={marks} />
      {asking === 'rename' && <RenameDialog recording={recording} onClose={() => setAsking(null)} />}
      {asking === 'delete' && (
        <DeleteDialog
          recording={recording}
          onClose={() => setAsking(null)}
          onDeleted={() => {
            window.location.hash = hrefOf('recordings');
          }}
        />
      )}
      {asking === 'export' && (
        <ExportDialog recording={recording} query={query} found={whole ? null : searched.found} onClose={() => setAsking(null)} />
      )}
      {asking === 'replay' && (
        <ReplayDialog
          recording={recording}
          query={query}
          messages={whole ? messages : searched.found}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
