import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../pki/testing/run.ts';
import { type CliOptions, cliPassphrase, runBuilt } from './testing/run-built.ts';

/** Backup, restore, passphrase and recovery shares on the command line: each command as a script would call it. */
let folder: string;
let vault: string;
let backup: string;
const backupPassphrase = 'a word for the backup';
const plan = { project: 'lab', broker: { names: ['mqtt.lab.example'] }, devices: [{ pattern: 'm-{1..3}' }] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-backup-'));
  vault = join(folder, 'v.fieldkey');
  backup = join(folder, 'v.backup');
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  await json(['provision', join(folder, 'plan.json'), '--out', join(folder, 'out')]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inVault = (args: readonly string[]) => (args.includes('--vault') ? args : [...args, '--vault', vault]);
const cli = (args: readonly string[], options: CliOptions = {}) =>
  runBuilt([...args, '--json'], { ...options, env: { FIELDKEY_BACKUP_PASSPHRASE: backupPassphrase, ...options.env } });
/** The document of a command that has to succeed. */
// biome-ignore lint/suspicious/noExplicitAny: a document of another process; what is in it is what is tested
async function json(args: readonly string[], options?: CliOptions, plain = false): Promise<Record<string, any>> {
  const result = await cli(plain ? args : inVault(args), options);
  expect(result, result.stdout + result.stderr).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(result.stdout);
}
async function failure(args: readonly string[], options?: CliOptions, plain = false): Promise<[number | null, string]> {
  const result = await cli(plain ? args : inVault(args), options);
  return [result.status, JSON.parse(result.stdout).error.code];
}
const numberOf = async (file: string) =>
  Number.parseInt((await run('openssl', ['crl', '-in', file, '-noout', '-crlnumber'])).output.split('=')[1] ?? '', 16);

it('writes a backup and proves it without a vault and without leaving anything behind', async () => {
  expect(await failure(['backup', backup], { env: { FIELDKEY_BACKUP_PASSPHRASE: undefined } })).toEqual([
    3,
    'PASSPHRASE_MISSING',
  ]);
  expect(await failure(['backup', backup], { env: { FIELDKEY_BACKUP_PASSPHRASE: 'short' } })).toEqual([3, 'PASSPHRASE_WEAK']);
  const written = await json(['backup', backup]);
  expect(written).toMatchObject({ backup, manifest: { projects: 1, devices: 3, authorities: [{ name: 'lab Root CA' }] } });
  const before = readdirSync(folder);
  // nothing is written: also from a folder that holds nothing but the file
  const proved = await json(['verify-backup', backup], { env: { TMPDIR: join(folder, 'no such folder') } }, true);
  expect(proved['manifest']).toEqual(written['manifest']);
  expect(readdirSync(folder)).toEqual(before);
  const people = await runBuilt(['verify-backup', backup], { env: { FIELDKEY_BACKUP_PASSPHRASE: backupPassphrase } });
  expect(people.stdout).toMatch(/^Sound\. Of .*: 1 projects, 3 devices/);
  expect(people.stdout).toMatch(/lab Root CA: SHA-256 ([0-9a-f]{2}:){31}[0-9a-f]{2}/);
  // with its vault: evidence for the checklist, of that vault only
  const backupPoint = async () =>
    JSON.parse((await cli(inVault(['checklist', 'lab']))).stdout).checklist.rows.find(
      (row: { point: string }) => row.point === 'backup',
    );
  expect((await backupPoint()).evidence[1]).toMatchObject({ fact: 'backupUnchecked' });
  expect(await json(['verify-backup', backup])).toMatchObject({ manifest: written['manifest'], noted: true });
  expect((await backupPoint()).evidence[1]).toMatchObject({ fact: 'backupChecked', state: 'green' });
  const other = { env: { FIELDKEY_BACKUP_PASSPHRASE: 'not the right word' } };
  expect(await failure(['verify-backup', backup], other, true)).toEqual([3, 'BACKUP_PASSPHRASE_WRONG']);
  const vaults = { env: { FIELDKEY_PASSPHRASE: 'not the right word' } };
  expect(await failure(['verify-backup', backup], vaults, true)).toEqual([3, 'PASSPHRASE_WRONG']);
  const bytes = await readFile(backup);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await writeFile(join(folder, 'hurt.backup'), bytes);
  expect(await failure(['verify-backup', join(folder, 'hurt.backup')], {}, true)).toEqual([4, 'COPY_UNSOUND']);
  expect(await failure(['verify-backup', join(folder, 'plan.json')], {}, true)).toEqual([5, 'FILE_MALFORMED']);
});

const serialsOn = async (file: string) =>
  [...(await run('openssl', ['crl', '-in', file, '-noout', '-text'])).output.matchAll(/Serial Number: ([0-9A-F]+)/g)].map(
    ([, serial]) => serial?.toLowerCase(),
  );

it('restores after the vault was destroyed: what the deployed list revokes stays revoked', async () => {
  // the broker has gone on since the backup: one that is in it was revoked, and one that is not
  const deployed = join(folder, 'deployed.pem');
  await writeFile(join(folder, 'more.json'), JSON.stringify({ ...plan, devices: [{ pattern: 'm-{1..4}' }] }));
  await json(['provision', join(folder, 'more.json'), '--out', join(folder, 'out')]);
  for (const device of ['m-2', 'm-4']) {
    const { devices } = await json(['show', device]);
    await json(['revoke', 'lab', devices[0].certificates[0].serial, '--reason', 'keyCompromise']);
  }
  await json(['crl', 'lab', '--out', deployed]);
  const known = await numberOf(deployed);
  const revoked = await serialsOn(deployed);
  await rm(vault);
  await rm(`${vault}.copies`, { recursive: true, force: true });
  // what is no list of it stops everything
  await writeFile(join(folder, 'cut.pem'), (await readFile(deployed)).subarray(0, 300));
  expect(await failure(['restore', backup, '--crl', deployed, '--crl', join(folder, 'cut.pem')])).toEqual([5, 'CRL_REFUSED']);
  expect(existsSync(vault)).toBe(false);
  // without it: said before and after, and made up for
  const people = await runBuilt(['restore', backup, '--vault', vault], {
    env: { FIELDKEY_BACKUP_PASSPHRASE: backupPassphrase },
  });
  expect(people.stdout).toMatch(/^No list of the broker was given.*lost.*\nRestored/);
  expect(people.stdout).toContain('take-crl');
  const late = await json(['take-crl', deployed]);
  expect(late).toMatchObject({ brought: 1, takenOver: 2, unknown: 1, published: [{ authority: 'lab Root CA' }] });
  await rm(vault);
  await rm(`${vault}.copies`, { recursive: true, force: true });
  const restored = await json(['restore', '--crl', deployed, backup]);
  expect(restored).toMatchObject({ kept: null, withheld: [], published: [{ authority: 'lab Root CA' }] });
  expect(restored).toMatchObject({ brought: 1, takenOver: 2, unknown: 1 });
  expect(restored['published'][0].number).toBeGreaterThan(known);
  await json(['crl', 'lab', '--out', join(folder, 'next.pem')]);
  expect(await serialsOn(join(folder, 'next.pem'))).toEqual(revoked);
  expect((await json(['verify']))['verification']).toMatchObject({ sound: true });
  const log = await runBuilt(['audit', '--vault', vault]);
  expect(log.stdout).toMatch(/certificate of m-2 revoked \(keyCompromise, by the deployed list \d+\)/);
  await json(['rekey', 'lab', '--device', 'm-1']);
  // over a vault that is there: it is kept
  const again = await json(['restore', backup]);
  expect(existsSync(again['kept'])).toBe(true);
  expect((await json(['verify']))['verification']).toMatchObject({ sound: true });
});

it('restores also where an authority is kept elsewhere, and says that it published nothing for it', async () => {
  const at = join(folder, 'offline.fieldkey');
  copyFileSync(vault, at);
  const env = { env: { FIELDKEY_AUTHORITY_PASSPHRASE: 'kept in the safe of the plant' } };
  await json(['authority', 'offline', 'lab', '--out', folder, '--vault', at], env);
  await json(['backup', join(folder, 'offline.backup'), '--vault', at]);
  const restored = await json(['restore', join(folder, 'offline.backup'), '--vault', join(folder, 'elsewhere.fieldkey')]);
  expect(restored).toMatchObject({ published: [], withheld: [{ authority: 'lab Root CA', code: 'AUTHORITY_OFFLINE' }] });
});

it('gives the vault another passphrase', async () => {
  const at = join(folder, 'passphrase.fieldkey');
  copyFileSync(vault, at);
  const next = 'another one, much longer';
  const wrong = { env: { FIELDKEY_PASSPHRASE: 'not the right word', FIELDKEY_NEW_PASSPHRASE: next } };
  expect(await failure(['passphrase', '--vault', at], wrong)).toEqual([3, 'PASSPHRASE_WRONG']);
  expect(await failure(['passphrase', '--vault', at], { env: { FIELDKEY_NEW_PASSPHRASE: 'short' } })).toEqual([
    3,
    'PASSPHRASE_WEAK',
  ]);
  await json(['passphrase', '--vault', at], { env: { FIELDKEY_NEW_PASSPHRASE: next } });
  expect(await failure(['list', '--vault', at])).toEqual([3, 'PASSPHRASE_WRONG']);
  await json(['verify', '--vault', at], { env: { FIELDKEY_PASSPHRASE: next } });
});

it('makes shares, drills them, and opens with them from standard input or files', async () => {
  const at = join(folder, 'shares.fieldkey');
  copyFileSync(vault, at);
  const shares = (action: string, ...more: string[]) => ['shares', action, '--vault', at, ...more];
  expect(await failure(shares('use'), { input: 'x', env: { FIELDKEY_NEW_PASSPHRASE: cliPassphrase } })).toEqual([
    3,
    'SHARES_NONE',
  ]);
  expect(await failure(shares('make', '--threshold', '1'))).toEqual([2, 'INPUT_INVALID']);
  expect((await cli(shares('burn'))).status).toBe(2);
  const made = await json(shares('make', '--threshold', '2', '--count', '3'));
  const texts = made['cards'].map(({ text }: { text: string }) => text) as string[];
  expect(texts).toHaveLength(3);
  expect(await json(shares('drill'), { input: `${texts[0]}\n${texts[2]}\n` })).toMatchObject({ shares: [1, 3] });
  // as somebody typed it: small letters, over several lines
  const typed = join(folder, 'typed.txt');
  await writeFile(
    typed,
    `Recovery share 2\n${texts[1]
      ?.toLowerCase()
      .replace(/-(?=.{40})/, '\n')
      .replaceAll('-', ' ')}\n`,
  );
  expect(await json(shares('drill', '--share', typed, '--share', typed), {}).catch(() => 'twice')).toBe('twice');
  const first = join(folder, 'first.txt');
  await writeFile(first, `${texts[0]}\n`);
  expect(await json(shares('drill', '--share', first, typed))).toMatchObject({ shares: [1, 2] });
  expect(await failure(shares('drill'), { input: `${texts[0]}` })).toEqual([3, 'SHARES_TOO_FEW']);
  const hurt = `${texts[0]?.slice(0, -1)}${texts[0]?.endsWith('7') ? '8' : '7'}`;
  const told = await runBuilt(shares('drill'), { input: `${texts[1]}\n${hurt}` });
  expect(told.status).toBe(3);
  expect(told.stderr).toContain('Share 2 of those given cannot be read (a character is wrong): look at group 13');
  const next = 'what we agreed on instead';
  await json(shares('use'), {
    input: texts.slice(1).join('\n\n'),
    env: { FIELDKEY_PASSPHRASE: undefined, FIELDKEY_NEW_PASSPHRASE: next },
  });
  expect(await failure(['list', '--vault', at])).toEqual([3, 'PASSPHRASE_WRONG']);
  const env = { env: { FIELDKEY_PASSPHRASE: next } };
  await json(['verify', '--vault', at], env);
  // new ones take the power of the old
  const text = (await runBuilt(shares('make', '--qr'), env)).stdout;
  expect(text).toContain('Recovery share 5 of 5');
  expect(text).toContain('█');
  expect(await failure(shares('drill'), { input: texts.join('\n'), ...env })).toEqual([3, 'SHARE_OTHER_SET']);
});
