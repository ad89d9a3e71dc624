// npm test [-- PART [ARGUMENTS]]: lint, types, build, unit, e2e; all of them, or one. Stops at the first that fails.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuild } from './build.mjs';
import { alone } from './lock.mjs';
import { commandOf } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { Failure, main } from './say.mjs';
import { scratchInMemory } from './scratch.mjs';

/** One tsconfig per environment: what must not be used somewhere has no types there. */
const environments = ['shared', 'electron', 'electron/main', 'electron/preload', 'renderer', 'e2e'];

const [part, ...extra] = process.argv.slice(2);
const parts = ['lint', 'types', 'build', 'unit', 'e2e'];

async function types() {
  const results = await Promise.all(
    environments.map((name) =>
      runNode24(commandOf('typescript', 'tsc'), ['--project', path.join(name, 'tsconfig.json')], { output: 'keep' }),
    ),
  );
  for (const [index, { status, text }] of results.entries()) {
    if (status !== 0) process.stdout.write(`\n${environments[index]}:\n${text}`);
  }
  return results.some(({ status }) => status !== 0) ? 1 : 0;
}

function stages(electron, scratch, inMemory) {
  const unitReport = path.join(scratch, 'unit.json');
  const e2eReport = path.join(scratch, 'e2e.json');
  const runtime = electron ? { FIELDKEY_ELECTRON: electron.executable, ELECTRON_EXEC_PATH: electron.executable } : {};
  const env = { ...runtime, ...inMemory };
  return {
    lint: async () =>
      (await runNode24(commandOf('@biomejs/biome', 'biome'), ['check', '--error-on-warnings', ...extra, '.'], { output: 'own' }))
        .status,
    types,
    // Before the unit tests: some of them start the built command line.
    build: async () => {
      await alone(() => ensureBuild('app'));
      return 0;
    },
    unit: async (count) => {
      const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`, ...extra];
      const { status } = await runNode24(commandOf('vitest'), args, { env, output: 'own' });
      const report = readReport(unitReport);
      count(report?.numPassedTests, report?.numFailedTests);
      return status;
    },
    e2e: async (count) => {
      const { status } = await runNode24(commandOf('@playwright/test', 'playwright'), ['test', ...extra], {
        env: { ...env, FIELDKEY_E2E_SUMMARY: e2eReport },
        output: 'own',
      });
      const report = readReport(e2eReport)?.stats;
      count(report && report.expected + report.flaky, report?.unexpected);
      return status;
    },
  };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

await main(async () => {
  if (part && !parts.includes(part))
    throw new Failure(`There is no part "${part}".`, `name one of ${parts.join(', ')}, or none to run them all.`, 2);
  // Lint and types need neither an Electron nor Mosquitto.
  const { electron } = await ready(['lint', 'types', 'build'].includes(part) ? 'node' : 'test');
  const scratch = mkdtempSync(path.join(tmpdir(), 'fieldkey-test-'));
  const inMemory = scratchInMemory();
  const all = stages(electron, scratch, inMemory.env);
  // One part alone still needs the build that it tests.
  const chosen = part ? (part === 'unit' || part === 'e2e' ? ['build', part] : [part]) : parts;
  const summary = [];
  let passed = 0;
  let failed = 0;
  let status = 0;
  try {
    for (const name of chosen) {
      const start = performance.now();
      let tests = '';
      const count = (good = 0, bad = 0) => {
        passed += good;
        failed += bad;
        tests = `  ${good} passed, ${bad} failed`;
      };
      process.stdout.write(`\n── ${name}\n`);
      status = await all[name](count).catch((error) => {
        if (!(error instanceof Failure)) throw error;
        process.stdout.write(`${error.message}\n`);
        return error.status;
      });
      const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
      summary.push(`${status === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(6)}${seconds} s${tests}`);
      if (status !== 0) break;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    inMemory.remove();
  }
  const skipped = chosen.slice(summary.length);
  process.stdout.write(`\n${summary.join('\n')}\n`);
  if (skipped.length) process.stdout.write(`not run: ${skipped.join(', ')}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  // A signal's status (above 128) is passed on; anything else is the one status that says "a stage failed".
  return status > 128 ? status : Math.min(status, 1);
});
