// biome-ignore-all lint/a11y/useSemanticElements: a fieldset would promise a form
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Diff.module.css';
import { type DiffLine, diffLines, diffParts } from './line-diff.ts';

interface Props {
  readonly before: string;
  readonly after: string;
  readonly what: string;
}

/** Two texts, line by line. A sign stands before each line that is gone or new, so that colour is not the only thing that says it. */
export function Diff({ before, after, what }: Props) {
  const { t } = useTranslation();
  const parts = useMemo(() => {
    let number = 0;
    return diffParts(diffLines(before, after)).map((part) => {
      const at = number;
      number += 'skipped' in part ? part.skipped : part.lines.length;
      if ('skipped' in part) return { ...part, at };
      return { at, lines: part.lines.map((line, index) => ({ ...line, number: at + index })) };
    });
  }, [before, after]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={css.diff} tabIndex={0} role="group" aria-label={what}>
      {parts.map((part) =>
        'skipped' in part ? (
          <p key={part.at}>{t('fields.linesAsBefore', { count: part.skipped })}</p>
        ) : (
          part.lines.map((line) => <Line key={line.number} line={line} />)
        ),
      )}
    </div>
  );
}

function Line({ line: { kind, text } }: { readonly line: DiffLine }) {
  const Element = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
  return (
    <Element data-kind={kind}>
      <i aria-hidden>{kind === 'added' ? '+' : kind === 'removed' ? '−' : ' '}</i>
      {text}
      {'\n'}
    </Element>
  );
}
