import { defineConfig } from '@playwright/test';
import { hasDisplay } from './e2e/fixtures/display.ts';

// `npm test` asks for a machine-readable summary by naming a file for it.
const summary = process.env.FIELDKEY_E2E_SUMMARY;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Every spec starts the real app. On a person's screen one at a time, because two would fight for the focus; without
  // a screen each worker has a virtual one (fixtures/app.ts).
  workers: hasDisplay ? 1 : 4,
  fullyParallel: false,
  // limits for what never comes to an end; how long something takes on a busy machine fails no test
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  outputDir: 'test-results',
  reporter: summary ? [['list'], ['json', { outputFile: summary }]] : [['list']],
  use: { actionTimeout: 30_000, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
