import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorityRequestOf, authorityViews } from '../authority/authority-view.ts';
import { chooseIssuers } from '../authority/choose-issuers.ts';
import { dueList } from '../authority/due.ts';
import {
  authoritiesOf,
  brokerCertificate,
  brokerOf,
  currentCertificate,
  issuingAuthority,
  latestCrl,
  trustOf,
} from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { publishCrls } from '../authority/publish-crl.ts';
import { renewAuthority } from '../authority/renew-own.ts';
import { crlPem } from '../pki/pem.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { reviewAuthorityAnswer, takeAuthorityAnswer } from './authority-answer.ts';
import { makeAuthorityRequest } from './authority-request.ts';
import { changeBrokerSettings } from './change-project.ts';
import { finishMove, reissueBelow } from './move-fleet.ts';
import { moveProgress } from './move-progress.ts';
import { contextOf } from './project-files.ts';
import { renewDevices } from './renew.ts';
import { revokeAndPublish } from './revoke.ts';
import { Corporation, siteExtensions } from './testing/corporation.ts';
import { type LiveBundle, LiveProject } from './testing/live-project.ts';

const run = promisify(execFile);

let live: LiveProject;
let corp: Corporation;
beforeEach(async () => {
  live = await LiveProject.start();
  corp = await Corporation.create(join(live.scratch, 'corp'));
});
afterEach(() => live?.end());

const root = () => authoritiesOf(live.session, live.projectId)[0]?.id ?? 0;
const request = async (options = {}) =>
  corp.save('our.csr', (await makeAuthorityRequest(live.session, live.projectId, options)).pem);
const chain = (leaf: string) => corp.files(leaf, 'mid.crt', 'root.crt');

/** What openssl says of a bundle below the company's root, with the list that our authority published. */
async function verified(bundle: LiveBundle, name: string): Promise<string> {
  const [leaf = '', ...issuers] = bundle.certificate.split(/(?<=-----END CERTIFICATE-----\n)/);
  const crl = latestCrl(live.session, issuingAuthority(live.session, live.projectId).id);
  await corp.save(`${name}.crt`, leaf);
  await corp.save(`${name}.chain`, issuers.join(''));
  await corp.save('ours.crl', crl ? crlPem(crl.der) : '');
  const args = `verify -x509_strict -purpose sslclient -crl_check -CRLfile ours.crl -CAfile root.crt -untrusted ${name}.chain ${name}.crt`;
  return corp.openssl(...args.split(' ')).then(
    ({ stdout }) => stdout.trim(),
    (error) => `${error.stdout}${error.stderr}`,
  );
}

it('asks for an authority below a company’s root, checks the answer, and issues from it: openssl and Mosquitto agree', async () => {
  const before = await live.bundle('m-1');
  await request();
  const shown = (await corp.openssl(...'req -in our.csr -noout -text -verify'.split(' '))).stdout;
  expect(shown).toContain('CA:TRUE, pathlen:0');
  expect(shown).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
  expect(shown).toContain('CN = lab Site CA');
  expect(authorityRequestOf(live.session, live.projectId)).toMatchObject({ name: 'lab Site CA', authorityId: null });
  await corp.signAsCa('our.csr', 'site.crt');

  const review = reviewAuthorityAnswer(live.session, live.projectId, await chain('site.crt'));
  expect(review).toMatchObject({ refusal: null, missing: [], constraints: [], renews: null });
  expect(review.chain.map(({ name }) => name.split(',')[0])).toEqual(['CN=lab Site CA', 'CN=Corp Policy', 'CN=Corp Root']);
  const { moveId, filesToCopy } = await takeAuthorityAnswer(live.session, live.projectId, await chain('site.crt'), {
    replaces: root(),
  });
  expect(filesToCopy).toEqual(expect.arrayContaining(['certs/ca.crt', 'certs/crl.pem']));
  // the devices in the field know only our root: the broker keeps what it has
  expect(filesToCopy).not.toContain('certs/server.crt');
  expect(moveId).not.toBeNull();
  expect(authorityRequestOf(live.session, live.projectId)).toBeNull();
  expect(authorityViews(live.session, live.projectId, live.session.now())).toMatchObject([
    { name: 'lab Root CA', outside: false, issuesBroker: true, issuesDevices: false },
    { name: 'Corp Root', outside: true, keyHere: false, crl: null },
    { name: 'Corp Policy', outside: true, keyHere: false, crl: null },
    { name: 'lab Site CA', outside: false, keyHere: true, issuesDevices: true, crl: { entries: 1 } },
  ]);
  expect(await verifyVault(live.session)).toMatchObject({ findings: [] });

  await addDevices(live.session, live.projectId, [{ id: 'm-5', role: 'device' }]);
  await live.deploy();
  const fresh = await live.bundle('m-5');
  expect(fresh.certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  expect(await verified(fresh, 'm-5')).toBe('m-5.crt: OK');
  expect(await live.connects(fresh)).toBe(true);
  expect(await live.connects(before)).toBe(true);
  // whoever else the company certifies stays outside: no list of theirs is here
  await corp.openssl(
    ...'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout spy.key -out spy.csr -subj /CN=m-1'.split(' '),
  );
  await corp.sign('spy.csr', 'spy.crt', { extensions: ['extendedKeyUsage=clientAuth'], days: 9 });
  const spy = { certificate: (await corp.read('spy.crt')) + (await corp.read('mid.crt')), key: await corp.read('spy.key') };
  expect(await live.connects({ ...spy, ca: fresh.ca })).toBe(false);

  // its list is published by it, and the broker refuses what stands on it
  const certificate = currentCertificate(live.session, live.deviceId('m-5'));
  const report = await revokeAndPublish(live.session, certificate?.id ?? 0, { reason: 'keyCompromise' });
  expect(report.crls).toMatchObject([{ authority: 'lab Site CA', pending: 0 }]);
  await live.deploy();
  expect(await live.connects(fresh)).toBe(false);
  expect(await verified(fresh, 'm-5')).toContain('certificate revoked');
  expect(await publishCrls(live.session, live.projectId)).toMatchObject({ offline: [] });

  // the fleet moves; at the end the broker has a certificate below the company's root, and our own root is out of use
  await renewDevices(live.session, live.projectId, {
    mode: 'rekey',
    deviceIds: ['m-1', 'm-2', 'm-3', 'm-4'].map((id) => live.deviceId(id)),
  });
  await renewDevices(live.session, live.projectId, { mode: 'rekey', deviceIds: [live.deviceId('m-5')] });
  await live.deploy();
  expect(moveProgress(live.session, moveId ?? 0)).toMatchObject({ devices: 4, reissued: 4, moved: 4 });
  // m-5 is revoked: nobody waits for it
  await finishMove(live.session, moveId ?? 0);
  await live.deploy();
  const moved = await live.bundle('m-1');
  expect(await live.connects(moved)).toBe(true);
  expect(await live.connects(before)).toBe(false);
  expect(await verified(moved, 'm-1')).toBe('m-1.crt: OK');
  const server = await run('sh', [
    '-c',
    `openssl s_client -connect localhost:${live.port} -verify_return_error -verify_hostname localhost -CAfile ${corp.folder}/root.crt -cert ${live.stick}/lab/devices/m-1/client.crt -key ${live.stick}/lab/devices/m-1/client.key </dev/null`,
  ]).catch((error) => error);
  expect(server.stdout).toContain('Verify return code: 0 (ok)');
  expect(trustOf(live.session, live.projectId, 'broker').map(({ common_name }) => common_name)).toEqual(['Corp Root']);
  expect(await verifyVault(live.session)).toMatchObject({ findings: [] });
}, 240_000);

it('is certified anew with the same key; what the company’s authorities sign is none of our acts', async () => {
  await request({ name: 'Badajoz CA' });
  await corp.sign('our.csr', 'site.crt', { days: 300 });
  const files = await corp.files('site.crt', 'root.crt', 'mid.crt');
  const { authorityId } = await takeAuthorityAnswer(live.session, live.projectId, files);
  await addDevices(live.session, live.projectId, [{ id: 'm-5', role: 'device' }]);
  const [, top, policy] = authoritiesOf(live.session, live.projectId);
  await expect(renewAuthority(live.session, authorityId)).rejects.toMatchObject({ code: 'AUTHORITY_OUTSIDE' });
  await expect(createSite(live.session, policy?.id ?? 0)).rejects.toMatchObject({ code: 'AUTHORITY_OUTSIDE' });
  expect(() => chooseIssuers(live.session, live.projectId, { devices: top?.id ?? 0, broker: null })).toThrow('AUTHORITY_OUTSIDE');
  const own = live.session.tables.certificate.where('authority_id = ?', authorityId)[0];
  await expect(revokeAndPublish(live.session, own?.id ?? 0, { reason: 'superseded' })).rejects.toMatchObject({
    code: 'AUTHORITY_OUTSIDE',
  });
  expect(dueList(live.session, live.projectId, { withinDays: 400 }).own).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'site', name: 'Badajoz CA', outside: 'Corp Policy', offline: false }),
    ]),
  );

  await request({ authorityId });
  expect(authorityRequestOf(live.session, live.projectId)).toMatchObject({ authorityId });
  await corp.sign('our.csr', 'again.crt', { days: 900 });
  // under another name everything that it has signed would lose its issuer
  await corp.openssl(
    ...'x509 -req -in our.csr -CA mid.crt -CAkey mid.key -days 9 -extfile again.crt.ext -subj /CN=Other -out other.crt'.split(
      ' ',
    ),
  );
  expect(reviewAuthorityAnswer(live.session, live.projectId, await chain('other.crt'))).toMatchObject({ refusal: 'other-name' });
  expect(reviewAuthorityAnswer(live.session, live.projectId, await chain('again.crt'))).toMatchObject({
    refusal: null,
    renews: 'Badajoz CA',
  });
  await takeAuthorityAnswer(live.session, live.projectId, await chain('again.crt'));
  await live.deploy();
  const bundle = await live.bundle('m-5');
  expect(bundle.certificate).toContain((await corp.read('again.crt')).trim());
  expect(await verified(bundle, 'm-5')).toBe('m-5.crt: OK');
  expect(await live.connects(bundle)).toBe(true);
  const certificates = live.session.tables.certificate.where('authority_id = ? ORDER BY id', authorityId);
  expect(certificates.map(({ predecessor_id }) => predecessor_id)).toEqual([null, own?.id]);
  expect(authoritiesOf(live.session, live.projectId)).toHaveLength(4);
  expect(await verifyVault(live.session)).toMatchObject({ findings: [] });
}, 180_000);

it('takes a compromised one out of use: its successor comes from the company, the devices are issued anew in one job', async () => {
  await request();
  await corp.sign('our.csr', 'site.crt');
  const first = await takeAuthorityAnswer(live.session, live.projectId, await chain('site.crt'), { replaces: root() });
  await renewDevices(live.session, live.projectId, { mode: 'rekey', deviceIds: null });
  await finishMove(live.session, first.moveId ?? 0, { force: true });
  await live.deploy();
  const stolen = await live.bundle('m-1');
  expect(await live.connects(stolen)).toBe(true);
  // nobody here can sign its successor
  const compromised = { mode: 'rekey', compromised: true } as const;
  await expect(reissueBelow(live.session, first.authorityId, compromised)).rejects.toMatchObject({ code: 'AUTHORITY_OUTSIDE' });
  await request();
  await corp.sign('our.csr', 'second.crt');
  await takeAuthorityAnswer(live.session, live.projectId, await chain('second.crt'), { replaces: first.authorityId });
  const { done, move } = await reissueBelow(live.session, first.authorityId, compromised);
  expect(done).toHaveLength(4);
  expect(move.finishedAt).not.toBeNull();
  await live.deploy();
  expect(await live.connects(stolen)).toBe(false);
  expect(await live.connects(await live.bundle('m-1'))).toBe(true);
  expect(await verifyVault(live.session)).toMatchObject({ findings: [] });
}, 240_000);

describe('an answer that cannot be used', () => {
  const refusalOf = async (files: Parameters<typeof reviewAuthorityAnswer>[2]) => {
    const { refusal } = reviewAuthorityAnswer(live.session, live.projectId, files);
    if (refusal !== null)
      await expect(takeAuthorityAnswer(live.session, live.projectId, files)).rejects.toMatchObject({
        code: 'ANSWER_REFUSED',
        params: { reason: refusal },
      });
    return refusal;
  };

  it('is refused with its reason, and nothing is stored', async () => {
    await corp.save('early.crt', await corp.read('mid.crt'));
    expect(await refusalOf(await corp.files('mid.crt'))).toBe('no-request');
    await request();
    const authorities = authoritiesOf(live.session, live.projectId).length;
    const cases: [string, readonly string[], number?][] = [
      ['not-authority', ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature']],
      ['may-not-sign', [siteExtensions[0] ?? '', 'keyUsage=critical,keyCertSign', ...siteExtensions.slice(2)]],
      ['may-not-sign', [siteExtensions[0] ?? '', ...siteExtensions.slice(2)]],
      ['not-for-devices', [...siteExtensions, 'extendedKeyUsage=serverAuth']],
    ];
    for (const [reason, extensions] of cases) {
      await corp.sign('our.csr', 'wrong.crt', { extensions });
      expect(await refusalOf(await chain('wrong.crt'))).toBe(reason);
    }
    await corp.sign('our.csr', 'site.crt');
    expect(await refusalOf(await corp.files('site.crt', 'mid.crt'))).toBe('chain-incomplete');
    expect(await refusalOf(await corp.files('mid.crt', 'root.crt'))).toBe('key');
    // of the same name, and signed by nobody of this chain
    const other = await Corporation.create(join(live.scratch, 'other'));
    expect(await refusalOf([...(await corp.files('site.crt')), ...(await other.files('mid.crt', 'root.crt'))])).toBe(
      'chain-unsound',
    );
    // SHA-1 in the chain: brokers refuse it
    await corp.openssl(
      ...'x509 -req -sha1 -in our.csr -CA mid.crt -CAkey mid.key -days 9 -extfile site.crt.ext -out weak.crt'.split(' '),
    );
    expect(await refusalOf(await chain('weak.crt'))).toBe('chain-weak');
    await corp.signAsCa('our.csr', 'old.crt', { from: '20200101000000Z', until: '20210101000000Z' });
    expect(await refusalOf(await chain('old.crt'))).toBe('ended');
    await corp.signAsCa('our.csr', 'later.crt', { from: '20900101000000Z', until: '20910101000000Z' });
    expect(await refusalOf(await chain('later.crt'))).toBe('not-yet');
    // a policy authority that may have no authority below it
    const narrow = await Corporation.create(join(live.scratch, 'narrow'), [], 0);
    await narrow.save('our.csr', await corp.read('our.csr'));
    await narrow.sign('our.csr', 'site.crt');
    expect(await refusalOf(await narrow.files('site.crt', 'mid.crt', 'root.crt'))).toBe('chain-unsound');
    expect(authoritiesOf(live.session, live.projectId)).toHaveLength(authorities);
    expect(await verifyVault(live.session)).toMatchObject({ findings: [] });
    // after all of that the right one is taken, also as the .p7b of Windows' authorities
    await corp.openssl(
      ...'crl2pkcs7 -nocrl -certfile site.crt -certfile mid.crt -certfile root.crt -outform DER -out answer.p7b'.split(' '),
    );
    expect(await refusalOf(await corp.files('answer.p7b'))).toBeNull();
    await corp.openssl(...'x509 -in site.crt -outform DER -out site.der'.split(' '));
    expect(await refusalOf(await corp.files('site.der', 'mid.crt', 'root.crt'))).toBeNull();
  }, 180_000);

  it('honours name constraints as openssl does: devices must fit, other names of the broker are pointed out and not issued', async () => {
    const fenced = await Corporation.create(join(live.scratch, 'fenced'), [
      'nameConstraints=critical,permitted;DNS:corp.example,permitted;DNS:localhost,excluded;IP:10.0.0.0/255.0.0.0',
    ]);
    corp = fenced;
    await changeBrokerSettings(live.session, live.projectId, {
      ...contextOf(live.session, live.projectId).broker,
      names: ['localhost', 'mqtt.other.example'],
    });
    await request();
    await corp.sign('our.csr', 'site.crt');
    const review = reviewAuthorityAnswer(live.session, live.projectId, await chain('site.crt'));
    expect(review).toMatchObject({
      refusal: null,
      missing: ['mqtt.other.example'],
      constraints: ['corp.example', 'localhost', 'not 10.0.0.0/255.0.0.0'],
    });
    const { authorityId } = await takeAuthorityAnswer(live.session, live.projectId, await chain('site.crt'));
    await addDevices(live.session, live.projectId, [{ id: 'm-5', role: 'device' }]);
    await live.deploy();
    expect(await live.connects(await live.bundle('m-5'))).toBe(true);
    // OpenSSL reads a common name with dots as a host: such a device would be refused, so it is not issued
    const dotted = addDevices(live.session, live.projectId, [{ id: 'm.5.other', role: 'device' }]);
    await expect(dotted).rejects.toMatchObject({ code: 'PROFILE_REFUSED', params: { reason: 'name-not-permitted' } });
    chooseIssuers(live.session, live.projectId, { devices: authorityId, broker: authorityId });
    const { broker } = contextOf(live.session, live.projectId);
    const other = changeBrokerSettings(live.session, live.projectId, { ...broker, names: ['localhost', 'third.example'] });
    await expect(other).rejects.toMatchObject({ code: 'PROFILE_REFUSED', params: { reason: 'name-not-permitted' } });
    await changeBrokerSettings(live.session, live.projectId, { ...broker, names: ['localhost', 'mqtt.corp.example'] });
    const row = brokerCertificate(live.session, brokerOf(live.session, live.projectId)?.id ?? 0);
    expect(row?.issuer_id).toBe(authorityId);
    await writeFile(join(corp.folder, 'broker.der'), row?.der ?? '');
    await corp.openssl(...'x509 -inform DER -in broker.der -out broker.crt'.split(' '));
    const judged = await corp.openssl(
      ...'verify -x509_strict -purpose sslserver -verify_hostname mqtt.corp.example -CAfile root.crt -untrusted mid.crt -untrusted site.crt broker.crt'.split(
        ' ',
      ),
    );
    expect(judged.stdout.trim()).toBe('broker.crt: OK');

    // the subject of every device lies outside of what this one permits
    const strict = await Corporation.create(join(live.scratch, 'strict'), [
      'nameConstraints=critical,permitted;dirName:dir_sect\n[dir_sect]\nO=Corp',
    ]);
    corp = strict;
    await request({ name: 'strict' });
    await corp.sign('our.csr', 'site.crt');
    expect(reviewAuthorityAnswer(live.session, live.projectId, await chain('site.crt'))).toMatchObject({
      refusal: 'names-forbidden',
      constraints: ['O=Corp'],
    });
  }, 180_000);
});

it('never shows the private key, and keeps it over a second request', async () => {
  const one = await makeAuthorityRequest(live.session, live.projectId);
  const two = await makeAuthorityRequest(live.session, live.projectId);
  await corp.save('one.csr', one.pem);
  await corp.save('two.csr', two.pem);
  const keyOf = async (file: string) => (await corp.openssl('req', '-in', file, '-noout', '-pubkey')).stdout;
  expect(await keyOf('one.csr')).toBe(await keyOf('two.csr'));
  await corp.save('new.csr', (await makeAuthorityRequest(live.session, live.projectId, { newKey: true })).pem);
  expect(await keyOf('new.csr')).not.toBe(await keyOf('one.csr'));
  for (const name of ['one.csr', 'new.csr']) expect(await readFile(join(corp.folder, name), 'utf8')).not.toContain('PRIVATE');
});
