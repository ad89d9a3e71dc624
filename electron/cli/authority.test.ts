import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Corporation } from '../jobs/testing/corporation.ts';
import { pemToDer } from '../pki/pem.ts';
import { run } from '../pki/testing/run.ts';
import { type CliResult, runBuilt } from './testing/run-built.ts';

/** What the authority does after issuing, on the command line: each command as a script would call it. */
let folder: string;
let out: string;
const secret = 'kept in the safe of the plant';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-authority-'));
  out = join(folder, 'out');
  const plan = { project: 'lab', broker: { names: ['mqtt.lab.example'] }, devices: [{ pattern: 'm-{1..3}' }] };
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  await json('provision', join(folder, 'plan.json'), '--out', out);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cli = (args: readonly string[]): Promise<CliResult> =>
  runBuilt([...args, '--vault', join(folder, 'v.fieldkey'), '--json'], { env: { FIELDKEY_AUTHORITY_PASSPHRASE: secret } });
/** The document of a command that has to succeed. */
// biome-ignore lint/suspicious/noExplicitAny: a document of another process; what is in it is what is tested
async function json(...args: string[]): Promise<Record<string, any>> {
  const result = await cli(args);
  expect(result, result.stdout + result.stderr).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(result.stdout);
}
async function failure(...args: string[]): Promise<[status: number | null, code: string]> {
  const result = await cli(args);
  return [result.status, JSON.parse(result.stdout).error.code];
}
const devicesOf = async () => (await json('list'))['projects'][0].devices as { id: string; serial: string; state: string }[];
const serialOf = async (id: string) => (await devicesOf()).find((device) => device.id === id)?.serial ?? '';

it('renews, re-keys, and says what it passed over', async () => {
  const before = await serialOf('m-1');
  const renewed = await json('renew', 'lab', '--device', 'm-1', '--broker', '--observer');
  expect(renewed).toMatchObject({
    mode: 'renew',
    done: [{ id: 'm-1' }],
    skipped: [],
    broker: { filesToCopy: expect.any(Array) },
  });
  expect(await serialOf('m-1')).toBe(renewed['done'][0].serial);
  expect(before).not.toBe(renewed['done'][0].serial);
  expect((await json('rekey', 'lab', '--all'))['done']).toHaveLength(3);
  expect(await json('renew', 'lab', '--due', '30')).toMatchObject({ done: [], skipped: [] });
  expect(await failure('renew', 'lab', '--device', 'nobody')).toEqual([2, 'DEVICE_NOT_FOUND']);
  expect(await failure('renew', 'lab', '--due', 'soon')).toEqual([2, 'INPUT_INVALID']);
});

it('holds, releases, revokes, and writes the lists for the broker', async () => {
  const serial = await serialOf('m-2');
  const file = join(folder, 'crl.pem');
  const listed = async () => (await run('openssl', ['crl', '-in', file, '-noout', '-text'])).output.toLowerCase();
  await json('hold', 'lab', serial.toUpperCase().replace(/..(?=.)/g, '$&:'), '--out', file);
  expect(await listed()).toContain(serial);
  await json('release', 'lab', serial, '--out', file);
  expect(await listed()).not.toContain(serial);
  expect(await failure('release', 'lab', serial)).toEqual([2, 'CERTIFICATE_NOT_HELD']);
  expect(await failure('revoke', 'lab', serial, '--date', '2099-01-01')).toEqual([2, 'INPUT_INVALID']);
  expect(await failure('revoke', 'lab', serial, '--reason', 'bored')).toEqual([2, 'INPUT_INVALID']);
  const revoked = await json('revoke', 'lab', serial, '--reason', 'superseded', '--out', file);
  expect(revoked).toMatchObject({ reason: 'superseded', certificates: [{ serial }], crls: [{ pending: 0 }] });
  expect(await listed()).toContain('superseded');
  expect(await failure('revoke', 'lab', serial)).toEqual([2, 'CERTIFICATE_REVOKED']);
  expect(await failure('revoke', 'lab', '00ff')).toEqual([2, 'CERTIFICATE_NOT_FOUND']);
});

it('keeps the root elsewhere and brings it for one act', async () => {
  await json('authority', 'site', 'lab');
  await json('authority', 'offline', 'lab', '--out', folder);
  const file = join(folder, 'lab-lab-Root-CA.key.pem');
  expect(pemToDer(await readFile(file, 'utf8')).map(({ label }) => label)).toEqual(['ENCRYPTED PRIVATE KEY', 'CERTIFICATE']);
  expect((await json('authority', 'list', 'lab'))['authorities']).toMatchObject([
    { name: 'lab Root CA', keyHere: false, issuesDevices: false },
    { name: 'lab Site CA', keyHere: true, issuesDevices: true },
  ]);
  expect(await failure('authority', 'site', 'lab')).toEqual([4, 'AUTHORITY_OFFLINE']);
  expect(await json('crl', 'lab')).toMatchObject({ offline: ['lab Root CA'], published: [{ authority: 'lab Site CA' }] });
  const brought = await json('crl', 'lab', '--key', file, '--next-update', '2027-06-01');
  expect(brought).toMatchObject({ offline: [], published: [{}, {}] });
  await json('authority', 'renew', 'lab', '--authority', 'lab Site CA', '--key', file);
  expect((await json('rekey', 'lab', '--device', 'm-1'))['done']).toHaveLength(1);
  // where the root itself issues, each act takes its key
  await json('authority', 'issuers', 'lab', '--devices', 'lab Root CA');
  expect(await failure('rekey', 'lab', '--device', 'm-1')).toEqual([4, 'AUTHORITY_OFFLINE']);
  expect((await json('rekey', 'lab', '--device', 'm-1', '--key', file))['done']).toHaveLength(1);
  await json('authority', 'issuers', 'lab', '--devices', 'lab Site CA');
  expect((await json('verify'))['verification']).toMatchObject({ sound: true });
});

it('replaces the root: rehearsed, started, watched, finished', async () => {
  const file = join(folder, 'lab-lab-Root-CA.key.pem');
  const { rehearsal } = await json('replace-root', 'lab', '--rehearse');
  expect(rehearsal).toMatchObject({ newAuthorities: ['lab Root CA G2', 'lab Site CA G2'] });
  expect((await json('authority', 'list', 'lab'))['moves']).toEqual([]);
  expect((await json('replace-root', 'lab'))['move']).toMatchObject({ devices: 3, moved: 0, finishedAt: null });
  expect(await failure('replace-root', 'lab', '--finish')).toEqual([2, 'MOVE_INCOMPLETE']);
  await json('replace-root', 'lab', '--reissue', '--key', file);
  await json('export', 'lab', '--out', out);
  expect((await json('replace-root', 'lab'))['move']).toMatchObject({ moved: 3 });
  expect((await json('replace-root', 'lab', '--finish'))['move'].finishedAt).not.toBeNull();
  expect(await failure('replace-root', 'lab', '--finish')).toEqual([2, 'MOVE_NOT_FOUND']);
  await json('export', 'lab', '--out', out);
  const ca = join(out, 'lab/devices/m-1/ca.crt');
  const chain = join(out, 'lab/devices/m-1/client.crt');
  const verify = ['verify', '-x509_strict', '-CAfile', ca, '-untrusted', chain, '-purpose', 'sslclient', chain];
  expect(await run('openssl', verify)).toMatchObject({ ok: true });
  expect((await json('verify'))['verification']).toMatchObject({ sound: true });
});

it('lists what is due and scans what others made', async () => {
  expect((await json('due', 'lab', '--within', '400'))['due']).toMatchObject({
    devices: { total: 3 },
    own: expect.arrayContaining([expect.objectContaining({ kind: 'broker' })]),
  });
  const scanned = await runBuilt(['scan', out, '--json', '--within', '400'], { env: { FIELDKEY_PASSPHRASE: undefined } });
  expect(scanned).toMatchObject({ status: 0, stderr: '' });
  const { scan } = JSON.parse(scanned.stdout);
  expect(scan.certificates.map((each: { file: string }) => each.file)).toContain('lab/devices/m-1/client.crt');
  expect(await runBuilt(['scan', join(folder, 'none'), '--json'])).toMatchObject({ status: 5 });
  const wrong = await runBuilt(['authority', 'burn', 'lab', '--vault', join(folder, 'v.fieldkey'), '--json']);
  expect(wrong.status).toBe(2);
});

it('asks a company for an authority, judges the answer, and moves the fleet to it', async () => {
  const away = await Corporation.create(join(folder, 'corp'));
  const at = (name: string) => join(folder, 'corp', name);
  const [old] = (await json('authority', 'list', 'lab'))['authorities'].filter(
    ({ issuesDevices }: { issuesDevices: boolean }) => issuesDevices,
  );
  expect(await failure('authority', 'answer', 'lab', at('root.crt'))).toEqual([5, 'ANSWER_REFUSED']);
  await json('authority', 'request', 'lab', '--name', 'Badajoz CA', '--out', at('our.csr'));
  expect(await failure('authority', 'request', 'lab', '--out', at('our.csr'))).toEqual([5, 'EXPORT_NOT_WRITABLE']);
  await away.sign('our.csr', 'site.crt');
  const dry = await cli(['authority', 'answer', 'lab', at('site.crt'), at('root.crt'), '--dry-run']);
  expect([dry.status, JSON.parse(dry.stdout).refused]).toEqual([7, 'chain-incomplete']);
  const answer = ['authority', 'answer', 'lab', at('site.crt'), at('mid.crt'), at('root.crt')];
  const taken = await json(...answer, '--replaces', old.name);
  expect(taken['filesToCopy']).toContain('certs/ca.crt');
  expect(taken['authorities']).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ name: 'Corp Root', outside: true, keyHere: false }),
      expect.objectContaining({ name: 'Badajoz CA', outside: false, issuesDevices: true }),
    ]),
  );
  expect(await failure(...answer)).toEqual([5, 'ANSWER_REFUSED']);
  expect(await failure('authority', 'renew', 'lab', '--authority', 'Badajoz CA')).toEqual([2, 'AUTHORITY_OUTSIDE']);
  expect(await json('replace-root', 'lab', '--reissue')).toMatchObject({ move: { reissued: 3 } });
  await json('export', 'lab', '--out', out);
  const chain = await readFile(join(out, 'lab/devices/m-1/client.crt'), 'utf8');
  expect(chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  await json('replace-root', 'lab', '--finish');
  const renewal = await json('authority', 'request', 'lab', '--authority', 'Badajoz CA', '--out', at('again.csr'));
  expect(renewal['pem']).toContain('CERTIFICATE REQUEST');
  await away.sign('again.csr', 'again.crt', { days: 1800 });
  await json('authority', 'answer', 'lab', at('again.crt'), at('mid.crt'), at('root.crt'));
  expect(await json('verify')).toMatchObject({ verification: { sound: true, findings: [] } });
});
