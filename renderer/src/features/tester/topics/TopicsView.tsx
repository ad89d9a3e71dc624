// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree cannot be a list

import { IconInfoCircle, IconListTree } from '@tabler/icons-react';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useCallback, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { TextField } from '../../../ui/Field.tsx';
import type { LineView } from '../../../ui/payload/bytes.ts';
import type { LogStore } from '../log-store.ts';
import type { Field } from '../plot/plot-store.ts';
import { useTick } from '../view.ts';
import { TopicCard } from './TopicCard.tsx';
import { TopicRow } from './TopicRow.tsx';
import css from './Topics.module.css';
import { mostNodes, type TopicNode } from './topic-tree.ts';
import type { TreeRow } from './tree-rows.ts';

const rowHeight = 52;

interface Props {
  /** Undefined while nothing can be sent. */
  readonly connectionId: string | undefined;
  readonly store: LogStore;
  readonly view: LineView;
  readonly label: string;
  readonly nothing: string;
  /** Shows the messages of this topic and below it. */
  readonly onShow: (topic: string) => void;
  readonly onPlot: (field: Field) => void;
}

/** What arrived, by topic. Told four times a second, however much arrives; only the lines in sight are on the page. */
export const TopicsView = memo(function TopicsView(props: Props) {
  const { store, view, label, nothing, connectionId, onShow, onPlot } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const tick = useTick(250);
  const [, setTouched] = useState(0);
  const touch = () => setTouched((times) => times + 1);
  const [chosen, setChosen] = useState<TopicNode | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { tree, rows } = store;
  const lines = rows.rows;
  const active = chosen ? lines.findIndex(({ node }) => node === chosen) : -1;
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    rangeExtractor: useCallback(
      (range: Range) => [...new Set([...defaultRangeExtractor(range), ...(active >= 0 ? [active] : [])])],
      [active],
    ),
  });
  const toggle = ({ node, open }: TreeRow) => {
    rows.toggle(node, !open);
    touch();
  };
  const go = (index: number) => {
    const line = lines[Math.min(lines.length - 1, Math.max(0, index))];
    if (!line) return;
    setChosen(line.node);
    virtualizer.scrollToIndex(lines.indexOf(line));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[active];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      PageDown: () => go(active + page),
      PageUp: () => go(active - page),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      ArrowRight: () => {
        if (line?.open === false) toggle(line);
        else if (line?.open) go(active + 1);
      },
      ArrowLeft: () => {
        if (line?.open) toggle(line);
        else if (line?.node.parent) go(lines.findIndex(({ node }) => node === line.node.parent));
      },
      Enter: () => line && onShow(line.node.topic),
    };
    const key = keys[event.key];
    if (!key) return;
    event.preventDefault();
    key();
  };
  const now = Date.now();
  const searching = rows.search.trim() !== '';
  return (
    <div className={css.topics} data-tick={tick}>
      <div className={css.tools}>
        <TextField
          label={t('tester.topics.search')}
          placeholder={t('tester.topics.search')}
          value={rows.search}
          onChange={(text) => {
            rows.setSearch(text);
            touch();
          }}
          maxLength={500}
          mono
        />
        <p className={css.sum} role="status">
          {searching
            ? t('tester.topics.found', { count: rows.found, topics: format.number(rows.found) })
            : t('tester.topics.sum', { count: tree.root.topics, topics: format.number(tree.root.topics) })}
        </p>
        <button
          type="button"
          className={css.tool}
          title={t('tester.topics.collapse')}
          aria-label={t('tester.topics.collapse')}
          onClick={() => {
            rows.collapseAll();
            touch();
          }}
        >
          <IconListTree size={20} stroke={1.7} aria-hidden />
        </button>
      </div>
      {tree.unlisted > 0 && (
        <p className={css.notice} role="status">
          <IconInfoCircle size={20} stroke={1.8} aria-hidden />
          {t('tester.topics.unlisted', { most: format.number(mostNodes), messages: format.number(tree.unlisted) })}
        </p>
      )}
      {lines.length === 0 ? (
        <p className={css.nothing}>{searching ? t('tester.topics.notFound') : nothing}</p>
      ) : (
        <div
          ref={scroller}
          className={css.tree}
          role="tree"
          tabIndex={0}
          aria-label={label}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          onKeyDown={onKeyDown}
        >
          <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const row = lines[index];
              return (
                row && (
                  <TopicRow
                    key={row.node.topic}
                    id={`${id}-${index}`}
                    row={row}
                    now={now}
                    offset={start}
                    chosen={row.node === chosen}
                    view={view}
                    onChoose={({ node }) => setChosen(node)}
                    onToggle={toggle}
                  />
                )
              );
            })}
          </div>
        </div>
      )}
      {chosen && tree.root.topics > 0 && (
        <TopicCard
          key={chosen.topic}
          node={chosen}
          now={now}
          store={store}
          connectionId={connectionId}
          onShow={onShow}
          onPlot={onPlot}
          onClose={() => setChosen(null)}
        />
      )}
    </div>
  );
});
