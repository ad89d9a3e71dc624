import type { TFunction } from 'i18next';
import type { ErrorCode, ErrorParam, ErrorReport } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/problems.ts';
import type { Format } from '../locales/format.ts';

/** Parameters that are more than text: how the reader should see them. */
const times = new Set(['notAfter', 'clock', 'known']);
/** Numbers that name something and are not counted. */
const labels = new Set(['row', 'certificate', 'found', 'supported']);
const sizes = new Set(['needed', 'free', 'limit']);

function isProblem(item: string | Problem): item is Problem {
  return typeof item === 'object';
}

function paramText(name: string, value: ErrorParam, format: Format): string {
  if (typeof value === 'number') {
    if (labels.has(name)) return String(value);
    if (times.has(name)) return format.dateTime(value);
    return sizes.has(name) ? format.bytes(value) : format.number(value);
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return format.list(value.filter((item): item is string => !isProblem(item)));
}

export interface ErrorText {
  readonly title: string;
  readonly explanation: string;
  readonly todo: string;
  readonly points: readonly { readonly path: string; readonly sentence: string }[];
  /** For whoever helps: the code, its raw parameters and the reference into the log. */
  readonly details: string;
}

export function problemText(problem: Problem, t: TFunction, format: Format): string {
  const values = Object.entries(problem.params).map(([name, value]) => [
    name,
    typeof value === 'number' ? format.number(value) : value,
  ]);
  return t(`rules.${problem.rule}`, Object.fromEntries(values));
}

/** Turns a report into words: what happened, why, what to do. */
export function errorText(report: ErrorReport, t: TFunction, format: Format): ErrorText {
  const entries = Object.entries(report.params);
  const values = Object.fromEntries(entries.map(([name, value]) => [name, paramText(name, value, format)]));
  // the table is exhaustive by its own type; the key types of i18next cannot follow a union of this size
  const words = t as unknown as (key: string, values: Readonly<Record<string, string>>) => string;
  // these say why by an identifier that has words of its own
  const reasons: Partial<Record<ErrorCode, string>> = {
    REQUEST_REFUSED: 'intake.refusal',
    ANSWER_REFUSED: 'intake.answer',
    PROFILE_REFUSED: 'profile',
    CRL_REFUSED: 'safety.refusal',
  };
  const told = reasons[report.code];
  if (told !== undefined) values.reason = words(`${told}.${values.reason}`, {});
  const problems = entries.flatMap(([, value]) => (typeof value === 'object' ? [...value].filter(isProblem) : []));
  return {
    title: words(`errors.${report.code}.title`, values),
    explanation: words(`errors.${report.code}.explanation`, values),
    todo: words(`errors.${report.code}.todo`, values),
    points: problems.map((problem) => ({ path: problem.path, sentence: problemText(problem, t, format) })),
    details: [
      report.code,
      JSON.stringify(report.params, null, 2),
      ...(report.ref === undefined ? [] : [`ref ${report.ref}`]),
    ].join('\n'),
  };
}
