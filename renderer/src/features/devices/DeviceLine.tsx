// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>, its rows are placed absolutely
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is what has the focus, one at a time
import { IconShieldX } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { isRefused } from '../../../../shared/rules/certificate-state.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { shortHex } from '../../ui/hex.ts';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { roleName } from '../../ui/role-name.ts';
import { StatePill, TonePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import css from './DeviceTable.module.css';
import type { DeviceRow } from './useDeviceRows.ts';

interface Props {
  readonly index: number;
  /** Pixels from the top of the table's body. */
  readonly offset: number;
  readonly row: DeviceRow | undefined;
  readonly now: number;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onActivate: (index: number) => void;
  readonly onOpen: (deviceId: number) => void;
  readonly onToggle: (index: number, withRange: boolean) => void;
}

/** One row. Memoised: while scrolling only the rows that come into view are rendered. */
export const DeviceLine = memo(function DeviceLine(props: Props) {
  const { index, offset, row, now, active, chosen, onActivate, onOpen, onToggle } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it handles the keys of all rows
    <div
      className={css.row}
      role="row"
      aria-rowindex={index + 2}
      aria-busy={row === undefined || undefined}
      aria-selected={chosen}
      tabIndex={active ? 0 : -1}
      data-index={index}
      style={{ transform: `translateY(${offset}px)` }}
      onFocus={() => onActivate(index)}
      onClick={() => row && onOpen(row.deviceId)}
    >
      {row ? (
        <>
          <Box id={row.id} chosen={chosen} onToggle={(withRange) => onToggle(index, withRange)} />
          <Cells row={row} now={now} />
        </>
      ) : (
        <WaitingCells />
      )}
    </div>
  );
});

interface BoxProps {
  readonly id: string;
  readonly chosen: boolean;
  readonly onToggle: (withRange: boolean) => void;
}

/** Not in the tab order: Space on the row does the same. The whole cell is the target, for fingers. */
function Box({ id, chosen, onToggle }: BoxProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Space on the row
    <div
      role="gridcell"
      className={css.box}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(event.shiftKey);
      }}
      // Shift and click would select the text between
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <input type="checkbox" tabIndex={-1} aria-label={t('devices.select', { id })} checked={chosen} readOnly />
    </div>
  );
}

function Cells({ row, now }: { readonly row: DeviceRow; readonly now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { notBefore, notAfter, renewFrom } = row;
  // nobody waits for the end of what is revoked or held: the day on which it was counts
  const revokedAt = isRefused(row.state) ? row.revokedAt : null;
  const at = revokedAt ?? notAfter;
  if (!row.trusted) return <UntrustedCells row={row} />;
  const none = <span aria-hidden>{t('devices.row.noCertificate')}</span>;
  return (
    <>
      <div role="rowheader" className={css.id} title={row.id}>
        {row.id}
        {row.shared > 0 && <span className={css.shared}>{t('credentials.shared.mark', { count: row.shared })}</span>}
      </div>
      <div role="gridcell">
        <StatePill state={row.state} />
      </div>
      <div role="gridcell">
        {notBefore !== null && notAfter !== null && renewFrom !== null && (
          <LifeBar life={{ state: row.state, notBefore, notAfter, renewFrom, revokedAt: row.revokedAt }} />
        )}
      </div>
      <div role="gridcell">
        {at === null ? (
          none
        ) : revokedAt !== null ? (
          t(row.state === 'hold' ? 'devices.row.heldSince' : 'devices.row.revokedSince')
        ) : (
          <Time at={at}>{format.relative(at, now)}</Time>
        )}
        {at !== null && (
          <div className={css.date}>{revokedAt === null ? format.date(at) : <Time at={at}>{format.date(at)}</Time>}</div>
        )}
      </div>
      <div role="gridcell" className="mono">
        {row.serial === null ? none : shortHex(row.serial)}
      </div>
      <div role="gridcell" className={css.role}>
        {roleName(t, row.role)}
      </div>
    </>
  );
}

/** The name is all that is shown: what else stands in the entry may be what was changed. */
function UntrustedCells({ row }: { readonly row: DeviceRow }) {
  const { t } = useTranslation();
  return (
    <>
      <div role="rowheader" className={css.id} title={row.id}>
        {row.id}
      </div>
      <div role="gridcell" aria-colspan={2} className={css.untrusted}>
        <TonePill tone="bad" icon={IconShieldX}>
          <span title={t('common.untrusted.meaning')}>{t('common.untrusted.state')}</span>
        </TonePill>
      </div>
      {['expires', 'serial', 'role'].map((cell) => (
        <div key={cell} role="gridcell">
          <span aria-hidden>{t('devices.row.noCertificate')}</span>
        </div>
      ))}
    </>
  );
}

const cells = [0, 1, 2, 3, 4, 5, 6];

function WaitingCells() {
  return cells.map((cell) => (
    <div key={cell} role="gridcell">
      <span className={css.waiting} />
    </div>
  ));
}
