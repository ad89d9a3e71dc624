import { defineConfig } from '@playwright/test';

// `npm test` asks for a machine-readable summary by naming a file for it.
const summary = process.env.FIELDKEY_E2E_SUMMARY;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // One app at a time: every spec starts the real app, and two would fight for the focus of one screen.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  outputDir: 'test-results',
  reporter: summary ? [['list'], ['json', { outputFile: summary }]] : [['list']],
  use: { actionTimeout: 20_000, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
