// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>, its rows are placed absolutely
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is what has the focus, one at a time
import type { KeyboardEvent, ReactNode } from 'react';
import { useGridRows } from '../../ui/useGridRows.ts';
import css from './Rows.module.css';

const rowHeight = 52;
const headHeight = 40;

interface Props {
  readonly label: string;
  readonly kind: 'clients' | 'addresses';
  readonly columns: readonly { readonly name: string; readonly label: string }[];
  readonly count: number;
  /** One for each column. */
  readonly cells: (index: number) => readonly ReactNode[] | null;
  readonly onOpen: (index: number) => void;
}

/** A table of which only the rows in view exist; one row is in the tab order, the arrow keys move it, Enter opens it. */
export function Rows({ label, kind, columns, count, cells, onOpen }: Props) {
  const { scroller, virtualizer, active, setActive, move } = useGridRows({ count, rowHeight, headHeight });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(active);
      return;
    }
    move(event);
  };
  const height = Math.min(headHeight + count * rowHeight, 10 * rowHeight) + 2;
  return (
    <div
      ref={scroller}
      className={css.table}
      style={{ height }}
      data-kind={kind}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
    >
      <div className={css.head} role="rowgroup">
        <div className={css.row} role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column.name} role="columnheader" data-column={column.name}>
              {column.label}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={css.body} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it handles the keys of all rows
          <div
            key={index}
            className={css.row}
            role="row"
            aria-rowindex={index + 2}
            tabIndex={index === active ? 0 : -1}
            data-index={index}
            style={{ transform: `translateY(${start - headHeight}px)` }}
            onFocus={() => setActive(index)}
            onClick={() => onOpen(index)}
          >
            {cells(index)?.map((cell, column) => (
              <div
                key={columns[column]?.name}
                role="gridcell"
                data-column={columns[column]?.name}
                title={typeof cell === 'string' ? cell : undefined}
              >
                {cell}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
