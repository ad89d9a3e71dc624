import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HandedKey } from '../authority/issuer.ts';
import { authoritiesOf, brokerOf } from '../authority/lookup.ts';
import { renewObserver } from '../authority/renew-own.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { generateKey } from '../pki/keys.ts';
import { buildRequest, requestPem } from '../pki/request.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { readAuthorityKey, takeOffline } from './authority-key.ts';
import { signBrokerRequest } from './broker-request.ts';
import { changeBrokerSettings } from './change-project.ts';
import { provision } from './provision.ts';
import { makeBrokerOwn, renewBroker, renewDevices } from './renew.ts';
import { replaceAndPublish } from './replace.ts';
import { shareCertificate, unshareCertificate } from './share-certificate.ts';
import { signRequests } from './sign-requests.ts';
import { writeTestCertificate } from './write-test-certificate.ts';

/** The only authority is kept elsewhere: without its key no act issues or changes anything, with it each does all of its work. */
let folder: string;
let vault: Vault;
let projectId: number;
let root: { readonly id: number; readonly key_id: number };
let handed: HandedKey;
const passphrase = 'kept in the safe of the plant';
const plan = (...more: { id: string }[]) => testPlan({ devices: [{ pattern: 'm-{1..3}' }, ...more] });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-brought-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  ({ projectId } = await provision(vault.session, plan()));
  await signRequests(vault.session, projectId, [await accepted('m-own')]);
  shareCertificate(vault.session, projectId, id('m-1'), [id('m-3')]);
  // once: deriving the file's key takes its time, on purpose
  const authorities = authoritiesOf(vault.session, projectId);
  root = authorities[0] ?? (null as never);
  const { file } = await takeOffline(vault.session, root.id, { directory: folder, passphrase });
  handed = await readAuthorityKey(vault.session, authorities, { file, passphrase });
});
afterAll(async () => {
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const id = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
async function request(kind: 'device' | 'broker', commonName: string): Promise<string> {
  const { pkcs8 } = await generateKey('p256');
  const alternativeNames = kind === 'broker' ? { dns: [commonName], ip: [] } : {};
  return requestPem(await buildRequest({ kind, subject: { commonName }, alternativeNames, signer: softwareSigner(pkcs8) }));
}
const accepted = async (name: string) => ({
  pem: await request('device', name),
  id: name,
  role: 'device' as const,
  existing: false,
});

type Act = (handed?: HandedKey) => Promise<unknown>;
const acts: Record<string, () => Promise<Act> | Act> = {
  'renewing devices': () => (handed) => renewDevices(vault.session, projectId, { mode: 'renew', deviceIds: [id('m-1')], handed }),
  're-keying devices': () => (handed) =>
    renewDevices(vault.session, projectId, { mode: 'rekey', deviceIds: [id('m-1')], handed }),
  'replacing devices': () => (handed) =>
    replaceAndPublish(vault.session, projectId, { deviceIds: [id('m-1')], reason: 'superseded', handed }),
  'adding devices': () => (handed) => addDevices(vault.session, projectId, [{ id: 'm-9', role: 'device' }], {}, {}, handed),
  'provisioning more of a plan': () => (handed) => provision(vault.session, plan({ id: 'm-8' }), {}, {}, handed),
  'signing requests': async () => {
    const wanted = await accepted('m-7');
    return (handed) => signRequests(vault.session, projectId, [wanted], {}, {}, handed);
  },
  'ending a shared certificate': () => (handed) => unshareCertificate(vault.session, projectId, [id('m-3')], {}, handed),
  'a test certificate': () => (handed) =>
    writeTestCertificate(vault.session, projectId, id('m-own'), join(folder, 'test'), handed),
  'renewing the broker': () => (handed) => renewBroker(vault.session, projectId, 'renew', handed),
  'making the broker’s key here': () => (handed) => makeBrokerOwn(vault.session, projectId, handed),
  'other names of the broker': () => (handed) => {
    const settings = brokerOf(vault.session, projectId)?.parsed ?? (null as never);
    return changeBrokerSettings(vault.session, projectId, { ...settings, names: ['mqtt.other.example'] }, handed);
  },
  'signing the broker’s request': async () => {
    const pem = await request('broker', 'localhost');
    return (handed) => signBrokerRequest(vault.session, projectId, { pem, names: ['localhost'], addresses: [], handed });
  },
  'renewing the observer': () => (handed) => renewObserver(vault.session, projectId, 'renew', handed),
};

it.each(Object.keys(acts))('%s', async (name) => {
  const act = (await acts[name]?.()) ?? (() => Promise.reject(new Error(name)));
  const issued = () => vault.session.tables.certificate.where('1 = 1').length;
  const before = { issued: issued(), acts: vault.session.audit.head.count };
  await expect(act()).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE', params: { authority: 'lab Root CA' } });
  expect({ issued: issued(), acts: vault.session.audit.head.count }).toEqual(before);
  await act(handed);
  expect(issued()).toBeGreaterThan(before.issued);
  // used, not stored
  expect(vault.session.tables.privateKey.get(root.key_id)?.sealed).toBeNull();
});
