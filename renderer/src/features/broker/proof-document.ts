import type { TFunction } from 'i18next';
import type { PrintedBlock, PrintedDocument } from '../../../../shared/model/printed.ts';
import type { ProofCheck, ProofReport } from '../../../../shared/model/proof.ts';
import { usersFile } from '../../../../shared/rules/password.ts';
import { differs } from '../../../../shared/rules/proof-judgement.ts';
import type { Format } from '../../locales/format.ts';

/** More rows than a document takes; the JSON has all of them. */
const printedAtMost = 5_000;

/** What was tried and what of it was otherwise, in one line. */
export function proofSummary({ checks, refusals }: ProofReport, t: TFunction): string {
  const different = checks.filter(differs).length;
  const admitted = refusals.filter(({ seen }) => seen === 'accepted').length;
  const untried = checks.filter(({ seen }) => seen === 'untried').length;
  return [
    t('access.prove.summary', { count: checks.length }),
    different > 0 ? t('access.prove.different', { count: different }) : t('access.prove.same'),
    ...(admitted > 0 ? [t('access.prove.letIn', { count: admitted })] : []),
    ...(untried > 0 ? [t('access.prove.untried', { count: untried })] : []),
  ].join(', ');
}

/** What to do where the broker does not have the users of now; null where it has them, or where nothing was seen of that. */
export function usersOnBroker({ refusals, connections, target }: ProofReport, t: TFunction): string | null {
  const seen = refusals.find(({ test }) => test === 'revoked-password')?.seen;
  const file = usersFile(target);
  if (seen === 'accepted') return t('access.prove.passwordsOld', { file });
  return seen === 'untried' && connections[0]?.protocolVersion != null ? t('access.prove.passwordsUnknown', { file }) : null;
}

/** A proof as a document in the language of the window. */
export function proofDocument(
  report: ProofReport,
  { t, format, language }: { t: TFunction; format: Format; language: string },
): PrintedDocument {
  const heading = (text: string): PrintedBlock => ({ kind: 'heading', text });
  const word = (key: 'who' | 'topic') => t(`access.prove.columns.${key}`);
  const different = report.checks.filter(differs);
  const users = usersOnBroker(report, t);
  const rowOf = (check: ProofCheck) => [
    check.who,
    t(`access.prove.report.${check.verb}`),
    check.topic,
    t(`access.prove.cell.${check.expected ? 'allowed' : 'denied'}`),
    t(`access.prove.cell.${check.seen}`),
  ];
  const table = (checks: readonly ProofCheck[]): PrintedBlock => ({
    kind: 'table',
    columns: [
      word('who'),
      t('access.prove.report.verb'),
      word('topic'),
      t('access.prove.report.should'),
      t('access.prove.report.was'),
    ],
    mono: [0, 2],
    rows: checks.slice(0, printedAtMost).map(rowOf),
  });
  const title = t('access.prove.report.title', { project: report.project });
  return {
    language,
    title,
    foot: title,
    pageNumber: t('access.prove.report.page'),
    blocks: [
      {
        kind: 'facts',
        facts: [
          [t('access.prove.report.broker'), `${report.host}:${report.port}`],
          [t('access.prove.report.software'), t(`common.target.${report.target}`)],
          ...(report.brokerVersion == null ? [] : [[t('access.prove.report.version'), report.brokerVersion] as const]),
          [t('access.prove.report.when'), format.exact(report.finishedAt).replace('\n', ' · ')],
          [t('access.prove.report.by'), report.operator],
        ],
      },
      {
        kind: 'verdict',
        good: report.outcome === 'proved',
        title: t(`access.prove.outcome.${report.outcome}`),
        lines: [
          proofSummary(report, t),
          ...(users === null ? [] : [users]),
          ...report.explanations.flatMap(({ kind, at }) => [
            t(`access.prove.explanation.${kind}.title`, { at: at === null ? '' : format.dateTime(at) }),
            t(`access.prove.explanation.${kind}.text`),
          ]),
        ],
      },
      heading(t('access.prove.refusals')),
      {
        kind: 'table',
        columns: [t('access.prove.refusals'), t('access.prove.report.was')],
        mono: [],
        rows: report.refusals.map(({ test, seen }) => [
          t(`access.prove.refusal.${test}`),
          t(`access.prove.${seen === 'untried' ? 'notTried' : seen}`),
        ]),
      },
      ...(different.length > 0 ? [heading(t('access.prove.only')), table(different)] : []),
      heading(t('access.prove.matrix')),
      table(report.checks),
      { kind: 'signature', text: t('access.prove.report.signature') },
    ],
  };
}
