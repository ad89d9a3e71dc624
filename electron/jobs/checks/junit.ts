import type { Check, CheckReport, CheckResult } from '../../../shared/model/check.ts';
import { checkSentence, resultSentence } from './sentence.ts';

/**
 * A report as JUnit XML, in the form that Ant writes and Jenkins, GitLab and others read: a suite for each device, and one of the
 * project's name for what concerns no device; a test case for each check. What failed is a `failure`, what could not be run an
 * `error`, what was cancelled is `skipped`.
 */
export function junitOf(report: CheckReport): string {
  const suites: { readonly name: string; readonly results: CheckResult[] }[] = [];
  let last: string | null | undefined;
  for (const result of report.results) {
    if (suites.length === 0 || result.device !== last) suites.push({ name: result.device ?? report.project, results: [] });
    last = result.device;
    suites.at(-1)?.results.push(result);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.map(({ name, results }, at) => suiteOf(report, name, results, at)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(report: CheckReport, name: string, results: readonly CheckResult[], id: number): string {
  const count = (holds: (result: CheckResult) => boolean) => results.filter(holds).length;
  const skipped = count(isSkipped);
  const attributes = attributesOf({
    name,
    package: report.project,
    id,
    // the schema takes no fractions and no zone
    timestamp: new Date(report.startedAt).toISOString().slice(0, 19),
    hostname: report.host,
    tests: results.length,
    failures: count(({ outcome }) => outcome === 'failed'),
    errors: count(({ outcome }) => outcome === 'untried') - skipped,
    skipped,
    time: seconds(results.reduce((sum, { roundTrip }) => sum + (roundTrip ?? 0), 0)),
  });
  const properties = { operator: report.operator, port: report.port, finished: new Date(report.finishedAt).toISOString() };
  return [
    `  <testsuite${attributes}>`,
    '    <properties>',
    ...Object.entries(properties).map(([key, value]) => `      <property${attributesOf({ name: key, value })}/>`),
    '    </properties>',
    ...results.map((result) => caseOf(report, name, result)),
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
  ].join('\n');
}

function caseOf({ project, checks }: CheckReport, suite: string, result: CheckResult): string {
  const check = checks[result.check] as Check;
  const { reason, roundTrip } = result;
  const classname = suite === project ? project : `${project}.${suite}`;
  const attributes = attributesOf({ name: check.name, classname, time: seconds(roundTrip ?? 0) });
  if (reason === null) return `    <testcase${attributes}/>`;
  if (isSkipped(result)) return `    <testcase${attributes}>\n      <skipped/>\n    </testcase>`;
  const element = result.outcome === 'failed' ? 'failure' : 'error';
  const message = resultSentence(result, check);
  const text = xmlText(`${message}\n${checkSentence(check)}`);
  return [
    `    <testcase${attributes}>`,
    `      <${element}${attributesOf({ message, type: reason })}>${text}</${element}>`,
    '    </testcase>',
  ].join('\n');
}

function isSkipped({ reason }: CheckResult): boolean {
  return reason === 'cancelled';
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function attributesOf(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlAttribute(String(value))}"`)
    .join('');
}

/** XML 1.0 §2.2: other characters cannot be written at all, not even as references. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;
const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

export function xmlText(text: string): string {
  // a reader makes a line feed of a carriage return that stands there as it is (§2.11)
  return text
    .replace(forbidden, '\ufffd')
    .replace(/[&<>]/g, (each) => named[each] as string)
    .replaceAll('\r', '&#13;');
}

/** §3.3.3: a reader makes blanks of line ends and tabs that stand there as they are. */
export function xmlAttribute(text: string): string {
  return text
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, (each) => named[each] as string)
    .replace(/[\t\r\n]/g, (each) => `&#${each.charCodeAt(0)};`);
}
