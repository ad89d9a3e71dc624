// biome-ignore-all lint/a11y/useFocusableInteractive: the tree has the focus and names its active line
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the tree hears the keys
import { IconChevronRight, IconPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { type LineView, previewOf, visible } from '../../../ui/payload/bytes.ts';
import { rateText } from './rate-text.ts';
import css from './Topics.module.css';
import type { TreeRow } from './tree-rows.ts';

interface Props {
  readonly id: string;
  readonly row: TreeRow;
  readonly now: number;
  readonly offset: number;
  readonly chosen: boolean;
  readonly view: LineView;
  readonly onChoose: (row: TreeRow) => void;
  readonly onToggle: (row: TreeRow) => void;
}

/** Deeper levels are not moved in any further: their names would be out of sight. */
const mostIndented = 8;

export function TopicRow({ id, row, now, offset, chosen, view, onChoose, onToggle }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { node, open } = row;
  const rate = rateText(node.rate.at(now));
  return (
    <div
      id={id}
      className={css.row}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-expanded={open ?? undefined}
      aria-selected={chosen}
      style={{ transform: `translateY(${offset}px)`, paddingLeft: 4 + Math.min(node.depth, mostIndented) * 18 }}
      onClick={() => onChoose(row)}
    >
      <span
        className={css.chevron}
        data-open={open ?? undefined}
        aria-hidden
        onClick={(event) => {
          if (open === null) return;
          event.stopPropagation();
          onToggle(row);
        }}
      >
        {open !== null && <IconChevronRight size={18} stroke={2} />}
      </span>
      <span className={css.name}>
        <b>{node.name === '' ? t('tester.topics.noName') : visible(node.name.slice(0, 200))}</b>
        {node.retained && (
          <span title={t('tester.stream.retained')}>
            <IconPin size={14} aria-hidden />
            <span className="visually-hidden">{t('tester.stream.retained')}</span>
          </span>
        )}
      </span>
      <span className={css.total}>{format.number(node.total)}</span>
      <span className={css.value}>
        {node.last !== null
          ? previewOf(node.last.payload, view)
          : t('tester.topics.below', { count: node.topics, topics: format.number(node.topics) })}
      </span>
      <span className={css.rate}>{rate && t(`tester.topics.per.${rate.unit}`, { rate: format.number(rate.value) })}</span>
    </div>
  );
}
