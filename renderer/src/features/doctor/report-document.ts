import type { TFunction } from 'i18next';
import { type DoctorReport, stepOf } from '../../../../shared/model/doctor.ts';
import type { PrintedBlock, PrintedDocument } from '../../../../shared/model/printed.ts';
import type { Format } from '../../locales/format.ts';
import { aboutReport, alternativesText, findingText, whoText } from '../../ui/diagnosis-words.ts';
import { hexGroups } from '../../ui/hex.ts';
import { capabilityFacts } from './Capabilities.tsx';
import { clocksText } from './Clocks.tsx';
import { durationText, seenText, tlsName } from './seen.ts';

/** Whom the report is about, for a file's name and a heading. */
export function reportName(report: DoctorReport, t: TFunction): string {
  if (report.identity.kind === 'observer') return t('doctor.report.observer');
  return aboutReport(report).id || t('doctor.who.none.who');
}

/** In groups, so that a line ends between two of them. */
function grouped(hex: string): string {
  return hexGroups(hex, 8).join(' ');
}

/** More rows than a document takes; the JSON has all of them. */
const printedAtMost = 1_000;

/** The acceptance report as a document in the language of the window. */
export function acceptanceDocument(
  report: DoctorReport,
  words: { readonly t: TFunction; readonly format: Format; readonly language: string },
): PrintedDocument {
  const { t, format, language } = words;
  const { identity, place, verdict } = report;
  const about = aboutReport(report);
  const title = t('doctor.report.title', { who: reportName(report, t) });
  const tls = stepOf(report, 'tls').evidence;
  const connack = stepOf(report, 'connack').evidence;
  const none = t('doctor.report.none');
  const text = (finding: (typeof report.steps)[number]['findings'][number]) => {
    const said = findingText(finding, about, words);
    return { ...said, alike: alternativesText(finding, about, words) };
  };
  const cause = verdict.cause && text(verdict.cause);
  const findings = report.steps.flatMap((step) =>
    step.findings.map((finding) => {
      const said = text(finding);
      return [t(`doctor.step.${step.step}.name`), said.title, [said.text, said.alike, said.remedy].filter(Boolean).join(' ')];
    }),
  );
  const causeOf = ({ findings: found }: (typeof report.steps)[number]) =>
    found.flatMap((finding) => (finding.weight === 'error' ? [text(finding).title] : [])).join(' · ');
  const trips = stepOf(report, 'loopback').evidence?.trips ?? [];
  const refusals = stepOf(report, 'negative').evidence?.refusals ?? [];
  const checks = stepOf(report, 'access').evidence?.checks ?? [];
  const heading = (words: string): PrintedBlock => ({ kind: 'heading', text: words });
  const optional = (present: boolean, ...blocks: PrintedBlock[]): PrintedBlock[] => (present ? blocks : []);
  const certificates = [
    ...(tls?.presented ?? []).map((each) => [t('doctor.sides.broker'), each] as const),
    ...(stepOf(report, 'files').evidence?.chain ?? []).map((each) => [t('doctor.sides.you'), each] as const),
  ];
  return {
    language,
    title,
    foot: `Fieldkey · ${title} · ${format.dateTime(report.finishedAt)}`,
    pageNumber: t('doctor.report.page'),
    blocks: [
      {
        kind: 'facts',
        facts: [
          ...(report.project === null ? [] : [[t('doctor.report.project'), report.project] as const]),
          [t('doctor.report.broker'), `${place.transport}://${place.host}:${place.port}`],
          [t('doctor.report.identity'), whoText('as', about, t)],
          [t('doctor.report.serial'), identity.serial === null ? none : grouped(identity.serial)],
          [t('doctor.report.fingerprint'), identity.fingerprint === null ? none : grouped(identity.fingerprint)],
          [t('doctor.report.security'), tls?.protocol ? `${tlsName(tls.protocol)}, ${tls.cipher ?? ''}` : none],
          [t('doctor.report.when'), format.exact(report.startedAt).replace('\n', ' · ')],
          [t('doctor.report.duration'), durationText(report.finishedAt - report.startedAt, words)],
          [t('doctor.report.extent'), t(report.quick ? 'doctor.report.quick' : 'doctor.report.full')],
          ...(report.operator === null ? [] : [[t('doctor.report.by'), report.operator] as const]),
        ],
      },
      {
        kind: 'verdict',
        good: verdict.outcome === 'healthy' || verdict.outcome === 'remarks',
        title: t(`doctor.report.outcome.${verdict.outcome}`),
        lines: cause ? [cause.title, cause.text, cause.alike, cause.remedy].filter(Boolean) : [],
      },
      heading(t('doctor.steps')),
      {
        kind: 'table',
        columns: (['step', 'result', 'time', 'seen'] as const).map((column) => t(`doctor.report.${column}`)),
        mono: [],
        rows: report.steps.map((step) => [
          t(`doctor.step.${step.step}.name`),
          t(`doctor.state.${step.outcome}`),
          step.outcome === 'skipped' ? none : durationText(step.milliseconds, words),
          step.outcome === 'failed' ? causeOf(step) || none : seenText(step, about, words) || none,
        ]),
      },
      ...optional(findings.length > 0, heading(t('doctor.report.findings')), {
        kind: 'table',
        columns: [t('doctor.report.step'), t('doctor.report.findings'), t('doctor.report.seen')],
        mono: [],
        rows: findings,
      }),
      ...optional(trips.length > 0, heading(t('doctor.report.trips')), {
        kind: 'table',
        columns: [t('doctor.report.way'), t('doctor.facts.topic'), t('doctor.report.time')],
        mono: [1],
        rows: trips.map(({ from, to, topic, milliseconds }) => [
          `${from} → ${to}`,
          topic,
          milliseconds === null ? none : durationText(milliseconds, words),
        ]),
      }),
      ...optional(refusals.length > 0, heading(t('access.prove.refusals')), {
        kind: 'table',
        columns: [t('access.prove.refusals'), t('doctor.report.result')],
        mono: [],
        rows: refusals.map(({ test, seen }) => [
          t(`access.prove.refusal.${test}`),
          t(`access.prove.${seen === 'untried' ? 'notTried' : seen}`),
        ]),
      }),
      ...optional(checks.length > 0, heading(t('doctor.access.title')), {
        kind: 'table',
        columns: [
          t('access.prove.columns.who'),
          t('access.prove.report.verb'),
          t('access.prove.columns.topic'),
          t('doctor.access.columns.should'),
          t('doctor.access.columns.was'),
        ],
        mono: [0, 2],
        rows: checks
          .slice(0, printedAtMost)
          .map(({ who, verb, topic, expected, seen }) => [
            who,
            t(`access.prove.report.${verb}`),
            topic,
            t(`access.prove.cell.${expected ? 'allowed' : 'denied'}`),
            t(`access.prove.cell.${seen}`),
          ]),
      }),
      ...optional(certificates.length > 0, heading(t('doctor.report.chain')), {
        kind: 'table',
        columns: [t('doctor.report.from'), t('doctor.report.chain'), t('doctor.report.fingerprint')],
        mono: [2],
        rows: certificates.map(([from, { subject, issuer, notAfter, selfSigned, fingerprint }]) => [
          from,
          [
            subject,
            selfSigned ? t('doctor.sides.selfSigned') : t('doctor.sides.signedBy', { name: issuer }),
            t('doctor.sides.until', { date: format.date(notAfter) }),
          ].join(', '),
          grouped(fingerprint),
        ]),
      }),
      heading(t('doctor.clocks.title')),
      { kind: 'text', text: clocksText(report.clocks, words).join(' · ') },
      ...(connack
        ? [heading(t('doctor.can.title')), { kind: 'facts', facts: capabilityFacts(connack.capabilities, words) } as const]
        : []),
      { kind: 'signature', text: t('doctor.report.signature') },
    ],
  };
}
