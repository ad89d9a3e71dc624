import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionCauses } from '../../shared/model/connection.ts';
import { type DoctorReport, doctorSteps, stepOf } from '../../shared/model/doctor.ts';
import { type DoctorCode, doctorRemarks } from '../../shared/model/doctor-findings.ts';
import { newConnection } from '../../shared/model/own-connection.ts';
import { makeTestAuthority } from '../broker/testing/certificates.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../broker/testing/readme-commands.ts';
import { putConnection } from '../jobs/connections/own-connections.ts';
import { Vault } from '../vault/vault.ts';
import { findingText } from './doctor-words.ts';
import './testing/cheap-derivation.mjs';
import { cliPassphrase, runBuilt } from './testing/run-built.ts';

/** A project made and exported by the built command line, and a real Mosquitto with its kit; a plain one besides. */
let scratch: string;
let port: number;
let plainPort: number;
let broker: RunningMosquitto;
let plain: RunningMosquitto;
const vault = () => join(scratch, 'v.fieldkey');
const bundle = (id: string, file: string) => join(scratch, 'out/lab/devices', id, file);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-cli-doctor-'));
  // the user mosquitto has to get to the tree below
  await chmod(scratch, 0o755);
  [port, plainPort] = [await freePort(), await freePort()];
  const plan = {
    project: 'lab',
    devices: [{ id: 'meter-001' }, { id: 'meter-002' }],
    broker: {
      names: ['localhost'],
      addresses: ['127.0.0.1'],
      port,
      directory: join(scratch, 'etc/mosquitto'),
      data: join(scratch, 'lib'),
      log: join(scratch, 'log'),
    },
  };
  await writeFile(join(scratch, 'plan.json'), JSON.stringify(plan));
  const provisioned = await runBuilt([
    'provision',
    join(scratch, 'plan.json'),
    '--vault',
    vault(),
    '--out',
    join(scratch, 'out'),
    '--json',
  ]);
  expect(provisioned).toMatchObject({ status: 0, stderr: '' });
  const kit = join(scratch, 'out/lab/broker');
  await runAsReadmeSays(readmeCommands(await readFile(join(kit, 'README.txt'), 'utf8')), kit, scratch);
  broker = await startMosquitto(join(scratch, 'etc/mosquitto/mosquitto.conf'));
  const conf = join(scratch, 'plain.conf');
  await writeFile(
    conf,
    `allow_anonymous true\nlog_dest stderr\nlog_type all\nlog_dest file ${join(scratch, 'log/plain.log')}\nlistener ${plainPort} 127.0.0.1\n`,
  );
  plain = await startMosquitto(conf);
});
afterAll(async () => {
  await broker?.stop();
  await plain?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const doctor = (...args: string[]) => runBuilt(['doctor', ...args]);
async function examined(...args: string[]): Promise<{ status: number | null; report: DoctorReport; all: string }> {
  const { status, stdout, stderr } = await doctor(...args, '--json');
  const all = stdout + stderr;
  return { status, report: JSON.parse(stdout).report as DoctorReport, all };
}

describe('fieldkey doctor', () => {
  it('a good broker as a device: every step passed, everybody refused who has to be; 0', async () => {
    const file = join(scratch, 'acceptance.json');
    const { status, report } = await examined('--vault', vault(), '--as', 'meter-001', '--host', 'localhost', '--out', file);
    expect(report.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(doctorSteps.map((step) => `${step} passed`));
    expect(stepOf(report, 'negative').evidence?.refusals.map(({ seen }) => seen)).toEqual(Array(6).fill('refused'));
    expect(stepOf(report, 'loopback').evidence?.trips).toHaveLength(2);
    expect(status).toBe(0);
    // the acceptance report: device, serial, version of TLS, round trips, every step
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(report);
    expect(report.identity).toMatchObject({ id: 'meter-001', serial: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(stepOf(report, 'tls').evidence?.protocol).toBe('TLSv1.3');
    const audit = await runBuilt(['audit', '--vault', vault()]);
    expect(audit.stdout).toContain(`connection to localhost:${port} examined as meter-001: healthy`);
  });

  it('as the observer, in words', async () => {
    const { status, stdout, stderr } = await doctor('--vault', vault(), '--quick');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^mqtts:\/\/127\.0\.0\.1:\d+ as observer\n/);
    expect(stdout).toMatch(/ok {4}TLS +\d+ ms, TLSv1\.3 TLS_/);
    expect(stdout).toMatch(/observer → observer \d+\.\d ms/);
    expect(stdout).toContain('left out (--quick)');
    expect(stdout).toContain('Everything is as it should be.');
  });

  it('a wrong name: says what to add, 8', async () => {
    const { status, stdout } = await doctor('--vault', vault(), '--as', 'meter-001', '--host', '127.0.0.2');
    expect(status).toBe(8);
    expect(stdout).toContain("Cause: the broker's certificate is not made for 127.0.0.2");
    expect(stdout).toContain("add 127.0.0.2 to the broker's names or addresses");
    expect(stdout).toMatch(/FAIL {2}TLS/);
    expect(stdout).toMatch(/- {5}MQTT +not tried after the failure/);
  });

  it('files without a vault: the right ones, another authority, a key behind a passphrase; 7 and 8', async () => {
    const files = [
      '--host',
      'localhost',
      '--port',
      String(port),
      '--cert',
      bundle('meter-002', 'client.crt'),
      '--key',
      bundle('meter-002', 'client.key'),
      '--client-id',
      'meter-002',
    ];
    const good = await examined(...files, '--ca', bundle('meter-002', 'ca.crt'));
    // nobody said that a topic of its own is free
    expect([good.status, good.report.verdict.outcome]).toEqual([7, 'remarks']);
    expect(good.report.project).toBe(null);
    const other = await makeTestAuthority(join(scratch, 'other'));
    const wrong = await examined(...files, '--ca', other.caFile);
    expect([wrong.status, wrong.report.verdict.cause?.code]).toEqual([8, 'broker-other-root']);
    const locked = join(scratch, 'locked.key');
    execFileSync('openssl', [
      'pkcs8',
      '-topk8',
      '-in',
      bundle('meter-002', 'client.key'),
      '-out',
      locked,
      '-passout',
      'pass:secret',
    ]);
    const behind = [...files, '--ca', bundle('meter-002', 'ca.crt'), '--quick'].map((arg) =>
      arg === bundle('meter-002', 'client.key') ? locked : arg,
    );
    expect((await examined(...behind)).report.verdict.cause?.code).toBe('passphrase-missing');
    await writeFile(join(scratch, 'passphrase'), 'secret\n');
    const opened = await examined(...behind, '--passphrase-file', join(scratch, 'passphrase'));
    expect(opened.report.verdict.outcome).toBe('remarks');
    expect(opened.all).not.toContain('secret');
  });

  it('a connection that the project keeps, with all that it says; what is given here goes first', async () => {
    const open = await Vault.open(vault(), {});
    const session = await open.unlock(cliPassphrase, 'Ana');
    const { id: projectId } = session.tables.project.where('id > 0')[0] ?? { id: 0 };
    const settings = { ...newConnection, name: 'shore', host: 'localhost', port: plainPort, transport: 'mqtt' as const };
    putConnection(session, projectId, { id: null, settings }, {});
    open.close();
    const at = ['--vault', vault(), '--connection', 'shore', '--quick'];
    const { status, stdout } = await doctor(...at);
    expect(status).toBe(7);
    expect(stdout).toContain(`mqtt://localhost:${plainPort} as shore\n`);
    const other = await examined(...at, '--transport', 'mqtts', '--port', String(plainPort));
    expect([other.status, other.report.verdict.cause?.code]).toEqual([8, 'plain-port']);
    expect(other.report.identity).toMatchObject({ kind: 'own', connection: { name: 'shore' } });
    expect((await doctor('--vault', vault(), '--connection', 'pier')).stderr).toContain('shore');
    expect((await doctor(...at, '--as', 'meter-001')).status).toBe(2);
    expect((await doctor('--connection', 'shore', '--host', 'localhost')).status).toBe(4);
  });

  it('a plain port is told as such; asked for in the clear it works, with a remark', async () => {
    const place = ['--host', '127.0.0.1', '--port', String(plainPort)];
    const encrypted = await examined('--vault', vault(), '--as', 'meter-001', ...place);
    expect([encrypted.status, encrypted.report.verdict.cause?.code]).toEqual([8, 'plain-port']);
    expect(encrypted.report.verdict.cause?.fixes).toEqual([{ fix: 'use-port', params: { port, transport: 'mqtts' } }]);
    const clear = await examined(...place, '--transport', 'mqtt');
    expect([clear.status, clear.report.verdict.outcome]).toEqual([7, 'remarks']);
    expect(stepOf(clear.report, 'predicted').findings.map(({ code }) => code)).toEqual(['unencrypted']);
  });

  it('a revoked device is refused once the broker has the list; 8', async () => {
    const serial = (await examined('--vault', vault(), '--as', 'meter-002', '--quick')).report.identity.serial ?? '';
    const crl = join(scratch, 'etc/mosquitto/certs/crl.pem');
    const revoked = await runBuilt(['revoke', 'lab', serial, '--vault', vault(), '--out', crl]);
    expect(revoked.status).toBe(0);
    await broker.stop();
    broker = await startMosquitto(join(scratch, 'etc/mosquitto/mosquitto.conf'));
    const { status, report } = await examined('--vault', vault(), '--as', 'meter-002');
    expect(status).toBe(8);
    expect(report.verdict).toMatchObject({ step: 'admission', cause: { code: 'client-certificate-revoked', alert: 44 } });
    expect(stepOf(report, 'predicted').findings.map(({ code }) => code)).toEqual(['client-revoked']);
  });

  it('wrong arguments, a vault that is needed and not named, a file that is missing', async () => {
    expect((await doctor('--as', 'meter-001', '--host', 'localhost')).status).toBe(4);
    expect((await doctor()).status).toBe(2);
    expect((await doctor('--host', 'localhost', '--transport', 'carrier-pigeon')).status).toBe(2);
    expect((await doctor('--vault', vault(), '--as', 'nobody')).status).toBe(2);
    expect((await doctor('--host', 'localhost', '--cert', join(scratch, 'missing.crt'))).status).toBe(5);
    expect((await runBuilt(['doctor', '--vault', vault()], { env: { FIELDKEY_PASSPHRASE: `${cliPassphrase}!` } })).status).toBe(
      3,
    );
  });
});

it('no two findings have the same sentence', () => {
  const codes: readonly DoctorCode[] = [...connectionCauses, ...doctorRemarks];
  const texts = codes.map((code) => findingText({ code, params: {} }));
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});
