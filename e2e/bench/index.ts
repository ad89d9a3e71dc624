import { type Figure, printFigure } from './figure.ts';

/** The benchmarks by name; each measures its reference in the same run. */
const benches: Record<string, () => Promise<AsyncGenerator<Figure>>> = {
  issue: async () => (await import('./issue.ts')).issueBench(),
  crl: async () => (await import('./crl.ts')).crlBench(),
  audit: async () => (await import('./audit.ts')).auditBench(),
  search: async () => (await import('./search.ts')).searchBench(),
  responsive: async () => (await import('./responsive.ts')).responsiveBench(),
  list: async () => (await import('./list.ts')).listBench(),
  flood: async () => (await import('./flood.ts')).floodBench(),
  renew: async () => (await import('./renew.ts')).renewBench(),
  practice: async () => (await import('./practice.ts')).practiceBench(),
  timed: async () => (await import('./timed.ts')).timedBench(),
  unlock: async () => (await import('./unlock.ts')).unlockBench(),
  log: async () => (await import('./log.ts')).logBench(),
  backup: async () => (await import('./backup.ts')).backupBench(),
  history: async () => (await import('./history.ts')).historyBench(),
  start: async () => (await import('./start.ts')).startBench(),
};

const json = process.argv.includes('--json');
const given = process.argv.slice(2);
// --seconds belongs to `flood` and `practice`, which read it themselves
const names = given.filter((argument, index) => !argument.startsWith('--') && given[index - 1] !== '--seconds');
const unknown = names.filter((name) => !(name in benches));
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run -s bench -- NAME… [--json] [--seconds N]; NAME is one of: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const name of names) {
  const bench = await benches[name]?.();
  if (bench) for await (const figure of bench) printFigure(figure, json);
}
