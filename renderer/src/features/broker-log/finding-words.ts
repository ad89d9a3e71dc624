import type { TFunction } from 'i18next';
import type { LogFinding } from '../../../../shared/model/broker-log.ts';
import type { Format } from '../../locales/format.ts';

export function titleOf({ kind, address, client }: LogFinding, t: TFunction): string {
  return t(`log.finding.${kind}.title`, { address, client });
}

/** How often, how fast and how sure, in one line. */
export function measureOf({ count, peak, guessed, kind }: LogFinding, t: TFunction): string {
  const parts = [t('log.findings.times', { count })];
  if (peak !== undefined && peak > 0)
    parts.push(t(kind === 'spike' ? 'log.findings.usual' : 'log.findings.peak', { count: peak }));
  if (guessed) parts.push(t('log.findings.guess', { count: guessed }));
  return parts.join(' · ');
}

/** What is known beyond the title: the cause, names, the broker's words. */
export function facts(finding: LogFinding, t: TFunction, format: Format): string[] {
  const { kind, detail = [], cause, ongoing } = finding;
  const list = (items: readonly string[]) => format.list(items);
  switch (kind) {
    case 'everyone-refused': {
      const [after = '', ...addresses] = detail;
      return [
        ...(after === 'reload' || after === 'start' ? [t(`log.after.${after}`)] : []),
        ...(ongoing ? [] : [t('log.over')]),
        ...(addresses.length > 0 ? [t('log.findings.from', { list: list(addresses) })] : []),
      ];
    }
    case 'spike':
      return detail.length > 0 ? [t('log.spikeStart')] : [];
    case 'same-identity':
      return detail.length > 0 ? [t('log.findings.from', { list: list(detail) })] : [];
    case 'unexpected-address':
      return detail.length > 0 ? [t('log.findings.as', { list: list(detail) })] : [];
    case 'denied':
      return detail.length > 0 ? [t('log.findings.topics', { list: list(detail) })] : [];
    default:
      return cause === undefined ? [] : [t(`log.cause.${cause}`)];
  }
}

/** From when to when, as short as it can be said. */
export function spanOf({ first, last }: Pick<LogFinding, 'first' | 'last'>, t: TFunction, format: Format): string {
  if (first === null || last === null) return '';
  const [from, to] = [format.dateTime(first), format.dateTime(last)];
  if (from === to) return from;
  const sameDay = format.date(first) === format.date(last);
  return t('log.range', { from, to: sameDay ? format.time(last) : to });
}
