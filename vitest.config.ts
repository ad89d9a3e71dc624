import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Real tools (openssl, Mosquitto, keytool) judge many results, and starting them is slow on a busy machine.
const patient = { environment: 'node', testTimeout: 30_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    // its own choice is one core less than there are: of two one, while most tests wait for the tools that judge them
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      { test: { ...patient, name: 'shared', include: ['shared/**/*.test.ts'] } },
      { test: { ...patient, name: 'electron', include: ['electron/**/*.test.ts'], exclude: ['electron/setup/**'] } },
      { test: { ...patient, name: 'renderer', include: ['renderer/src/**/*.test.{ts,tsx}'] } },
      { test: { ...patient, name: 'setup', include: ['electron/setup/**/*.test.ts'] } },
    ],
  },
});
