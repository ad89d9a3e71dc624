import type { RuleId } from '../rules/lint-catalogue.ts';

/** Something that the linter found. `source` is the document that says so. */
export interface LintFinding {
  readonly rule: RuleId;
  readonly severity: 'error' | 'warning';
  readonly source: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}
