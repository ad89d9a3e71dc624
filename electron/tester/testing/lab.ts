import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultAccess } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { standardKit } from '../../../shared/model/kit.ts';
import type { ProvisionPlan } from '../../../shared/model/plan.ts';
import { openTestIdentity } from '../../authority/test-identity.ts';
import { testVault } from '../../authority/testing/fixtures.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../../broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../../broker/testing/readme-commands.ts';
import { exportProject } from '../../jobs/export-project.ts';
import { provision } from '../../jobs/provision.ts';
import type { Vault } from '../../vault/vault.ts';
import type { TestCertificate } from '../channel.ts';

export interface Lab {
  readonly folder: string;
  readonly vault: Vault;
  readonly projectId: number;
  readonly port: number;
  readonly broker: RunningMosquitto;
  /** The observer, or a device by its id, as the window gets it out of the vault. */
  identity(who: string): TestCertificate;
  /** Stops the broker and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A project made and exported by the product, and the broker of its kit, running. */
export async function openLab(
  changes: { readonly broker?: Partial<BrokerSettings> } = {},
  options: {
    readonly now?: () => number;
    readonly conf?: (text: string) => string;
    /** Instead of the usual three. */
    readonly devices?: ProvisionPlan['devices'];
    readonly beforeExport?: (vault: Vault, projectId: number) => Promise<void>;
  } = {},
): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-tester-'));
  // the user mosquitto has to get to the tree below
  await chmod(folder, 0o755);
  const port = await freePort();
  const plan: ProvisionPlan = {
    project: 'lab',
    subject: { organisation: 'Lab' },
    authority: { key: 'p256', years: 20 },
    devices: options.devices ?? [
      { id: 'meter-001', role: 'device' },
      { id: 'meter-002', role: 'device' },
      { id: 'dash-1', role: 'dashboard' },
    ],
    deviceDays: 397,
    access: defaultAccess,
    broker: {
      names: ['localhost'],
      addresses: ['127.0.0.1'],
      port,
      target: 'mosquitto-2.0',
      directory: join(folder, 'etc/mosquitto'),
      data: join(folder, 'lib'),
      log: join(folder, 'log'),
      days: 397,
      kit: standardKit,
      ...changes.broker,
    },
  };
  const vault = await testVault(join(folder, 'v.fieldkey'), options.now ? { now: options.now } : {});
  const { projectId } = await provision(vault.session, plan);
  await options.beforeExport?.(vault, projectId);
  await mkdir(join(folder, 'stick'));
  await exportProject(vault.session, projectId, { directory: join(folder, 'stick') });
  const kit = join(folder, 'stick', plan.project, 'broker');
  await runAsReadmeSays(readmeCommands(await readFile(join(kit, 'README.txt'), 'utf8')), kit, folder);
  const conf = join(folder, 'etc/mosquitto/mosquitto.conf');
  if (options.conf) await writeFile(conf, options.conf(await readFile(conf, 'utf8')));
  let broker = await startMosquitto(conf);
  return {
    folder,
    vault,
    projectId,
    port,
    get broker() {
      return broker;
    },
    identity: (who) => {
      const device = vault.session.tables.device.where('project_id = ? AND name_folded = ?', projectId, who)[0];
      const identity = device
        ? ({ kind: 'device', deviceId: device.id, takeoverAccepted: true } as const)
        : ({ kind: 'observer' } as const);
      return openTestIdentity(vault.session, { projectId, identity, host: 'localhost', port });
    },
    async restart() {
      await broker.stop();
      broker = await startMosquitto(conf);
    },
    stop: () => broker.stop(),
    async start() {
      broker = await startMosquitto(conf);
    },
    async close() {
      await broker.stop();
      vault.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
