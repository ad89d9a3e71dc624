import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Real tools (openssl, Mosquitto, keytool) judge many results, and starting them is slow on a busy machine. The limits are for
// what never comes to an end.
const patient = {
  environment: 'node',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
} as const;

/** Files that take longest, longest first. Begun last, as small files are, one of them would be waited for by itself. */
const longest = [
  'jobs/torture',
  'cli/demo/demonstration',
  'rabbitmq/real-rabbitmq',
  'jobs/real-rabbitmq',
  'cli/authority',
  'cli/cli',
  'rabbitmq/access-as-rabbitmq',
  'cli/backup',
  'cli/real-broker',
  'rabbitmq/pieces',
  'cli/doctor',
  'practice/access-as-mosquitto',
];

/** Nothing but pure functions, which leave nothing behind: their files share a process, and its start. */
const pure = { ...patient, isolate: false } as const;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    // its own choice is one core less than there are: of two one, while most tests wait for the tools that judge them
    maxWorkers: Math.max(4, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...pure, name: 'shared', include: ['shared/**/*.test.ts'] } },
      { test: { ...patient, name: 'electron', include: ['electron/**/*.test.ts'], exclude: ['electron/setup/**'] } },
      { test: { ...pure, name: 'renderer', include: ['renderer/src/**/*.test.{ts,tsx}'] } },
      { test: { ...patient, name: 'setup', include: ['electron/setup/**/*.test.ts'] } },
    ],
  },
});
