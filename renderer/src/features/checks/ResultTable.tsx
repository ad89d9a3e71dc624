// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>, its rows are placed absolutely
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is what has the focus, one at a time
import { IconCheck, IconHelpCircle, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckOutcome, CheckReport, CheckResult } from '../../../../shared/model/check.ts';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import { useGridRows } from '../../ui/useGridRows.ts';
import css from './Results.module.css';
import { rounded } from './results.ts';
import { useDuration } from './words.ts';

const rowHeight = 52;
const headHeight = 44;
/** Rows that are seen at once; a longer list scrolls. */
const mostRows = 9;
const columns = ['device', 'check', 'outcome', 'time'] as const;

const tones: Readonly<Record<CheckOutcome, Tone>> = { passed: 'ok', failed: 'bad', untried: 'due' };
const signs = { passed: IconCheck, failed: IconX, untried: IconHelpCircle };

interface Props {
  readonly report: CheckReport;
  readonly results: readonly CheckResult[];
  readonly chosen: CheckResult | null;
  readonly onChoose: (result: CheckResult | null) => void;
}

/** Every check of every device, of which only the rows in view exist; one of them is in the tab order, the arrow keys move it. */
export function ResultTable({ report, results, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const total = results.length;
  const { scroller, virtualizer, active, setActive, move } = useGridRows({ count: total, rowHeight, headHeight });
  const choose = (index: number) => {
    const result = results[index];
    if (result) onChoose(result === chosen ? null : result);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return choose(active);
    }
    move(event);
  };
  return (
    <div
      ref={scroller}
      className={css.table}
      style={{ height: headHeight + rowHeight * Math.min(total, mostRows) + 2 }}
      role="grid"
      aria-label={t('checks.result.table')}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
    >
      <div className={css.head} role="rowgroup">
        <div className={css.row} role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column} role="columnheader" data-column={column}>
              {t(`checks.result.column.${column}`)}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={css.body} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const result = results[index];
          if (!result) return null;
          return (
            <Line
              key={index}
              index={index}
              offset={start - headHeight}
              result={result}
              check={report.checks[result.check]?.name ?? ''}
              active={index === active}
              chosen={result === chosen}
              onChoose={() => {
                setActive(index);
                choose(index);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  readonly index: number;
  readonly offset: number;
  readonly result: CheckResult;
  readonly check: string;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Line({ index, offset, result, check, active, chosen, onChoose }: LineProps) {
  const { t } = useTranslation();
  const duration = useDuration();
  const { device, outcome, reason, roundTrip } = result;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the rows' group hears the keys
    <div
      role="row"
      className={css.row}
      data-index={index}
      data-chosen={chosen || undefined}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      tabIndex={active ? 0 : -1}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={onChoose}
    >
      <div role="gridcell" data-column="device">
        {device === null ? <i>{t('checks.result.noDevice')}</i> : <b>{device}</b>}
      </div>
      <div role="gridcell" data-column="check" title={check}>
        <span>{check}</span>
      </div>
      <div role="gridcell" data-column="outcome">
        <TonePill tone={tones[outcome]} icon={signs[outcome]}>
          {t(`checks.outcome.${outcome}`)}
        </TonePill>
        {reason !== null && <span>{t(`checks.reason.${reason}`)}</span>}
      </div>
      <div role="gridcell" data-column="time">
        {roundTrip === null ? '–' : duration(rounded(roundTrip))}
      </div>
    </div>
  );
}
