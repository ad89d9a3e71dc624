import { FieldkeyError } from '../../../shared/errors.ts';
import type { LintFinding } from '../../../shared/model/lint.ts';
import { type RuleId, rules } from '../../../shared/rules/lint-catalogue.ts';
import { DerError } from './der-reader.ts';

/** An error must never be stored; a warning is for a person to decide. `params`: what a sentence needs, never a secret. */
export type Finding = LintFinding;

/** Collects what the rules find. */
export class Report {
  readonly findings: Finding[] = [];

  add(rule: RuleId, params: Finding['params'] = {}): void {
    const [severity, source] = rules[rule];
    this.findings.push({ rule, severity, source, params });
  }

  /** Runs one group of rules; bytes that it cannot read are a finding of `rule`. */
  attempt(where: string, check: () => void, rule: RuleId = 'der-encoding'): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      this.add(rule, { where, reason: error.message });
    }
  }
}

/** Throws LINT_FAILED with the names of the rules when there is any error; warnings pass. */
export function requireClean(findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.severity === 'error').map((finding) => finding.rule);
  if (errors.length > 0) throw new FieldkeyError('LINT_FAILED', { findings: [...new Set(errors)] });
}
