import { Button } from '@mantine/core';
import {
  type Icon,
  IconChartLine,
  IconList,
  IconListTree,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { type KeyboardEvent, lazy, Suspense, useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { type LineView, lineViews, visible } from '../../ui/payload/bytes.ts';
import type { AliasNames } from '../../ui/payload/sparkplug-births.ts';
import { Counters } from './Counters.tsx';
import { MessageList } from './MessageList.tsx';
import { marker } from './marks.ts';
import { isBusy, type Pane } from './panes.ts';
import type { Field } from './plot/plot-store.ts';
import { RecordButton } from './recording/RecordButton.tsx';
import { RecordingNote } from './recording/RecordingNote.tsx';
import css from './Stream.module.css';
import { type StreamView, streamViews } from './view.ts';

// nobody needs them before they are asked for: the readers of all formats, the tree, the drawing with its library
const MessageDetail = lazy(async () => ({ default: (await import('./MessageDetail.tsx')).MessageDetail }));
const FindBar = lazy(async () => ({ default: (await import('./find/FindBar.tsx')).FindBar }));
const TopicsView = lazy(async () => ({ default: (await import('./topics/TopicsView.tsx')).TopicsView }));
const PlotView = lazy(async () => ({ default: (await import('./plot/PlotView.tsx')).PlotView }));

const signs: Readonly<Record<StreamView, Icon>> = { list: IconList, topics: IconListTree, plot: IconChartLine };

interface Chosen {
  readonly message: TestMessage;
  readonly previous: TestMessage | null;
  readonly names: AliasNames | undefined;
}

/** What one connection receives, as a list, by topic or drawn, with its tools and counters. Renders once per frame at most. */
export function Stream({ pane, who }: { readonly pane: Pane; readonly who: string }) {
  const { t } = useTranslation();
  const { messages } = pane;
  const version = useSyncExternalStore(messages.subscribe, messages.version);
  const [way, setWay] = useState<StreamView>('list');
  const [view, setView] = useState<LineView>('text');
  const [searching, setSearching] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [full, setFull] = useState(false);
  const marksOf = useMemo(() => marker(pane.subscriptions), [pane.subscriptions]);
  const { log } = messages;
  const connected = pane.state?.phase === 'connected';
  const waiting = !connected
    ? t('tester.stream.emptyConnect')
    : pane.subscriptions.length === 0
      ? t('tester.stream.emptySubscribe')
      : t('tester.stream.empty');
  const filtered = (log.filter.trim() !== '' || log.branch !== null) && log.kept.messages > 0;
  const choose = (message: TestMessage) => {
    setChosen({ message, previous: log.previousOf(message), names: messages.births.of(message.topic) });
    // a message that is being read must not move away
    if (!log.paused) messages.change((each) => each.pause());
  };
  const show = useCallback(
    (topic: string) => {
      setWay('list');
      setChosen(null);
      messages.change((each) => each.setBranch(topic));
    },
    [messages],
  );
  const plot = useCallback(
    (field: Field) => {
      const added = messages.plot.add(field, messages.log.all());
      setFull(!added);
      if (added) setWay('plot');
    },
    [messages],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (way !== 'list' || event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    setSearching(true);
  };
  return (
    <section
      className={css.stream}
      data-tour={pane.identity.kind === 'observer' ? 'reading' : undefined}
      aria-label={`${t('tester.stream.title')} · ${who}`}
      onKeyDown={onKeyDown}
    >
      <div className={css.tools}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form */}
        <div className={css.ways} role="group" aria-label={t('tester.stream.ways.label')}>
          {streamViews.map((each) => {
            const Sign = signs[each];
            return (
              <button
                key={each}
                type="button"
                aria-pressed={way === each}
                title={t(`tester.stream.ways.${each}`)}
                onClick={() => setWay(each)}
              >
                <Sign size={18} stroke={1.8} aria-hidden />
                <span>{t(`tester.stream.ways.${each}`)}</span>
              </button>
            );
          })}
        </div>
        <div className={css.buttons}>
          <RecordButton connectionId={pane.state?.connectionId} open={isBusy(pane)} />
          {way === 'list' && (
            <>
              <Button
                variant="default"
                px={14}
                aria-pressed={searching}
                aria-label={t('tester.find.open')}
                title={t('tester.find.open')}
                onClick={() => setSearching(!searching)}
              >
                <IconSearch size={18} stroke={1.8} aria-hidden />
              </Button>
              <Button
                variant={log.paused ? 'filled' : 'default'}
                title={t(log.paused ? 'tester.stream.resume' : 'tester.stream.pause')}
                leftSection={log.paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />}
                onClick={() => messages.change((each) => (each.paused ? each.resume() : each.pause()))}
              >
                <span className={css.pauseWord}>{t(log.paused ? 'tester.stream.resume' : 'tester.stream.pause')}</span>
                {log.paused && log.fresh > 0 && (
                  <span className={css.fresh}>{t('tester.stream.fresh', { count: log.fresh })}</span>
                )}
              </Button>
            </>
          )}
          <Button
            variant="default"
            px={14}
            aria-label={t('tester.stream.clear')}
            title={t('tester.stream.clear')}
            onClick={() => {
              setChosen(null);
              messages.clear();
            }}
          >
            <IconTrash size={18} stroke={1.8} aria-hidden />
          </Button>
        </div>
      </div>
      <RecordingNote connectionId={pane.state?.connectionId} own={pane.identity.kind === 'own'} />
      {way === 'list' && (
        <div className={css.filters} data-open={searching || log.filter !== '' || undefined}>
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
        </div>
      )}
      <Suspense>
        {way === 'list' && searching && <FindBar store={messages} onFound={choose} onClose={() => setSearching(false)} />}
      </Suspense>
      {way === 'list' && log.branch !== null && (
        <p className={css.branch}>
          <span>
            {t('tester.stream.only')} <b className="mono">{visible(log.branch)}</b>
          </span>
          <button type="button" onClick={() => messages.change((each) => each.setBranch(null))}>
            <IconX size={18} aria-hidden />
            {t('tester.stream.allTopics')}
          </button>
        </p>
      )}
      {way === 'list' && log.unseen > 0 && (
        <p className={css.unseen} role="status">
          <span>
            {t('tester.stream.unseen', { count: log.unseen })} <span>{t('tester.stream.unseenWhy')}</span>
          </span>
          {!log.paused && (
            <button type="button" aria-label={t('common.close')} onClick={() => messages.change((each) => each.forgetUnseen())}>
              <IconX size={18} aria-hidden />
            </button>
          )}
        </p>
      )}
      {full && (
        <p className={css.branch} role="status">
          <span>{t('tester.plot.full')}</span>
          <button type="button" onClick={() => setFull(false)}>
            <IconX size={18} aria-hidden />
            {t('common.close')}
          </button>
        </p>
      )}
      {way === 'topics' && (
        <Suspense fallback={<p className={css.nothing}>{waiting}</p>}>
          <TopicsView
            store={messages}
            view={view}
            label={t('tester.topics.label', { who })}
            nothing={waiting}
            connectionId={connected ? pane.state?.connectionId : undefined}
            onShow={show}
            onPlot={plot}
          />
        </Suspense>
      )}
      {way === 'plot' && (
        <Suspense fallback={<p className={css.nothing}>{waiting}</p>}>
          <PlotView store={messages} label={t('tester.plot.label', { who })} />
        </Suspense>
      )}
      {way === 'list' &&
        (log.length === 0 ? (
          <p className={css.nothing}>{filtered ? t('tester.stream.emptyFilter') : waiting}</p>
        ) : (
          <MessageList
            store={messages}
            version={version}
            view={view}
            label={t('tester.stream.list', { who })}
            chosen={chosen?.message ?? null}
            marksOf={marksOf}
            onChoose={choose}
          />
        ))}
      {way === 'list' && chosen && (
        <Suspense>
          <MessageDetail
            {...chosen}
            choices={messages.views}
            marks={marksOf(chosen.message.topic)}
            marked={searching ? messages.finder.query : null}
            onPlot={plot}
            onClose={() => setChosen(null)}
          />
        </Suspense>
      )}
      <Counters messages={messages} />
    </section>
  );
}
