import type { DoctorStepReport } from '../../../../shared/model/doctor.ts';
import type { About, Words } from '../../ui/diagnosis-words.ts';

/** One quiet sentence about what a step saw; empty where there is nothing to say. */
export function seenText(report: DoctorStepReport, about: About, { t, format }: Words): string {
  if (report.outcome === 'skipped') return t(`doctor.skipped.${report.skipped ?? 'not-possible'}`, { host: about.host });
  if (report.evidence === null) return '';
  switch (report.step) {
    case 'files': {
      const [own] = report.evidence.chain;
      const said = own
        ? t('doctor.seen.key', { key: own.key, date: format.date(own.notAfter) })
        : report.evidence.login
          ? ''
          : t('doctor.seen.noCertificate');
      return [said, report.evidence.login ? t('doctor.seen.login') : ''].filter(Boolean).join(' ');
    }
    case 'predicted':
      return report.evidence.nextUpdate === null ? '' : t('doctor.seen.list', { date: format.date(report.evidence.nextUpdate) });
    case 'dns':
      return format.list(report.evidence.addresses.map(({ address }) => address));
    case 'tcp':
      return report.evidence.used === null || report.evidence.used === about.host
        ? ''
        : t('doctor.seen.answered', { address: report.evidence.used });
    case 'tls': {
      const { protocol, presented } = report.evidence;
      if (protocol === null) return '';
      return t('doctor.seen.secured', { protocol: tlsName(protocol), broker: presented[0]?.subject ?? '–' });
    }
    case 'admission': {
      const { provenBy } = report.evidence;
      if (provenBy === null) return '';
      return t(provenBy === 'connack' ? 'doctor.seen.provenConnack' : 'doctor.seen.provenHandshake');
    }
    case 'connack': {
      const { clientId, capabilities } = report.evidence;
      const version = mqttVersion(capabilities.protocolVersion);
      return clientId === '' ? t('doctor.seen.mqttNameless', { version }) : t('doctor.seen.mqtt', { version, clientId });
    }
    case 'subscribe':
      return report.evidence.filters.map(({ filter }) => filter).join(', ');
    case 'loopback':
      return report.evidence.trips
        .map(({ from, to, milliseconds }) =>
          milliseconds === null
            ? t('doctor.seen.lost', { from, to })
            : t('doctor.seen.trip', { from, to, milliseconds: Math.round(milliseconds) }),
        )
        .join(' · ');
    case 'access':
      return report.outcome === 'failed' ? '' : t('doctor.seen.checks', { count: report.evidence.checks.length });
    case 'negative': {
      const tried = report.evidence.refusals.filter(({ seen }) => seen !== 'untried');
      if (tried.length === 0) return '';
      return t('doctor.seen.refused', { refused: tried.filter(({ seen }) => seen === 'refused').length, tried: tried.length });
    }
  }
}

/** `TLSv1.3` as people write it. */
export function tlsName(protocol: string): string {
  return protocol.replace('TLSv', 'TLS ');
}

export function mqttVersion(version: 4 | 5): string {
  return version === 5 ? '5' : '3.1.1';
}

/** How long something took: milliseconds below a second, seconds with one decimal from there. */
export function durationText(milliseconds: number, { t, format }: Words): string {
  return milliseconds < 1_000
    ? t('doctor.milliseconds', { milliseconds: Math.round(milliseconds) })
    : t('doctor.seconds', { seconds: format.number(Math.round(milliseconds / 100) / 10) });
}
