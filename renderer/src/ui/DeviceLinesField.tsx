import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, roles } from '../../../shared/model/access.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './DeviceLinesField.module.css';
import type { DeviceLines, LineProblem } from './device-lines.ts';
import { problemText } from './error-text.ts';
import { Field, SelectField } from './Field.tsx';
import { roleName } from './role-name.ts';

/** Pixels; the numbers beside the text stand on the same lines. */
const lineHeight = 26;
const padding = 11;
const shown = 5;

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly role: Role;
  readonly onRole: (role: Role) => void;
  /** The roles that there are; left out: the built-in ones. */
  readonly known?: readonly Role[];
  /** What was read from the text. */
  readonly lines: DeviceLines;
  /** The text is long and still being read: the lines are those of a moment ago. */
  readonly reading?: boolean;
  /** Something wrong with the list as a whole. */
  readonly error?: ReactNode;
}

/** Devices as lines: typed, pasted from a spreadsheet, or as patterns. Wrong lines are marked while one types. */
export function DeviceLinesField({ text, onText, role, onRole, known = roles, lines, reading = false, error }: Props) {
  const { t } = useTranslation();
  const [top, setTop] = useState(0);
  const problems = lines.problems.length > 0 ? <Problems problems={lines.problems} /> : null;
  return (
    <div className={css.fields}>
      <Field label={t('fields.lines.label')} hint={<LinesHint />} error={problems ?? error}>
        {(aria) => (
          <div className={css.editor} data-invalid={problems || error ? true : undefined}>
            <Gutter top={top} total={lineCount(text)} problems={lines.problems} />
            <textarea
              {...aria}
              value={text}
              onChange={(event) => onText(event.currentTarget.value)}
              onScroll={(event) => setTop(event.currentTarget.scrollTop)}
              wrap="off"
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              placeholder={'meter-001\npress-{001..100}\ndash-1 dashboard'}
            />
          </div>
        )}
      </Field>
      <p className={css.count} role="status">
        {reading
          ? t('fields.lines.reading')
          : lines.problems.length > 0
            ? t('fields.lines.countWithProblems', {
                devices: t('fields.lines.count', { count: lines.count }),
                count: lines.problems.length,
              })
            : t('fields.lines.count', { count: lines.count })}
      </p>
      <SelectField
        label={t('fields.lines.role')}
        hint={t('fields.lines.roleHint')}
        value={role}
        onChange={onRole}
        options={known.map((each) => ({ value: each, label: roleName(t, each) }))}
      />
    </div>
  );
}

function LinesHint() {
  const { t } = useTranslation();
  return (
    <>
      {t('fields.lines.hint')} <code className={css.sample}>press-{'{001..100}'}</code> {t('fields.lines.hintPattern')}
    </>
  );
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** The numbers of the lines in view; a wrong one stands out by colour and sign. The problems below name the line too. */
function Gutter({
  top,
  total,
  problems,
}: {
  readonly top: number;
  readonly total: number;
  readonly problems: readonly LineProblem[];
}) {
  const first = Math.max(0, Math.floor((top - padding) / lineHeight));
  const count = Math.min(total - first, 14);
  return (
    <div className={css.gutter} aria-hidden>
      <div style={{ transform: `translateY(${padding + first * lineHeight - top}px)` }}>
        {Array.from({ length: Math.max(0, count) }, (_, index) => {
          const line = first + index + 1;
          const wrong = problems.some((each) => each.line === line);
          return (
            <span key={line} data-wrong={wrong || undefined}>
              {wrong ? '!' : ''}
              {line}
            </span>
          );
        })}
      </div>
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly LineProblem[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {problems.slice(0, shown).map(({ line, problem }) => (
        <span key={`${line} ${problem.rule}`} className={css.problem}>
          <b>{t('fields.lines.line', { line })}</b>{' '}
          {problem.rule === 'duplicate'
            ? t('fields.lines.duplicate', { value: problem.params.value, line: problem.params.other })
            : problem.rule === 'choice'
              ? t('fields.lines.choice', { choices: problem.params.choices })
              : problemText(problem, t, format)}
        </span>
      ))}
      {problems.length > shown && (
        <span className={css.problem}>{t('fields.lines.more', { count: problems.length - shown })}</span>
      )}
    </>
  );
}
