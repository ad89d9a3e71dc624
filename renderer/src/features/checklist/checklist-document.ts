import type { TFunction } from 'i18next';
import { type Checklist, type CheckPoint, checkGroups, checkPoints } from '../../../../shared/model/checklist.ts';
import type { PrintedBlock, PrintedDocument } from '../../../../shared/model/printed.ts';
import type { Format } from '../../locales/format.ts';
import { factText, sourceText } from './fact-text.ts';

/** The checklist as a document in the language of the window. */
export function checklistDocument(
  checklist: Checklist,
  { t, format, language, vaultFile }: { t: TFunction; format: Format; language: string; vaultFile: string },
): PrintedDocument {
  const { counts, rows } = checklist;
  const title = t('checklist.report.title', { project: checklist.project });
  const good = counts.red + counts.amber + counts.unknown === 0;
  const blocks = checkGroups.flatMap((group): PrintedBlock[] => [
    { kind: 'heading', text: t(`checklist.group.${group}`) },
    {
      kind: 'table',
      columns: (['point', 'stateOf', 'evidence', 'todo'] as const).map((column) => t(`checklist.report.${column}`)),
      mono: [],
      rows: rows
        .filter(({ point }) => checkPoints[point as CheckPoint].group === group)
        .map(({ point, state, evidence }) => [
          `${t(`checklist.title.${point}`)} (${sourceText(point, t)})`,
          t(`checklist.state.${state}`),
          evidence
            .map((each) => `${factText(each, t, format)}${each.at === null ? '' : ` (${format.dateTime(each.at)})`}`)
            .join(' '),
          state === 'green' ? '–' : t(`checklist.doing.${point}`),
        ]),
    },
  ]);
  return {
    language,
    title,
    foot: `Fieldkey · ${title} · ${format.dateTime(checklist.at)}`,
    pageNumber: t('checklist.report.page'),
    blocks: [
      {
        kind: 'facts',
        facts: [
          [t('checklist.report.vault'), vaultFile],
          [t('checklist.report.made'), format.exact(checklist.at).replace('\n', ' · ')],
          [t('checklist.report.by'), checklist.operator],
        ],
      },
      {
        kind: 'verdict',
        good,
        title: t(good ? 'checklist.report.good' : 'checklist.report.bad'),
        lines: [t('checklist.report.verdict', { ...counts })],
      },
      ...blocks,
      { kind: 'signature', text: t('checklist.report.signature') },
    ],
  };
}
