import { type CheckResult, runChecks } from './check.ts';
import { issuedChecks } from './issued.ts';
import { keptChecks } from './kept.ts';
import { refusalChecks, replacementChecks } from './refusals.ts';
import { Stage, type StageOptions } from './stage.ts';
import { trafficChecks } from './traffic.ts';

/** In the order of their groups, and so that each comes after those that it needs. */
export const checks = [...issuedChecks, ...trafficChecks, ...refusalChecks, ...replacementChecks, ...keptChecks];

export interface DemonstrationOptions extends StageOptions {
  /** Told after each check. */
  readonly onResult?: (result: CheckResult) => void;
}

/**
 * Makes a throw-away project, runs a broker for it on this computer with three simulated meters, and tries what must
 * work and what must not. Everything is the product's own: vault, authority, practice broker, tester, export. Fewer
 * results than `checks` = it was aborted. Whatever happens, broker and files are gone in the end.
 */
export async function demonstrate(options: DemonstrationOptions): Promise<CheckResult[]> {
  const stage = new Stage(options);
  try {
    return await runChecks(checks, stage, { signal: options.signal, onResult: options.onResult ?? (() => undefined) });
  } finally {
    await stage.close();
  }
}
