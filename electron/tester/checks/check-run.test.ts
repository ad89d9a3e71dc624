import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Check, type CheckExpectation, type CheckPublish, newCheck } from '../../../shared/model/check.ts';
import { standardKit } from '../../../shared/model/kit.ts';
import { localPractice } from '../../broker/practice/testing/local-practice.ts';
import { connectTestClient } from '../../broker/testing/mqtt-client.ts';
import { lastRun } from '../../jobs/checks/last-run.ts';
import { createPractice, openBroker } from '../../jobs/practice.ts';
import { revokeAndPublish } from '../../jobs/revoke.ts';
import { shareCertificate } from '../../jobs/share-certificate.ts';
import { verifyVault } from '../../vault/verify.ts';
import { type Lab, openLab } from '../testing/lab.ts';
import { type CheckedPlace, resultLines, runChecks } from '../testing/run-checks.ts';

/** A real Mosquitto with the kit exactly as it was exported; meter-009 was revoked before, meter-003 uses the certificate of meter-002. */
let lab: Lab;
beforeAll(async () => {
  lab = await openLab(
    { broker: { kit: { ...standardKit, maxPacketSize: 65_536 } } },
    {
      devices: [
        { id: 'meter-001', role: 'device' },
        { id: 'meter-002', role: 'device' },
        { id: 'meter-003', role: 'device' },
        { id: 'meter-009', role: 'device' },
        { id: 'gw-1', role: 'gateway' },
      ],
      beforeExport: async ({ session }, projectId) => {
        const [holder, sharer] = ['meter-002', 'meter-003'].map((id) => session.tables.device.where('name = ?', id)[0]?.id ?? 0);
        shareCertificate(session, projectId, holder as number, [sharer as number]);
        const [row] = session.tables.certificate.where("common_name = 'meter-009'");
        await revokeAndPublish(session, row?.id ?? 0, { reason: 'keyCompromise' });
      },
    },
  );
});
afterAll(() => lab?.close());

const check = (name: string, publish: Partial<CheckPublish> = {}, expectation: Partial<CheckExpectation> = {}): Check => ({
  name,
  enabled: true,
  publish: { ...newCheck.publish, ...publish },
  expect: { ...newCheck.expect, ...expectation },
});
/** A device that must not write there; long enough for a message that would come. */
const denied = { topic: '{project}/energy/other', answer: 135 } as const;
const nothing = { arrives: false, topic: '{project}/energy/other', within: 150 } as const;

const here = (): CheckedPlace => ({ session: lab.vault.session, projectId: lab.projectId, host: 'localhost', port: lab.port });
const run = (checks: readonly Check[], devices: readonly string[]) => runChecks(here(), checks, devices);

describe('on a Mosquitto with the exported kit', () => {
  it('a reading of each device arrives at the observer, a command at the device, and nobody gets what is for another', async () => {
    const report = await run(
      [
        check('reading'),
        check(
          'command',
          { by: 'observer', topic: '{project}/commands/{device}' },
          { at: 'device', topic: '{project}/commands/#' },
        ),
        check(
          'wide',
          { text: '"{{device}}"', form: 'json' },
          { topic: '{project}/#', match: { kind: 'json', text: '"{{device}}"' } },
        ),
        check('denied', denied, nothing),
      ],
      ['meter-002', 'meter-001'],
    );
    expect(resultLines(report)).toEqual([
      'meter-001 reading passed 0',
      'meter-001 command passed 0',
      'meter-001 wide passed 0',
      'meter-001 denied passed 135',
      'meter-002 reading passed 0',
      'meter-002 command passed 0',
      'meter-002 wide passed 0',
      'meter-002 denied passed 135',
    ]);
    for (const { check: at, roundTrip, failure, got } of report.results) {
      expect(failure).toBeNull();
      expect(got).toBeNull();
      if (at === 3) expect(roundTrip).toBeNull();
      else expect(roundTrip).toBeGreaterThan(0);
    }
    expect(lastRun(lab.vault.session, lab.projectId)).toEqual(report);
    expect(await verifyVault(lab.vault.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('says what is wrong: nothing came, something else came, it was refused, it was not refused, it came and must not', async () => {
    const report = await run(
      [
        // the device may not read what it writes, and Mosquitto confirms the subscription all the same
        check('silence', {}, { at: 'device', within: 150 }),
        check('payload', { text: '{"w":1}' }, { match: { kind: 'path', path: '$.w', compare: 'above', value: '1' } }),
        check('refused', { topic: denied.topic }, { topic: denied.topic, within: 150 }),
        check('code', { answer: 135 }, { arrives: false, within: 150 }),
        check('came', { text: 'x', form: 'text' }, { arrives: false, within: 5_000 }),
        check('too large', { text: 'x'.repeat(200_000), form: 'text' }),
      ],
      ['meter-001'],
    );
    expect(resultLines(report)).toEqual(
      [
        'meter-001 silence failed timeout 0',
        'meter-001 payload failed other-payload 0',
        'meter-001 refused failed publish-refused 135',
        'meter-001 code failed unexpected 0',
        'meter-001 came failed unexpected 0',
        'meter-001 too large untried not-sendable 149',
      ].map((line) => line),
    );
    const [, payload, , , came] = report.results;
    expect(Buffer.from(payload?.got?.base64 ?? '', 'base64').toString()).toBe('{"w":1}');
    expect(came?.got).toEqual({ topic: 'lab/energy/meter-001', base64: Buffer.from('x').toString('base64'), size: 1 });
  });

  it('takes neither a retained message of before for its own nor what somebody else sends there', async () => {
    const fixed = { text: '7', form: 'text' } as const;
    const asked = { by: 'observer', topic: '{project}/commands/{device}' } as const;
    const retained = await run([check('left behind', { ...fixed, retain: true })], ['meter-001']);
    expect(resultLines(retained)).toEqual(['meter-001 left behind passed 0']);
    const { certificateChain: certificate, key, ca } = lab.identity('meter-002');
    const identity = { certificate, key: Buffer.from(key).toString() };
    const other = await connectTestClient({ port: lab.port, ca, identity, clientId: 'meter-002' });
    // the same text, all the time
    const sending = setInterval(() => void other.publish('lab/energy/meter-002', '7').catch(() => undefined), 5);
    try {
      const there = '{project}/energy/meter-002';
      const report = await run(
        [
          check('denied', { ...fixed, topic: there, answer: 135 }, { topic: there, arrives: false, within: 200 }),
          check('nobody answers', asked, { within: 200, match: { kind: 'any' } }),
          check('somebody answers', asked, { topic: there, match: { kind: 'text', text: '7' } }),
          check('wrong answer', asked, { topic: there, within: 200, match: { kind: 'contains', text: '8' } }),
        ],
        ['meter-001'],
      );
      expect(resultLines(report)).toEqual([
        'meter-001 denied passed 135',
        // nobody listens to the command
        'meter-001 nobody answers failed timeout 16',
        'meter-001 somebody answers passed 16',
        'meter-001 wrong answer failed other-payload 16',
      ]);
      expect(report.results[0]?.others).toBeGreaterThan(0);
      expect(report.results[3]?.got).toMatchObject({ topic: 'lab/energy/meter-002', size: 1 });
    } finally {
      clearInterval(sending);
      await other.close();
      await run([check('taken away', { text: '', form: 'text', retain: true })], ['meter-001']);
    }
  });

  it('cannot run for a revoked device, says why, and runs for the others', async () => {
    const report = await run(
      [
        check('reading'),
        check(
          'alone',
          { by: 'observer', topic: '{project}/commands/all' },
          { topic: '{project}/commands/none', arrives: false, within: 50 },
        ),
      ],
      ['meter-009', 'gw-1'],
    );
    expect(resultLines(report).sort()).toEqual(
      ['- alone passed 16', 'gw-1 reading passed 0', 'meter-009 reading untried connection'].sort(),
    );
    expect(report.results.find(({ device }) => device === 'meter-009')).toMatchObject({
      who: 'device',
      failure: { cause: 'client-certificate-revoked', alert: 44 },
    });
  });

  it('many at a time do not take each other for their own, with the same payload and a wide filter', async () => {
    const same = check('same', { text: 'x', form: 'text' }, { topic: '{project}/energy/+' });
    // the last two have one certificate, and would throw each other out
    const report = await run([same, same, same], ['meter-001', 'gw-1', 'meter-002', 'meter-003']);
    expect(report.results).toHaveLength(12);
    expect(report.results.every(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  it('ends at once when it is cancelled, with nobody left on the broker', async () => {
    const began = performance.now();
    const patient = check(
      'patient',
      { by: 'observer', topic: '{project}/commands/{device}' },
      { at: 'device', topic: '{project}/commands/{device}/none', arrives: false, within: 60_000 },
    );
    const { certificateChain: certificate, key, ca } = lab.identity('gw-1');
    const gateway = await connectTestClient({
      port: lab.port,
      ca,
      identity: { certificate, key: Buffer.from(key).toString() },
      clientId: 'gw-1',
    });
    await gateway.subscribe('lab/commands/#');
    const report = await runChecks(here(), [patient, check('later')], ['meter-001', 'meter-002'], (cancel) => {
      const look = setInterval(() => {
        // both have published, and wait
        if (gateway.received.length < 2) return;
        clearInterval(look);
        void cancel();
      }, 20);
    });
    await gateway.close();
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(report.cancelled).toBe(true);
    expect(report.results.map(({ reason }) => reason)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
    const still = async () => {
      const log = await lab.broker.log();
      const after = (who: string) => log.slice(log.lastIndexOf(` as ${who} (`));
      return ['meter-001', 'meter-002'].filter((who) => !new RegExp(`Client ${who} (disconnected|closed)`).test(after(who)));
    };
    await expect.poll(still).toEqual([]);
  });

  it('says of every check that nobody gets in, and does not ask for it again and again', async () => {
    let asked = 0;
    const closing = createServer((socket) => {
      asked++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
    const where = { ...here(), host: '127.0.0.1', port: (closing.address() as AddressInfo).port };
    try {
      const one = await runChecks(where, [check('reading')], ['meter-001']);
      const once = asked;
      expect(once).toBeGreaterThan(0);
      const many = await runChecks(where, [check('reading'), check('again'), check('and again')], ['meter-001', 'meter-002']);
      expect(asked - once).toBe(once);
      expect(many.results.map(({ who, reason }) => `${who} ${reason}`)).toEqual(Array(6).fill('observer connection'));
      expect(many.results[5]?.failure?.cause).toBe(one.results[0]?.failure?.cause);
    } finally {
      closing.close();
    }
  });
});

it('on a broker that speaks 3.1.1 only, own messages are known by their topics and bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-checks-'));
  const practice = localPractice();
  const { vault, projectId } = await createPractice(join(folder, 'practice.fieldkey'), 'Ana');
  try {
    const { session } = vault;
    const host = '127.0.0.1';
    const { port } = await practice.call('startBroker', openBroker(session, projectId, { host, port: 0 }));
    const fixed = check('reading', { text: 'x', form: 'text', retain: true });
    const asked = check(
      'nobody answers',
      { by: 'observer', topic: '{project}/commands/{device}' },
      { within: 200, match: { kind: 'any' } },
    );
    const there = { session, projectId, host, port };
    // retained by the broker for the run that follows
    await runChecks(there, [fixed], ['meter-001', 'meter-002']);
    const report = await runChecks(
      there,
      [asked, fixed, fixed, check('code', denied, nothing), check('silence', { topic: denied.topic, answer: 'any' }, nothing)],
      ['meter-001', 'meter-002'],
    );
    expect(resultLines(report)).toEqual(
      ['meter-001', 'meter-002'].flatMap((device) => [
        `${device} nobody answers failed timeout`,
        `${device} reading passed`,
        `${device} reading passed`,
        `${device} code untried no-reason-code`,
        `${device} silence passed`,
      ]),
    );
  } finally {
    await practice.call('stop', undefined);
    vault.close();
    await rm(folder, { recursive: true, force: true });
  }
});
