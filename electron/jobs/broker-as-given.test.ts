import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokerCertificate, brokerOf, trustOf } from '../authority/lookup.ts';
import { readmeBlocks } from '../broker/testing/readme-commands.ts';
import { keyPem } from '../pki/key-pem.ts';
import { verifyVault } from '../vault/verify.ts';
import { makeBrokerRequest, reviewBrokerAnswer, takeBrokerAnswer } from './outside-answer.ts';
import { renewBroker } from './renew.ts';
import { Corporation, siteExtensions } from './testing/corporation.ts';
import { LiveProject } from './testing/live-project.ts';

/** A broker that a company's IT runs, with a certificate of the company and a key that never comes here: a real Mosquitto has both. */
const run = promisify(execFile);

let live: LiveProject;
let corp: Corporation;
beforeEach(async () => {
  live = await LiveProject.start();
  corp = await Corporation.create(join(live.scratch, 'corp'));
});
afterEach(() => live?.end());

const present = () => brokerCertificate(live.session, brokerOf(live.session, live.projectId)?.id ?? 0);
const usual = ['subjectAltName=DNS:localhost,IP:127.0.0.1', 'extendedKeyUsage=serverAuth', 'authorityKeyIdentifier=keyid'];

/** The company makes a key and certifies it. Gives the files of its chain. */
async function certify(name: string, extensions: readonly string[] = usual, days = 90): Promise<string[]> {
  const key = `-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key`;
  await corp.openssl(...`req ${key} -out ${name}.csr -subj /O=Corp/CN=localhost`.split(' '));
  await corp.sign(`${name}.csr`, `${name}.crt`, { extensions, days });
  return [`${name}.crt`, 'mid.crt', 'root.crt'];
}
const asGiven = { asGiven: true } as const;
const review = async (...names: string[]) =>
  reviewBrokerAnswer(live.session, live.projectId, await corp.files(...names), asGiven);
const take = async (...names: string[]) => takeBrokerAnswer(live.session, live.projectId, await corp.files(...names), asGiven);

/** What their administrator does with the kit: the key as the README says, the files as the program says. */
async function install(name: string): Promise<readonly string[]> {
  const before = live.changed();
  await live.export();
  const kit = join(live.stick, 'lab/broker');
  expect(existsSync(join(kit, 'certs/server.key'))).toBe(false);
  const readme = await readFile(join(kit, 'README.txt'), 'utf8');
  expect(readme).toContain('NO KEY IS IN THIS FOLDER');
  await copyFile(join(corp.folder, `${name}.key`), join(live.installed, 'certs/server.key'));
  const block = readmeBlocks(readme).find(({ title }) => title === 'The key of the broker');
  if (!block) throw new Error('the README does not say where the key goes');
  await run('sh', ['-ec', block.commands.join('\n')], { cwd: kit });
  await copyFile(join(kit, 'certs/server.crt'), join(live.installed, 'certs/server.crt'));
  await live.restart();
  return before;
}

/** What a device sees: whether it takes the broker, and which serial that one shows. */
async function deviceSees(id: string): Promise<string> {
  const bundle = join(live.stick, 'lab/devices', id);
  const tls = `-verify_return_error -verify_hostname localhost -CAfile ${bundle}/ca.crt -cert ${bundle}/client.crt -key ${bundle}/client.key`;
  const { stdout } = await run('sh', ['-c', `openssl s_client -connect localhost:${live.port} ${tls} </dev/null | tee seen`], {
    cwd: live.scratch,
  });
  expect(stdout).toContain('Verify return code: 0 (ok)');
  return (await run('openssl', ['x509', '-in', 'seen', '-noout', '-serial'], { cwd: live.scratch })).stdout.trim();
}
const serial = async (name: string) => (await corp.openssl('x509', '-in', `${name}.crt`, '-noout', '-serial')).stdout.trim();

it('is taken with its chain: the kit has no key, devices check the broker by the company’s root, the next key is taken too', async () => {
  const old = await live.bundle('m-1');
  const clients = trustOf(live.session, live.projectId, 'clients').map(({ id }) => id);
  const first = await certify('first');
  // it answers no request of ours
  const asked = reviewBrokerAnswer(live.session, live.projectId, await corp.files(...first));
  expect(asked.refusal).toBe('no-request');
  const seen = await review(...first);
  expect(seen).toMatchObject({ refusal: null, missing: [] });
  expect(seen.chain.map(({ name }) => name.split(',')[0])).toEqual(['CN=localhost', 'CN=Corp Policy', 'CN=Corp Root']);
  const { filesToCopy } = await take(...first);
  expect(filesToCopy).toContain('certs/server.crt');
  expect(live.session.hasPrivateKey(present()?.key_id ?? 0)).toBe(false);
  await install('first');
  expect(await deviceSees('m-1')).toBe(await serial('first'));
  expect(await live.connects(await live.bundle('m-1'))).toBe(true);
  // whom the broker lets in stays as it is; a bundle of before does not know the company
  expect(trustOf(live.session, live.projectId, 'clients').map(({ id }) => id)).toEqual(clients);
  expect(await live.connects(old)).toBe(false);
  expect((await review(...first)).refusal).toBe('in-use');
  await expect(renewBroker(live.session, live.projectId, 'renew')).rejects.toMatchObject({ code: 'BROKER_NOT_OURS' });

  const second = await certify('second');
  expect(await take(...second)).toEqual({ filesToCopy: ['certs/server.crt'] });
  await install('second');
  expect(await deviceSees('m-2')).toBe(await serial('second'));
  expect(await live.connects(await live.bundle('m-2'))).toBe(true);
  expect((await verifyVault(live.session)).findings).toEqual([]);
}, 120_000);

it('is not taken when devices would refuse it, and never with a key that this vault uses for something else', async () => {
  const refusal = async (...names: string[]) => (await review(...names)).refusal;
  const all = await certify('good');
  expect(await refusal('root.crt', 'mid.crt')).toBe('is-authority');
  expect(await refusal('good.key')).toBe('no-certificate');
  expect(await refusal('good.crt', 'mid.crt')).toBe('chain-incomplete');
  expect(await refusal(...(await certify('name', ['subjectAltName=DNS:other.example', 'extendedKeyUsage=serverAuth'])))).toBe(
    'name',
  );
  expect(await refusal(...(await certify('use', ['subjectAltName=DNS:localhost', 'extendedKeyUsage=clientAuth'])))).toBe(
    'purpose',
  );
  expect(await refusal(...(await certify('ca', [...siteExtensions, 'subjectAltName=DNS:localhost'])))).toBe('is-authority');
  const part = await review(...(await certify('part', ['subjectAltName=DNS:localhost', 'extendedKeyUsage=serverAuth'])));
  expect(part).toMatchObject({ refusal: null, missing: ['127.0.0.1'] });
  await corp.openssl(...'x509 -in good.crt -out good.der -outform DER'.split(' '));
  expect(await refusal('good.der', ...all.slice(1))).toBe(null);

  // with a device's key the kit would carry that key to the broker
  const device = live.session.tables.certificate.where("kind = 'device' ORDER BY id")[0];
  await corp.save('stolen.key', keyPem(live.session.openKey(device?.key_id ?? 0).pkcs8));
  await corp.openssl(...'req -new -key stolen.key -out stolen.csr -subj /CN=localhost'.split(' '));
  await corp.sign('stolen.csr', 'stolen.crt', { extensions: usual, days: 9 });
  expect(await refusal('stolen.crt', 'mid.crt', 'root.crt')).toBe('key-known');
  await expect(take('stolen.crt', 'mid.crt', 'root.crt')).rejects.toMatchObject({ params: { reason: 'key-known' } });
  expect(live.changed()).toEqual([]);

  // of a request of ours the key is here, and stays the kit's
  await corp.save('ours.csr', (await makeBrokerRequest(live.session, live.projectId)).pem);
  await corp.sign('ours.csr', 'ours.crt', { extensions: usual, days: 9 });
  await take('ours.crt', 'mid.crt', 'root.crt');
  expect(live.session.hasPrivateKey(present()?.key_id ?? 0)).toBe(true);
}, 60_000);
