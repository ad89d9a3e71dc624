import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogAddress, LogClient, LogReport, RefusalCause } from '../../../../shared/model/broker-log.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import type { Format } from '../../locales/format.ts';
import { TextField } from '../../ui/Field.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './BrokerLog.module.css';
import type { Subject } from './BrokerLogPage.tsx';
import { Rows } from './Rows.tsx';

interface Props {
  readonly report: LogReport;
  readonly onShow: (subject: Subject) => void;
}

/** Everybody who came, by name and by address. */
export function Tables({ report, onShow }: Props) {
  const { t } = useTranslation();
  const [which, setWhich] = useState<'clients' | 'addresses'>('clients');
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim().toLowerCase(), 120);
  const { clients, addresses } = report;
  const found = useMemo(
    () => ({
      clients: clients.filter(({ client, user, addresses: from }) => has([client, user, ...from], search)),
      addresses: addresses.filter(({ address, clients: names }) => has([address, ...names], search)),
    }),
    [clients, addresses, search],
  );
  const more = which === 'clients' ? report.moreClients : report.moreAddresses;
  const rows = found[which].length;
  return (
    <Panel title={t('log.tables.label')}>
      <div className={css.tools}>
        <div className={css.chips}>
          {(['clients', 'addresses'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={each === which} onClick={() => setWhich(each)}>
              {t(`log.tables.${each}`)} <Count of={report[each].length} />
            </button>
          ))}
        </div>
        <TextField
          label={t('log.tables.search')}
          placeholder={t('log.tables.searchHint')}
          value={text}
          onChange={setText}
          maxLength={200}
        />
      </div>
      {rows === 0 ? (
        <p className={css.none}>{t(search === '' ? 'log.tables.empty' : 'log.tables.nothing')}</p>
      ) : which === 'clients' ? (
        <Clients rows={found.clients} onShow={onShow} />
      ) : (
        <Addresses rows={found.addresses} onShow={onShow} />
      )}
      {more > 0 && <p className={css.none}>{t('log.tables.more', { count: more })}</p>}
    </Panel>
  );
}

function has(names: readonly string[], search: string): boolean {
  return search === '' || names.some((name) => name.toLowerCase().includes(search));
}

function Count({ of }: { readonly of: number }) {
  const format = useFormat();
  return <span className={css.faint}>{format.number(of)}</span>;
}

function Clients({ rows, onShow }: { readonly rows: readonly LogClient[]; readonly onShow: (subject: Subject) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Rows
      label={t('log.tables.clients')}
      kind="clients"
      columns={(['client', 'state', 'connected', 'trouble', 'last'] as const).map((name) => ({
        name,
        label: t(`log.tables.column.${name}`),
      }))}
      count={rows.length}
      onOpen={(index) => {
        const row = rows[index];
        if (row) onShow({ kind: 'client', name: row.client });
      }}
      cells={(index) => {
        const row = rows[index];
        if (!row) return null;
        return [
          <>
            <b>{row.client}</b>
            {row.user !== '' && row.user !== row.client && <span className={css.faint}>{row.user}</span>}
          </>,
          <span key="state" data-online={row.online || undefined} className={css.presence}>
            {t(row.online ? 'log.tables.online' : 'log.tables.offline')}
          </span>,
          format.number(row.connected),
          troubles(row)
            .map(([name, count]) => (name === 'dropped' ? t('log.tables.dropped') : t(`log.tables.${name}`, { count })))
            .join(', '),
          seen(row.last, format),
        ];
      }}
    />
  );
}

/** What went wrong with a client, the worst first. */
function troubles(
  row: LogClient,
): [name: 'takeovers' | 'refused' | 'denied' | 'dropped' | 'oversize' | 'timeouts', count: number][] {
  return (['refused', 'takeovers', 'denied', 'dropped', 'oversize', 'timeouts'] as const).flatMap((name) =>
    row[name] > 0 ? [[name, row[name]] as const] : [],
  ) as ReturnType<typeof troubles>;
}

function Addresses({ rows, onShow }: { readonly rows: readonly LogAddress[]; readonly onShow: (subject: Subject) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Rows
      label={t('log.tables.addresses')}
      kind="addresses"
      columns={(['address', 'connected', 'refused', 'cause', 'clients', 'last'] as const).map((name) => ({
        name,
        label: t(`log.tables.column.${name}`),
      }))}
      count={rows.length}
      onOpen={(index) => {
        const row = rows[index];
        if (row) onShow({ kind: 'address', name: row.address });
      }}
      cells={(index) => {
        const row = rows[index];
        if (!row) return null;
        const cause = causesOf(row)[0];
        return [
          <b key="address" className="mono">
            {row.address}
          </b>,
          format.number(row.connected),
          format.number(row.refused),
          cause ? t(`log.causeShort.${cause[0]}`) : row.silent > 0 ? t('log.tables.silent', { count: row.silent }) : '',
          row.clients.slice(0, 3).join(', ') + (row.clients.length > 3 || row.moreClients ? '…' : ''),
          seen(row.last, format),
        ];
      }}
    />
  );
}

/** Why an address was refused, the most frequent first. */
export function causesOf({ causes }: LogAddress): [RefusalCause, number][] {
  return (Object.entries(causes) as [RefusalCause, number][]).sort((a, b) => b[1] - a[1]);
}

function seen(at: number | null, format: Format): string {
  return at === null ? '' : format.dateTime(at);
}
