// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>, its rows are placed absolutely
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is what has the focus, one at a time
import {
  type Icon,
  IconAlertTriangle,
  IconCertificate,
  IconFolder,
  IconLock,
  IconPlugConnected,
  IconQuestionMark,
  IconUsb,
} from '@tabler/icons-react';
import { type KeyboardEvent, memo, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditEntry, type AuditGroup, auditGroupOf, knownAction } from '../../../../shared/model/audit.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Time } from '../../ui/Time.tsx';
import { useGridRows } from '../../ui/useGridRows.ts';
import { momentOf, sentenceOf } from './sentence.ts';
import css from './TimeLine.module.css';

const rowHeight = 56;
const headHeight = 44;
const columns = ['at', 'what', 'operator', 'seq'] as const;

const icons: Readonly<Record<AuditGroup, Icon>> = {
  certificates: IconCertificate,
  exports: IconUsb,
  projects: IconFolder,
  vault: IconLock,
  tests: IconPlugConnected,
};

interface Props {
  readonly total: number;
  readonly rowAt: (index: number) => AuditEntry | undefined;
  readonly onRange: (first: number, last: number) => void;
  readonly onOpen: (entry: AuditEntry) => void;
  /** The first number from which on the record is not proven; null = nothing is known against it. */
  readonly brokenFrom: number | null;
}

/** The entries, of which only those in view exist; one row is in the tab order, the arrow keys move it. */
export function TimeLine({ total, rowAt, onRange, onOpen, brokenFrom }: Props) {
  const { t } = useTranslation();
  const { scroller, virtualizer, active, setActive, move } = useGridRows({ count: total, rowHeight, headHeight });
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useEffect(() => onRange(startIndex, endIndex), [onRange, startIndex, endIndex]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      const row = rowAt(active);
      event.preventDefault();
      if (row) onOpen(row);
      return;
    }
    move(event);
  };

  return (
    <div
      ref={scroller}
      className={css.table}
      role="grid"
      aria-label={t('audit.table')}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
    >
      <div className={css.head} role="rowgroup">
        <div className={css.row} role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column} role="columnheader" data-column={column}>
              {t(`audit.column.${column}`)}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={css.body} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <Line
            key={index}
            index={index}
            offset={start - headHeight}
            entry={rowAt(index)}
            active={index === active}
            brokenFrom={brokenFrom}
            onActivate={setActive}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly index: number;
  /** Pixels from the top of the list's body. */
  readonly offset: number;
  readonly entry: AuditEntry | undefined;
  readonly active: boolean;
  readonly brokenFrom: number | null;
  readonly onActivate: (index: number) => void;
  readonly onOpen: (entry: AuditEntry) => void;
}

const Line = memo(function Line({ index, offset, entry, active, brokenFrom, onActivate, onOpen }: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it handles the keys of all rows
    <div
      className={css.row}
      role="row"
      aria-rowindex={index + 2}
      aria-busy={entry === undefined || undefined}
      tabIndex={active ? 0 : -1}
      data-index={index}
      style={{ transform: `translateY(${offset}px)` }}
      onFocus={() => onActivate(index)}
      onClick={() => entry && onOpen(entry)}
    >
      {entry ? (
        <Cells entry={entry} broken={brokenFrom !== null && entry.seq >= brokenFrom} />
      ) : (
        columns.map((column) => (
          <div key={column} role="gridcell">
            <span className={css.waiting} />
          </div>
        ))
      )}
    </div>
  );
});

function Cells({ entry, broken }: { readonly entry: AuditEntry; readonly broken: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const action = knownAction(entry.action);
  const Sign = action === null ? IconQuestionMark : icons[auditGroupOf[action]];
  const when = momentOf(entry.at, t, format);
  const sentence = sentenceOf(entry, t, format);
  return (
    <>
      <div role="gridcell" className={css.when}>
        {when === t('audit.unknownTime') ? when : <Time at={entry.at}>{when}</Time>}
      </div>
      <div role="gridcell" className={css.what}>
        <Sign size={20} stroke={1.7} aria-hidden />
        <span title={sentence}>{sentence}</span>
        {broken && (
          <b>
            <IconAlertTriangle size={16} stroke={2} aria-hidden />
            {t('audit.notProven')}
          </b>
        )}
      </div>
      <div role="gridcell" className={css.who} title={entry.operator}>
        {entry.operator}
      </div>
      <div role="gridcell" className={css.seq}>
        {format.number(entry.seq)}
      </div>
    </>
  );
}
