import { FieldkeyError } from '../../../shared/errors.ts';
import { type RuleId, rules } from './catalogue.ts';
import { DerError } from './der-reader.ts';

export interface Finding {
  readonly rule: RuleId;
  /** An error must never be stored; a warning is for a person to decide. */
  readonly severity: 'error' | 'warning';
  /** The document and section that the rule comes from. */
  readonly source: string;
  /** What a sentence about it needs: never a secret. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

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
