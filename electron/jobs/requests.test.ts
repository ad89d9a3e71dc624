import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../pki/testing/run.ts';
import { verifyVault } from '../vault/verify.ts';
import { renewDevices } from './renew.ts';
import { replaceAndPublish } from './replace.ts';
import { mostRequests, reviewRequests } from './review-requests.ts';
import { signRequests } from './sign-requests.ts';
import { LiveProject } from './testing/live-project.ts';

let live: LiveProject;
let folder: string;
beforeAll(async () => {
  live = await LiveProject.start();
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-requests-'));
});
afterAll(async () => {
  await live.end();
  await rm(folder, { recursive: true, force: true });
});

/** Key and request made by openssl, as somebody else would. */
async function request(name: string, subject: string, newkey: readonly string[], more: readonly string[] = []) {
  const [key, csr] = [join(folder, `${name}.key`), join(folder, `${name}.csr`)];
  const { ok, output } = await run('openssl', [
    'req',
    '-new',
    ...newkey,
    '-nodes',
    '-subj',
    subject,
    '-keyout',
    key,
    '-out',
    csr,
    ...more,
  ]);
  if (!ok) throw new Error(output);
  return { name: `${name}.csr`, bytes: await readFile(csr) };
}
const p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const session = () => live.session;
const review = async (...files: { name: string; bytes: Uint8Array }[]) =>
  (await reviewRequests(session(), live.projectId, files)).requests;

describe('signing requests', () => {
  it('are issued as the policy says, and the real broker accepts the device with the key that it kept', async () => {
    const files = [
      await request('ext-1', '/O=Somebody Else/CN=ext-1', p256, [
        '-addext',
        'subjectAltName=DNS:evil.example',
        '-addext',
        'basicConstraints=critical,CA:TRUE',
      ]),
      await request('ext-2', '/CN=ext-2', ['-newkey', 'rsa:2048'], ['-outform', 'DER']),
    ];
    const [one, two] = await review(...files);
    expect(one).toMatchObject({ id: 'ext-1', key: 'P-256', names: ['evil.example'], wantsCa: true, refusal: null });
    expect(one?.extensions).toEqual(['subjectAltName', 'basicConstraints']);
    expect(two).toMatchObject({ id: 'ext-2', key: 'RSA-2048', refusal: null });
    const report = await signRequests(
      session(),
      live.projectId,
      [one, two].map((each) => ({ pem: each?.pem ?? '', id: each?.id ?? '', role: 'device' as const, existing: false })),
    );
    expect(report.issued.map(({ id }) => id)).toEqual(['ext-1', 'ext-2']);
    expect(report.refused).toEqual([]);

    await live.export();
    const path = (id: string, name: string) => join(live.stick, 'lab/devices', id, name);
    await expect(readFile(path('ext-1', 'client.key'))).rejects.toThrow('ENOENT');
    expect(await readFile(path('ext-1', 'README.txt'), 'utf8')).toContain('never left the place where it was made');
    for (const id of ['ext-1', 'ext-2']) {
      const certificate = await readFile(path(id, 'client.crt'), 'utf8');
      const identity = {
        certificate,
        key: await readFile(join(folder, `${id}.key`), 'utf8'),
        ca: await readFile(path(id, 'ca.crt'), 'utf8'),
      };
      expect(await live.connects(identity)).toBe(true);
      const { output } = await run('openssl', ['x509', '-in', path(id, 'client.crt'), '-noout', '-text']);
      expect(output).not.toContain('evil.example');
      expect(output).not.toContain('Somebody Else');
      expect(output).toContain('CA:FALSE');
    }
    // nothing of it is at risk when the stick is lost: its key is not on it
    const kept = session().database.prepare(
      "SELECT count(*) FROM export_item i JOIN device d ON d.id = i.device_id WHERE d.name LIKE 'ext-%' AND i.key_id IS NOT NULL",
    );
    expect(kept.pluck().get()).toBe(0);
    expect(await verifyVault(session())).toMatchObject({ sound: true });
  });

  it('are refused one by one, each with its reason, and the others go on', async () => {
    const sound = await request('good', '/CN=good', p256);
    const der = (await request('flip', '/CN=flip', p256, ['-outform', 'DER'])).bytes;
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const reasons = async (...files: { name: string; bytes: Uint8Array }[]) =>
      (await review(...files)).map(({ refusal }) => refusal);
    expect(
      await reasons(
        sound,
        await request('weak', '/CN=weak', ['-newkey', 'rsa:1024']),
        await request('curve', '/CN=curve', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp521r1']),
        { name: 'flip.csr', bytes: der },
        await request('sha1', '/CN=sha1', ['-newkey', 'rsa:2048'], ['-sha1']),
        await request('taken', '/CN=M-1', p256),
        await request('twice', '/CN=GOOD', p256),
        { name: 'again.csr', bytes: sound.bytes },
        await request('unnamed', '/O=Nobody', p256),
        await request('reserved', '/CN=observer', p256),
        { name: 'notes.txt', bytes: Buffer.from('nothing') },
      ),
    ).toEqual([
      null,
      'rsa-too-short',
      'curve',
      'signature',
      'signature-hash',
      'name-taken',
      'name-twice',
      'name-twice',
      'id-missing',
      'id-reserved',
      'not-a-request',
    ]);
    // of the same key under two names, the second one
    const [pem] = await review(sound);
    const accept = (id: string) => ({ pem: pem?.pem ?? '', id, role: 'device' as const, existing: false });
    const report = await signRequests(session(), live.projectId, [accept('good'), accept('good-2'), accept('bad id')]);
    expect(report.issued.map(({ id }) => id)).toEqual(['good']);
    expect(report.refused).toEqual([
      { id: 'good-2', reason: 'key-twice' },
      { id: 'bad id', reason: 'id-invalid' },
    ]);
  });

  it('renew without our private key; a new key takes a new request, and replacing says so', async () => {
    const deviceId = live.deviceId('ext-1');
    const { done } = await renewDevices(session(), live.projectId, { mode: 'renew', deviceIds: [deviceId], days: 400 });
    expect(done).toMatchObject([{ id: 'ext-1' }]);
    await live.export();
    const bundle = async () => ({
      certificate: await readFile(join(live.stick, 'lab/devices/ext-1/client.crt'), 'utf8'),
      key: await readFile(join(folder, 'ext-1.key'), 'utf8'),
      ca: await readFile(join(live.stick, 'lab/devices/ext-1/ca.crt'), 'utf8'),
    });
    expect(await live.connects(await bundle())).toBe(true);
    expect((await renewDevices(session(), live.projectId, { mode: 'rekey', deviceIds: [deviceId] })).skipped).toMatchObject([
      { why: 'key-elsewhere' },
    ]);
    await expect(
      replaceAndPublish(session(), live.projectId, { deviceIds: [deviceId], reason: 'superseded' }),
    ).rejects.toMatchObject({ code: 'KEY_ELSEWHERE' });

    const fresh = await request('ext-1', '/CN=ext-1', p256);
    const [found] = await review(fresh);
    expect(found).toMatchObject({ refusal: 'name-taken', existing: 'rekey' });
    const { issued } = await signRequests(session(), live.projectId, [
      { pem: found?.pem ?? '', id: 'ext-1', role: 'device', existing: true },
    ]);
    expect(issued).toMatchObject([{ id: 'ext-1', deviceId }]);
    const row = session().tables.certificate.get(issued[0]?.certificateId ?? 0);
    expect(row?.predecessor_id).toBe(done[0]?.certificateId);
    await live.export();
    expect(await live.connects(await bundle())).toBe(true);
    expect(await review(fresh)).toMatchObject([{ refusal: 'name-taken', existing: 'renew' }]);
    expect(await verifyVault(session())).toMatchObject({ sound: true });
  });

  it('cancelled work keeps what was issued, and goes on where it stopped', async () => {
    const many = await Promise.all(Array.from({ length: 4 }, (_, i) => request(`c-${i}`, `/CN=c-${i}`, p256)));
    const accepted = (await review(...many)).map(({ pem, id }) => ({ pem, id, role: 'device' as const, existing: false }));
    const signal = { aborted: true };
    const memory = {};
    await expect(signRequests(session(), live.projectId, accepted, { signal }, memory)).rejects.toMatchObject({
      code: 'JOB_CANCELLED',
    });
    const report = await signRequests(session(), live.projectId, accepted, {}, memory);
    expect(report.issued).toHaveLength(4);
    expect((await signRequests(session(), live.projectId, accepted, {}, memory)).issued).toHaveLength(4);
    const tooMany = Array.from({ length: mostRequests + 1 }, (_, i) => ({ name: `${i}`, bytes: new Uint8Array(1) }));
    await expect(review(...tooMany)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });
});
