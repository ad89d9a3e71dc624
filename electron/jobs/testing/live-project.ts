import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { openTestIdentity } from '../../authority/test-identity.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../../authority/testing/fixtures.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../../broker/testing/mosquitto.ts';
import { connectTestClient } from '../../broker/testing/mqtt-client.ts';
import { readmeCommands, runAsReadmeSays } from '../../broker/testing/readme-commands.ts';
import type { VaultSession } from '../../vault/session.ts';
import { Vault } from '../../vault/vault.ts';
import { exportProject } from '../export-project.ts';
import { exportState } from '../export-state.ts';
import { provision } from '../provision.ts';

/** An exported identity. */
export interface LiveBundle {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

/** A project whose kit a real Mosquitto runs with: what an act means is decided there. */
export class LiveProject {
  vault: Vault;
  readonly projectId: number;
  readonly port: number;
  readonly #scratch: string;
  #broker: RunningMosquitto | undefined;
  #sticks = 0;

  private constructor(vault: Vault, projectId: number, port: number, scratch: string) {
    this.vault = vault;
    this.projectId = projectId;
    this.port = port;
    this.#scratch = scratch;
  }

  /** The project `lab` with the devices m-1 … m-4, its kit installed as the README says, and the broker running. */
  static async start(kit: Partial<KitSettings> = {}): Promise<LiveProject> {
    const scratch = await mkdtemp(join(tmpdir(), 'fieldkey-live-'));
    await chmod(scratch, 0o755);
    const port = await freePort();
    const vault = await testVault(join(scratch, 'v.fieldkey'));
    const paths = { directory: join(scratch, 'etc/mosquitto'), data: join(scratch, 'lib'), log: join(scratch, 'log') };
    const broker = { names: ['localhost'], addresses: ['127.0.0.1'], port, ...paths, kit };
    const { projectId } = await provision(vault.session, testPlan({ broker, devices: [{ pattern: 'm-{1..4}' }] }));
    const live = new LiveProject(vault, projectId, port, scratch);
    await live.export();
    const folder = join(live.stick, 'lab/broker');
    await runAsReadmeSays(readmeCommands(await readFile(join(folder, 'README.txt'), 'utf8')), folder, scratch);
    live.#broker = await startMosquitto(join(live.installed, 'mosquitto.conf'));
    return live;
  }

  /** Opens the vault file again, after somebody put another one in its place. */
  async reopen(): Promise<VaultSession> {
    this.vault = Vault.open(this.vault.file, { kdfCost: testKdfCost });
    return this.vault.unlock(testSecret.passphrase, testSecret.operator);
  }

  get session(): VaultSession {
    return this.vault.session;
  }

  get scratch(): string {
    return this.#scratch;
  }

  get installed(): string {
    return join(this.#scratch, 'etc/mosquitto');
  }

  get stick(): string {
    return join(this.#scratch, `stick-${this.#sticks}`);
  }

  /** Exports everything to a new stick. */
  async export(): Promise<number> {
    this.#sticks++;
    const medium = { label: `stick ${this.#sticks}`, volumeId: String(this.#sticks) };
    return (await exportProject(this.session, this.projectId, { directory: this.stick, medium })).exportId;
  }

  /** What the program says that the broker lacks. */
  changed(): readonly string[] {
    return exportState(this.session, this.projectId).changedKitFiles;
  }

  /** Exports, and puts the files that the program named in place of the installed ones; then the broker starts anew. */
  async deploy(): Promise<readonly string[]> {
    const files = await this.#replaceFiles(() => this.#broker?.stop());
    this.#broker = await startMosquitto(join(this.installed, 'mosquitto.conf'));
    return files;
  }

  /** The same, but the broker goes on and reads its files again: who is connected stays, as far as the new files let them. */
  async deployByReload(): Promise<readonly string[]> {
    const broker = this.#broker;
    if (!broker) throw new Error('no broker runs');
    const files = await this.#replaceFiles(() => undefined);
    const reloads = async () => (await broker.log()).split('Reloading config').length;
    const before = await reloads();
    broker.hangup();
    while ((await reloads()) === before) await wait(20);
    return files;
  }

  async #replaceFiles(before: () => Promise<void> | undefined): Promise<readonly string[]> {
    const files = this.changed();
    await this.export();
    await before();
    if (files.some((file) => !existsSync(join(this.installed, file)))) {
      // a file more than before: the steps of the README bring owner and mode with it
      const folder = join(this.stick, 'lab/broker');
      await runAsReadmeSays(readmeCommands(await readFile(join(folder, 'README.txt'), 'utf8')), folder, this.scratch);
      return files;
    }
    for (const file of files) {
      const target = join(this.installed, file);
      const { uid, gid, mode } = await stat(target);
      await cp(join(this.stick, 'lab/broker', file), `${target}.new`);
      await chown(`${target}.new`, uid, gid);
      await chmod(`${target}.new`, mode);
      await rename(`${target}.new`, target);
    }
    return files;
  }

  /** Starts the broker anew with what is installed. */
  async restart(): Promise<void> {
    await this.#broker?.stop();
    this.#broker = await startMosquitto(join(this.installed, 'mosquitto.conf'));
  }

  /** A device's bundle on the newest stick. */
  async bundle(id: string): Promise<LiveBundle> {
    const read = (name: string) => readFile(join(this.stick, 'lab/devices', id, name), 'utf8');
    return { certificate: await read('client.crt'), key: await read('client.key'), ca: await read('ca.crt') };
  }

  observer(): LiveBundle {
    const request = { projectId: this.projectId, identity: { kind: 'observer' }, host: 'localhost', port: this.port } as const;
    const { certificateChain, key, ca } = openTestIdentity(this.session, request);
    return { certificate: certificateChain, key: Buffer.from(key).toString(), ca };
  }

  /** True when the broker takes it and it takes the broker. */
  async connects({ ca, ...identity }: LiveBundle): Promise<boolean> {
    try {
      await (await connectTestClient({ port: this.port, ca, identity })).close();
      return true;
    } catch {
      return false;
    }
  }

  deviceId(name: string): number {
    return this.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
  }

  async end(): Promise<void> {
    await this.#broker?.stop();
    this.vault.close();
    await rm(this.#scratch, { recursive: true, force: true });
  }
}
