import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokerCertificate, brokerOf, trustOf } from '../authority/lookup.ts';
import { readmeBlocks, readmeCommands, runAsReadmeSays } from '../broker/testing/readme-commands.ts';
import { readCertificate } from '../pki/read.ts';
import { verifyVault } from '../vault/verify.ts';
import { reviewBrokerRequest, signBrokerRequest } from './broker-request.ts';
import { changeBrokerSettings } from './change-project.ts';
import { makeBrokerRequest, reviewBrokerAnswer, takeBrokerAnswer } from './outside-answer.ts';
import { contextOf } from './project-files.ts';
import { makeBrokerOwn, renewBroker } from './renew.ts';
import { LiveProject } from './testing/live-project.ts';

const run = promisify(execFile);

let live: LiveProject;
let away: string;
beforeEach(async () => {
  live = await LiveProject.start();
  away = join(live.scratch, 'away');
  await mkdir(away);
});
afterEach(() => live?.end());

const openssl = (...args: string[]) => run('openssl', args, { cwd: away });
const present = () => brokerCertificate(live.session, brokerOf(live.session, live.projectId)?.id ?? 0);
/** What mosquitto_pub says with the files of an exported bundle: nothing, or why not. */
async function publishes(id: string): Promise<string> {
  const bundle = join(live.stick, 'lab/devices', id);
  const tls = ['--cafile', join(bundle, 'ca.crt'), '--cert', join(bundle, 'client.crt'), '--key', join(bundle, 'client.key')];
  const args = [
    '-h',
    'localhost',
    '-p',
    String(live.port),
    ...tls,
    '-V',
    'mqttv5',
    '-q',
    '1',
    '-t',
    `lab/energy/${id}`,
    '-m',
    '1',
  ];
  return run('mosquitto_pub', args, { timeout: 20_000 }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error) => `${error.stderr}` || 'refused',
  );
}

/** A corporate authority of two levels, made by openssl, and its answer to our request. */
const corporation = {
  async create(): Promise<void> {
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes'];
    const ca = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    await openssl(
      'req',
      '-x509',
      ...ec,
      '-keyout',
      'root.key',
      '-out',
      'root.crt',
      '-days',
      '3000',
      '-subj',
      '/O=Corp/CN=Corp Root',
      ...ca,
    );
    await openssl('req', ...ec, '-keyout', 'mid.key', '-out', 'mid.csr', '-subj', '/O=Corp/CN=Corp Servers');
    const extensions =
      'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n';
    await writeFile(join(away, 'mid.ext'), extensions);
    await openssl(...'x509 -req -in mid.csr -CA root.crt -CAkey root.key -days 2000 -extfile mid.ext -out mid.crt'.split(' '));
  },

  /** Signs a request with what it asks for, as most authorities do, or with other names. */
  async answer(request: string, names = 'DNS:localhost,IP:127.0.0.1', more = 'extendedKeyUsage=serverAuth'): Promise<void> {
    await writeFile(join(away, 'our.csr'), request);
    await writeFile(join(away, 'leaf.ext'), `subjectAltName=${names}\n${more}\nauthorityKeyIdentifier=keyid\n`);
    await openssl(...'x509 -req -in our.csr -CA mid.crt -CAkey mid.key -days 90 -extfile leaf.ext -out leaf.crt'.split(' '));
  },
};
const files = (...names: string[]) => Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(away, name)) })));
const names = async (file: string) => readCertificate(pemBytes(await readFile(file, 'utf8'))).alternativeNames;
const pemBytes = (pem: string) => Buffer.from((pem.split('-----END')[0] ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64');

it('gives the broker a certificate of another authority: old bundles refuse it, new ones take it, clients stay ours', async () => {
  await corporation.create();
  expect(await publishes('m-1')).toBe('');
  const clients = trustOf(live.session, live.projectId, 'clients').map(({ id }) => id);
  const { pem, name } = await makeBrokerRequest(live.session, live.projectId);
  expect(name).toBe('lab-broker.csr');
  await writeFile(join(away, 'check.csr'), pem);
  const shown = (await openssl(...'req -in check.csr -noout -text -verify'.split(' '))).stdout;
  expect(shown).toContain('DNS:localhost, IP Address:127.0.0.1');
  expect(shown).toContain('TLS Web Server Authentication');
  // asked for again before it is answered: the same key, so that either request may be answered
  const again = await makeBrokerRequest(live.session, live.projectId);
  await writeFile(join(away, 'again.csr'), again.pem);
  const keyOf = async (file: string) => (await openssl('req', '-in', file, '-noout', '-pubkey')).stdout;
  expect(await keyOf('again.csr')).toBe(await keyOf('check.csr'));

  await corporation.answer(pem);
  const half = reviewBrokerAnswer(live.session, live.projectId, await files('leaf.crt', 'mid.crt'));
  expect(half).toMatchObject({ refusal: 'chain-incomplete' });
  const review = reviewBrokerAnswer(live.session, live.projectId, await files('root.crt', 'leaf.crt', 'mid.crt'));
  expect(review).toMatchObject({ refusal: null, missing: [] });
  expect(review.chain.map((each) => each.name)).toEqual([
    expect.stringContaining('localhost'),
    expect.stringContaining('Corp Servers'),
    expect.stringContaining('Corp Root'),
  ]);

  const { filesToCopy } = await takeBrokerAnswer(live.session, live.projectId, await files('leaf.crt', 'mid.crt', 'root.crt'));
  expect(filesToCopy).toEqual(expect.arrayContaining(['certs/server.crt', 'certs/server.key']));
  expect(filesToCopy).not.toContain('certs/ca.crt');
  expect(trustOf(live.session, live.projectId, 'clients').map(({ id }) => id)).toEqual(clients);
  const before = await live.bundle('m-1');
  await live.deploy();
  // a device that has the bundle of before knows only our root
  expect(await live.connects(before)).toBe(false);
  expect(await publishes('m-1')).toBe('');
  expect(await live.connects(live.observer())).toBe(true);
  const sent = await run('sh', [
    '-c',
    `openssl s_client -connect localhost:${live.port} -showcerts </dev/null 2>/dev/null`,
  ]).catch((error) => error);
  expect(sent.stdout).toContain('CN = Corp Servers');
  expect(sent.stdout.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  // nobody of theirs gets in: there is no list for what their authority issued
  await openssl(
    ...'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout spy.key -out spy.csr -subj /CN=m-1'.split(' '),
  );
  await openssl(...'x509 -req -in spy.csr -CA mid.crt -CAkey mid.key -days 9 -out spy.crt'.split(' '));
  const spy = {
    certificate: (await readFile(join(away, 'spy.crt'), 'utf8')) + (await readFile(join(away, 'mid.crt'), 'utf8')),
    key: await readFile(join(away, 'spy.key'), 'utf8'),
  };
  expect(await live.connects({ ...spy, ca: (await live.bundle('m-1')).ca })).toBe(false);

  // whoever issued it renews it by the request that they have, without asking: the same key, taken over as it comes
  expect(reviewBrokerAnswer(live.session, live.projectId, await files('leaf.crt', 'mid.crt', 'root.crt')).refusal).toBe('key');
  await corporation.answer(pem);
  const renewed = await files('leaf.crt', 'mid.crt', 'root.crt');
  expect(reviewBrokerAnswer(live.session, live.projectId, renewed)).toMatchObject({ refusal: null });
  const old = present();
  expect((await takeBrokerAnswer(live.session, live.projectId, renewed)).filesToCopy).toEqual(['certs/server.crt']);
  expect(present()).toMatchObject({ predecessor_id: old?.id, key_id: old?.key_id });
  await live.deploy();
  expect(await publishes('m-1')).toBe('');

  // it is not replaced by one of ours on the way
  await expect(renewBroker(live.session, live.projectId, 'renew')).rejects.toMatchObject({ code: 'BROKER_NOT_OURS' });
  const { broker } = contextOf(live.session, live.projectId);
  const changed = await changeBrokerSettings(live.session, live.projectId, { ...broker, names: ['localhost', 'second.example'] });
  expect(changed.reissued).toBe(false);
  expect(present()?.issuer_id).toBeNull();
  const readme = await readFile(join(live.stick, 'lab/broker/README.txt'), 'utf8');
  expect(readme).toMatch(/issued by .*Corp Servers.*, not\s+by/);
  expect((await verifyVault(live.session)).findings).toEqual([]);

  // and back: devices trust both
  await makeBrokerOwn(live.session, live.projectId);
  await live.deploy();
  expect(await publishes('m-2')).toBe('');
  expect(await live.connects(before)).toBe(true);
}, 180_000);

it('takes the answer of a Windows authority (P7B), DER and a bundle in one file alike', async () => {
  await corporation.create();
  const { pem } = await makeBrokerRequest(live.session, live.projectId);
  await corporation.answer(pem);
  await openssl(
    ...'crl2pkcs7 -nocrl -certfile leaf.crt -certfile mid.crt -certfile root.crt -outform DER -out all.p7b'.split(' '),
  );
  await openssl(...'crl2pkcs7 -nocrl -certfile leaf.crt -certfile mid.crt -certfile root.crt -out pem.p7b'.split(' '));
  for (const name of ['leaf', 'mid', 'root'])
    await openssl('x509', '-in', `${name}.crt`, '-outform', 'DER', '-out', `${name}.der`);
  for (const given of [['all.p7b'], ['pem.p7b'], ['leaf.der', 'mid.der', 'root.der']])
    expect(reviewBrokerAnswer(live.session, live.projectId, await files(...given))).toMatchObject({
      refusal: null,
      chain: { length: 3 },
    });
});

it('refuses answers that would leave devices without a broker, and says why', async () => {
  await corporation.create();
  const judge = async (...given: string[]) => reviewBrokerAnswer(live.session, live.projectId, await files(...given)).refusal;
  expect(await judge('root.crt', 'mid.crt')).toBe('no-request');
  const { pem } = await makeBrokerRequest(live.session, live.projectId);
  expect(await judge('root.crt', 'mid.crt')).toBe('key');
  expect(await judge('root.key')).toBe('no-certificate');
  const all = ['leaf.crt', 'mid.crt', 'root.crt'];
  await corporation.answer(pem, 'DNS:other.example');
  expect(await judge(...all)).toBe('name');
  await corporation.answer(pem, undefined, 'extendedKeyUsage=clientAuth');
  expect(await judge(...all)).toBe('purpose');
  await corporation.answer(pem, undefined, 'basicConstraints=CA:TRUE');
  expect(await judge(...all)).toBe('is-authority');
  await corporation.answer(pem, 'DNS:localhost');
  const review = reviewBrokerAnswer(live.session, live.projectId, await files(...all));
  expect(review).toMatchObject({ refusal: null, missing: ['127.0.0.1'] });
  // another authority of the same name did not sign it
  await copyFile(join(away, 'leaf.crt'), join(away, 'theirs.crt'));
  await corporation.create();
  expect(await judge('theirs.crt', 'mid.crt', 'root.crt')).toBe('chain-unsound');
  await expect(
    takeBrokerAnswer(live.session, live.projectId, await files('theirs.crt', 'mid.crt', 'root.crt')),
  ).rejects.toMatchObject({
    code: 'ANSWER_REFUSED',
    params: { reason: 'chain-unsound' },
  });
  expect(live.changed()).toEqual([]);
});

it('signs for a broker that somebody else runs: the kit has no key, and the README says where theirs goes', async () => {
  const wish = 'DNS:localhost,DNS:mqtt.partner.example,DNS:*,IP:127.0.0.1';
  const ca = [
    '-addext',
    `subjectAltName=${wish}`,
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=keyCertSign',
  ];
  await openssl(
    ...'req -newkey rsa:2048 -nodes -keyout partner.key -out partner.csr -subj /O=Partner/CN=anything'.split(' '),
    ...ca,
  );
  const csr = await readFile(join(away, 'partner.csr'));
  const review = reviewBrokerRequest(live.session, live.projectId, csr);
  expect(review).toMatchObject({ refusal: null, wantsCa: true, key: 'RSA-2048' });
  expect(review.names.map(({ value, inProject, inRequest }) => [value, inProject, inRequest])).toEqual([
    ['localhost', true, true],
    ['mqtt.partner.example', false, true],
    ['127.0.0.1', true, true],
  ]);
  const chosen = { pem: review.pem, names: ['localhost', 'mqtt.partner.example'], addresses: ['127.0.0.1'] };
  await expect(signBrokerRequest(live.session, live.projectId, { ...chosen, names: ['evil.example'] })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  const { filesToCopy } = await signBrokerRequest(live.session, live.projectId, chosen);
  expect(filesToCopy).toContain('certs/server.crt');
  const device = await live.bundle('m-1');
  await live.export();
  const kit = join(live.stick, 'lab/broker');
  expect(existsSync(join(kit, 'certs/server.key'))).toBe(false);
  expect(await names(join(kit, 'certs/server.crt'))).toMatchObject({
    dns: ['localhost', 'mqtt.partner.example'],
    ip: ['127.0.0.1'],
  });
  const text = (await openssl('x509', '-in', join(kit, 'certs/server.crt'), '-noout', '-text')).stdout;
  expect(text).toContain('CA:FALSE');
  expect(text).toContain('TLS Web Server Authentication');
  expect(text).not.toContain('Certificate Sign');

  // as whoever runs it does: the lines of the README, with the key brought along
  const readme = await readFile(join(kit, 'README.txt'), 'utf8');
  expect(readme).toContain('NO KEY IS IN THIS FOLDER');
  const blocks = readmeBlocks(readme);
  const keyBlock = blocks.find(({ title }) => title === 'The key of the broker');
  await runAsReadmeSays(readmeCommands(readme), kit, live.scratch);
  await copyFile(join(away, 'partner.key'), join(live.installed, 'certs/server.key'));
  await runAsReadmeSays(keyBlock?.commands.join('\n') ?? 'exit 1', kit, live.scratch);
  await live.restart();
  expect(await live.connects(device)).toBe(true);
  expect(await publishes('m-1')).toBe('');

  // renewed for the same key; a new one is theirs to make
  const spki = present()?.key_id;
  await renewBroker(live.session, live.projectId, 'renew');
  expect(present()?.key_id).toBe(spki);
  await expect(renewBroker(live.session, live.projectId, 'rekey')).rejects.toMatchObject({ code: 'BROKER_NOT_OURS' });
  expect((await verifyVault(live.session)).findings).toEqual([]);
  const own = await makeBrokerOwn(live.session, live.projectId);
  expect(own.filesToCopy).toContain('certs/server.key');
});

it('does not sign a key of this vault, nor a request without a sound proof', async () => {
  const { pem } = await makeBrokerRequest(live.session, live.projectId);
  expect(reviewBrokerRequest(live.session, live.projectId, Buffer.from(pem)).refusal).toBe('key-known');
  const der = pemBytes(pem);
  der[der.length - 5] = (der[der.length - 5] ?? 0) ^ 1;
  expect(reviewBrokerRequest(live.session, live.projectId, der).refusal).toBe('signature');
  expect(() => reviewBrokerRequest(live.session, live.projectId, Buffer.from(pem + pem))).toThrow();
});
