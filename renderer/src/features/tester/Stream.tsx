import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { type LineView, lineViews } from '../../ui/payload/bytes.ts';
import { MessageList } from './MessageList.tsx';
import { isBusy, type Pane } from './panes.ts';
import { RecordButton } from './recording/RecordButton.tsx';
import { RecordingNote } from './recording/RecordingNote.tsx';
import css from './Stream.module.css';

// the readers of all the formats: nobody needs them before a message is opened
const MessageDetail = lazy(async () => ({ default: (await import('./MessageDetail.tsx')).MessageDetail }));

/** The live list of one connection with its tools and counters. Renders once per frame at most, whatever arrives. */
export function Stream({ pane, who }: { readonly pane: Pane; readonly who: string }) {
  const { t } = useTranslation();
  const { messages } = pane;
  const version = useSyncExternalStore(messages.subscribe, messages.version);
  const [view, setView] = useState<LineView>('text');
  const [chosen, setChosen] = useState<TestMessage | null>(null);
  const [previous, setPrevious] = useState<TestMessage | null>(null);
  const { log } = messages;
  const connected = pane.state?.phase === 'connected';
  const nothing =
    log.filter.trim() !== '' && messages.received > 0
      ? t('tester.stream.emptyFilter')
      : !connected
        ? t('tester.stream.emptyConnect')
        : pane.subscriptions.length === 0
          ? t('tester.stream.emptySubscribe')
          : t('tester.stream.empty');
  const choose = (message: TestMessage | null) => {
    setChosen(message);
    setPrevious(message && log.previousOf(message));
    // a message that is being read must not move away
    if (message && !log.paused) messages.change((each) => each.pause());
  };
  return (
    <section
      className={css.stream}
      data-tour={pane.identity.kind === 'observer' ? 'reading' : undefined}
      aria-label={`${t('tester.stream.title')} · ${who}`}
    >
      <div className={css.tools}>
        <TextField
          label={t('tester.stream.filter')}
          placeholder={t('tester.stream.filter')}
          value={log.filter}
          onChange={(text) => messages.change((each) => each.setFilter(text))}
          maxLength={500}
          mono
        />
        <SelectField
          label={t('tester.stream.view')}
          value={view}
          options={lineViews.map((each) => ({ value: each, label: t(`tester.stream.${each}`) }))}
          onChange={setView}
        />
        <div className={css.buttons}>
          <RecordButton connectionId={pane.state?.connectionId} open={isBusy(pane)} />
          <Button
            variant={log.paused ? 'filled' : 'default'}
            title={t(log.paused ? 'tester.stream.resume' : 'tester.stream.pause')}
            leftSection={log.paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />}
            onClick={() => messages.change((each) => (each.paused ? each.resume() : each.pause()))}
          >
            <span className={css.pauseWord}>{t(log.paused ? 'tester.stream.resume' : 'tester.stream.pause')}</span>
            {log.paused && log.fresh > 0 && <span className={css.fresh}>{t('tester.stream.fresh', { count: log.fresh })}</span>}
          </Button>
          <Button
            variant="default"
            px={14}
            aria-label={t('tester.stream.clear')}
            title={t('tester.stream.clear')}
            onClick={() => {
              setChosen(null);
              messages.change((each) => each.clear());
            }}
          >
            <IconTrash size={18} stroke={1.8} aria-hidden />
          </Button>
        </div>
      </div>
      <RecordingNote connectionId={pane.state?.connectionId} />
      {log.length === 0 ? (
        <p className={css.nothing}>{nothing}</p>
      ) : (
        <MessageList
          store={messages}
          version={version}
          view={view}
          label={t('tester.stream.list', { who })}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      {chosen && (
        <Suspense>
          <MessageDetail message={chosen} previous={previous} choices={messages.views} onClose={() => setChosen(null)} />
        </Suspense>
      )}
      <Counters pane={pane} />
    </section>
  );
}

function Counters({ pane }: { readonly pane: Pane }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { messages } = pane;
  const { evicted } = messages.log;
  const room = evicted > 0 ? t('tester.stream.evictedHint', { evicted: format.number(evicted) }) : undefined;
  return (
    <dl className={css.counters}>
      <div>
        <dt>{t('tester.stream.received')}</dt>
        <dd>{format.number(messages.received)}</dd>
      </div>
      <div title={room}>
        <dt>{t('tester.stream.shown')}</dt>
        <dd>
          {format.number(messages.log.length)}
          {room && <span className="visually-hidden">{room}</span>}
        </dd>
      </div>
      <div data-some={messages.dropped > 0 || undefined} title={t('tester.stream.droppedHint')}>
        <dt>{t('tester.stream.dropped')}</dt>
        <dd>
          {format.number(messages.dropped)}
          {messages.dropped > 0 && <span className="visually-hidden">{t('tester.stream.droppedHint')}</span>}
        </dd>
      </div>
    </dl>
  );
}
