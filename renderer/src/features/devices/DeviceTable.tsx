// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>, its rows are placed absolutely
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is what has the focus, one at a time
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../ui/now.ts';
import { useGridRows } from '../../ui/useGridRows.ts';
import { DeviceLine } from './DeviceLine.tsx';
import css from './DeviceTable.module.css';
import { headState, type Selection } from './selection.ts';
import type { DeviceRow } from './useDeviceRows.ts';

const rowHeight = 56;
const headHeight = 44;
const columns = ['select', 'device', 'state', 'life', 'expires', 'serial', 'role'] as const;

interface Props {
  readonly total: number;
  readonly rowAt: (index: number) => DeviceRow | undefined;
  readonly onRange: (first: number, last: number) => void;
  readonly onOpen: (deviceId: number) => void;
  readonly selection: Selection;
  readonly onToggle: (index: number, withRange: boolean) => void;
  readonly onAll: () => void;
  readonly onClear: () => void;
}

/**
 * A table of any length of which only the visible rows exist. To assistive technology it is a grid that knows its
 * full size; one row at a time is in the tab order, the arrow keys move it.
 */
export function DeviceTable({ total, rowAt, onRange, onOpen, selection, onToggle, onAll, onClear }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const { scroller, virtualizer, active, setActive, move } = useGridRows({ count: total, rowHeight, headHeight });
  const items = virtualizer.getVirtualItems();
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useEffect(() => onRange(startIndex, endIndex), [onRange, startIndex, endIndex]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ') {
      event.preventDefault();
      onToggle(active, event.shiftKey);
      return;
    }
    if (event.key === 'Enter') {
      const row = rowAt(active);
      event.preventDefault();
      if (row) onOpen(row.deviceId);
      return;
    }
    move(event);
  };

  const head = headState(selection.size, total);
  return (
    <div
      ref={scroller}
      className={css.table}
      data-tour="certificate"
      role="grid"
      aria-label={t('devices.table')}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-multiselectable
    >
      <div className={css.head} role="rowgroup">
        <div className={css.row} role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column} role="columnheader" data-column={column}>
              {column === 'select' ? (
                <HeadBox state={head} label={t('devices.selectAll', { count: total })} onAll={onAll} onClear={onClear} />
              ) : (
                t(`devices.column.${column}`)
              )}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={css.body} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
        {items.map(({ index, start }) => (
          <DeviceLine
            key={index}
            index={index}
            offset={start - headHeight}
            row={rowAt(index)}
            now={now}
            active={index === active}
            chosen={selection.has(rowAt(index)?.deviceId ?? -1)}
            onToggle={onToggle}
            onActivate={setActive}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  );
}

interface HeadProps {
  readonly state: 'none' | 'some' | 'all';
  readonly label: string;
  readonly onAll: () => void;
  readonly onClear: () => void;
}

/** Chooses everything that matches, also what was never on screen; with something chosen it clears the choice. */
function HeadBox({ state, label, onAll, onClear }: HeadProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = state === 'some';
  }, [state]);
  return (
    <label className={css.box}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={state === 'all'}
        onChange={() => (state === 'none' ? onAll() : onClear())}
      />
    </label>
  );
}
