import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Button, Drawer } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { LogReport } from '../../../../shared/model/broker-log.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import type { Format } from '../../locales/format.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './BrokerLog.module.css';
import type { Subject } from './BrokerLogPage.tsx';
import type { Span } from './store.ts';
import { causesOf } from './Tables.tsx';
import { useDevices } from './useDevices.ts';

interface Props {
  readonly subject: Subject;
  readonly report: LogReport;
  readonly span: Span | null;
  readonly projectId: number | undefined;
  readonly onClose: () => void;
}

/** One client or address: what is known of it, and what the log says in its own words. */
export function Details({ subject, report, span, projectId, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, name } = subject;
  const client = kind === 'client' ? report.clients.find((each) => each.client === name) : undefined;
  const address = kind === 'address' ? report.addresses.find((each) => each.address === name) : undefined;
  const names = client ? [client.user, client.client].filter((each) => each !== '') : (address?.clients ?? [name]);
  const devices = useDevices(projectId, names);
  const links = names.filter((each) => devices.has(each)).slice(0, client ? 1 : 8);
  const lines = useCall('log.lines', { files: [...report.files], text: name, span });
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={720}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.drawer ?? '', body: css.drawerBody ?? '' }}
    >
      <Drawer.Overlay backgroundOpacity={0.45} />
      <Drawer.Content aria-label={name} radius={0}>
        <div className={css.drawerHead}>
          <h2 className={kind === 'address' ? 'mono' : undefined}>{name}</h2>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('common.close')} />
        </div>
        <Drawer.Body>
          <Facts facts={client ? factsOfClient(client, t, format) : address ? factsOfAddress(address, t, format) : []} />
          {links.length > 0 && (
            <div className={css.links}>
              {links.map((each) => (
                <Button
                  key={each}
                  component="a"
                  variant="default"
                  href={hrefOf('devices', { device: String(devices.get(each)) })}
                >
                  {t('log.findings.device', { name: each })}
                </Button>
              ))}
            </div>
          )}
          <h3>{t('log.detail.lines')}</h3>
          {lines.isError ? (
            <ErrorPanel error={reportOf(lines.error)} onRetry={() => void lines.refetch()} />
          ) : lines.isPending ? (
            <p role="status">{t('log.detail.reading')}</p>
          ) : lines.data.lines.length === 0 ? (
            <p>{t('log.detail.noLines')}</p>
          ) : (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
              <ol className={css.lines} tabIndex={0} aria-label={t('log.detail.lines')}>
                {lines.data.lines.map(({ at, text }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
                  <li key={index}>
                    {at !== null && <time dateTime={new Date(at).toISOString()}>{`${format.date(at)} ${format.time(at)}`}</time>}
                    <span lang="en">{text}</span>
                  </li>
                ))}
              </ol>
              {lines.data.more && <p className={css.faint}>{t('log.detail.moreLines', { count: lines.data.lines.length })}</p>}
            </>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

const versions: Readonly<Record<number, string>> = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5' };

function factsOfClient(row: LogReport['clients'][number], t: TFunction, format: Format): Fact[] {
  return [
    { term: t('log.tables.column.state'), value: t(row.online ? 'log.tables.online' : 'log.tables.offline') },
    { term: t('log.tables.column.connected'), value: format.number(row.connected) },
    ...(row.user !== '' && row.user !== row.client ? [{ term: t('log.detail.user'), value: row.user }] : []),
    ...(versions[row.level] ? [{ term: t('log.detail.level'), value: versions[row.level] }] : []),
    ...whenOf(row, t, format),
    ...(row.addresses.length > 0 ? [{ term: t('log.detail.addresses'), value: row.addresses.join(', '), wide: true }] : []),
    ...(row.topics.length > 0 ? [{ term: t('log.detail.topics'), value: row.topics.join(', '), wide: true }] : []),
  ];
}

function factsOfAddress(row: LogReport['addresses'][number], t: TFunction, format: Format): Fact[] {
  const causes = causesOf(row).map(([cause, count]) => `${t(`log.causeShort.${cause}`)} (${format.number(count)})`);
  return [
    { term: t('log.tables.column.connected'), value: format.number(row.connected) },
    { term: t('log.tables.column.refused'), value: format.number(row.refused) },
    ...(row.guessed > 0 ? [{ term: t('log.detail.guessed'), value: format.number(row.guessed) }] : []),
    ...(row.peak > 0 ? [{ term: t('log.detail.peak'), value: format.number(row.peak) }] : []),
    ...whenOf(row, t, format),
    ...(causes.length > 0 ? [{ term: t('log.detail.causes'), value: causes.join(', '), wide: true }] : []),
    ...(row.clients.length > 0
      ? [{ term: t('log.detail.clients'), value: row.clients.join(', ') + (row.moreClients ? '…' : ''), wide: true }]
      : []),
  ];
}

function whenOf(
  { first, last }: { readonly first: number | null; readonly last: number | null },
  t: TFunction,
  format: Format,
): Fact[] {
  return [
    ...(first === null ? [] : [{ term: t('log.detail.first'), value: format.dateTime(first) }]),
    ...(last === null ? [] : [{ term: t('log.detail.last'), value: format.dateTime(last) }]),
  ];
}
