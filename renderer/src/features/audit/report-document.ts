import type { TFunction } from 'i18next';
import {
  type AuditGroup,
  type AuditReport,
  auditGroupOf,
  auditGroups,
  knownAction,
  type ReportSection,
  reportSections,
} from '../../../../shared/model/audit.ts';
import type { PrintedBlock, PrintedDocument } from '../../../../shared/model/printed.ts';
import type { Format } from '../../locales/format.ts';
import { colonHex } from '../../ui/hex.ts';
import { chainSentence, rowSentence } from './Check.tsx';
import { momentOf, sentenceOf } from './sentence.ts';
import { wordOf } from './word.ts';

/** The evidence report as a document in the language of the window. */
export function reportDocument(
  report: AuditReport,
  { t, format, language, vaultFile }: { t: TFunction; format: Format; language: string; vaultFile: string },
): PrintedDocument {
  const { verification } = report;
  const day = (time: number | null, open: string) => (time === null ? open : format.dateTime(time));
  const period = t('audit.report.between', {
    from: day(report.since, t('audit.report.beginning')),
    to: day(report.until, t('audit.report.now')),
  });
  const heading = (text: string): PrintedBlock => ({ kind: 'heading', text });
  const blocks: PrintedBlock[] = [
    {
      kind: 'facts',
      facts: [
        [t('audit.report.vault'), vaultFile],
        [t('audit.report.period'), period],
        [t('audit.report.made'), format.exact(report.madeAt).replace('\n', ' · ')],
        [t('audit.report.by'), report.operator],
      ],
    },
    verdict(report, t, format),
    heading(t('audit.report.authorities')),
    {
      kind: 'table',
      columns: (['project', 'authority', 'state', 'until', 'fingerprint'] as const).map((column) => t(`audit.report.${column}`)),
      mono: [4],
      rows: report.authorities.map(({ project, name, state, notAfter, fingerprint }) => [
        project,
        name,
        wordOf(t, 'audit.state', state),
        format.date(notAfter),
        colonHex(fingerprint),
      ]),
    },
    heading(t('audit.report.counts')),
    {
      kind: 'table',
      columns: [t('audit.report.act'), t('audit.report.count')],
      mono: [],
      rows: auditGroups.map((group) => [t(`audit.groups.${group}`), format.number(countOf(report, group))]),
    },
    heading(t('audit.report.operators')),
    {
      kind: 'table',
      columns: [t('audit.column.operator'), t('audit.report.acts')],
      mono: [],
      rows: report.operators.map(({ operator, acts }) => [operator, format.number(acts)]),
    },
    ...reportSections.flatMap((section) => sectionBlocks(report, section, t, format)),
    heading(t('audit.report.head')),
    ...headBlocks(verification, t, format),
    { kind: 'signature', text: t('audit.report.signature') },
  ];
  return {
    language,
    title: t('audit.report.title'),
    foot: `Fieldkey · ${period}${verification.head === '' ? '' : ` · ${verification.head.slice(0, 16)}…`}`,
    pageNumber: t('audit.report.page'),
    blocks,
  };
}

function countOf({ counts }: AuditReport, group: AuditGroup): number {
  const of = counts.filter(({ action }) => {
    const known = knownAction(action);
    return known !== null && auditGroupOf[known] === group;
  });
  return of.reduce((sum, { count }) => sum + count, 0);
}

function verdict({ verification }: AuditReport, t: TFunction, format: Format): PrintedBlock {
  const { sound, chain, rows, entries } = verification;
  if (sound) {
    const lines = [t('audit.report.soundText', { entries: format.number(entries) })];
    return { kind: 'verdict', good: true, title: t('audit.report.sound'), lines };
  }
  return {
    kind: 'verdict',
    good: false,
    title: t('audit.report.broken'),
    lines: [
      t('audit.report.brokenText'),
      ...(chain ? [chainSentence(chain, t, momentOf(chain.at, t, format))] : [t('audit.check.chainSound')]),
      ...rows.map((row) => rowSentence(row, t)),
    ],
  };
}

function sectionBlocks(report: AuditReport, section: ReportSection, t: TFunction, format: Format): PrintedBlock[] {
  const { total, entries } = report.sections[section];
  const title: PrintedBlock = { kind: 'heading', text: `${t(`audit.report.${section}`)} (${format.number(total)})` };
  if (total === 0) return [title, { kind: 'text', text: t('audit.report.nothing') }];
  const rows = entries.map((entry) => [
    String(entry.seq),
    momentOf(entry.at, t, format),
    entry.operator,
    knownAction(entry.action) === null ? entry.action : sentenceOf(entry, t, format, true),
  ]);
  const more = total - entries.length;
  return [
    title,
    {
      kind: 'table',
      columns: (['seq', 'at', 'operator', 'what'] as const).map((column) => t(`audit.column.${column}`)),
      mono: [0],
      rows,
    },
    ...(more > 0 ? [{ kind: 'text', text: t('audit.report.more', { count: more }) } as const] : []),
  ];
}

function headBlocks({ head, count }: AuditReport['verification'], t: TFunction, format: Format): PrintedBlock[] {
  if (head === '') return [{ kind: 'text', text: t('audit.report.headNone') }];
  return [
    { kind: 'text', text: t('audit.report.headText', { count: format.number(count) }) },
    { kind: 'code', text: head },
    { kind: 'text', text: t('audit.report.headUse') },
  ];
}
