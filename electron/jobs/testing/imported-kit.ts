import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type RunningMosquitto, startMosquitto } from '../../broker/testing/mosquitto.ts';
import { connectTestClient } from '../../broker/testing/mqtt-client.ts';
import { readmeCommands, runAsReadmeSays } from '../../broker/testing/readme-commands.ts';

/** A machine of a broker below a folder: kits are installed on it as their README says, and a real Mosquitto runs them. */
export class BrokerMachine {
  readonly port: number;
  /** What an import is told about this machine. */
  readonly settings: {
    readonly names: readonly string[];
    readonly addresses: readonly string[];
    readonly port: number;
    readonly directory: string;
    readonly data: string;
    readonly log: string;
  };
  readonly #root: string;
  #running: RunningMosquitto | undefined;

  private constructor(root: string, port: number) {
    this.#root = root;
    this.port = port;
    const folders = { directory: join(root, 'etc/mosquitto'), data: join(root, 'lib'), log: join(root, 'log') };
    this.settings = { names: ['localhost'], addresses: ['127.0.0.1'], port, ...folders };
  }

  static async at(root: string): Promise<BrokerMachine> {
    return new BrokerMachine(root, await freePort());
  }

  /** Installs the kit of an export over whatever was there, and starts the broker with it. */
  async install(project: string): Promise<void> {
    await this.stop();
    const kit = join(project, 'broker');
    await runAsReadmeSays(readmeCommands(await readFile(join(kit, 'README.txt'), 'utf8')), kit, this.#root);
    this.#running = await startMosquitto(join(this.settings.directory, 'mosquitto.conf'));
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** Whether the broker takes whoever has these files: CA, certificate and key in PEM. */
  async accepts(ca: string, certificate: string, key: string): Promise<boolean> {
    const read = (path: string) => readFile(path, 'utf8');
    const identity = { certificate: await read(certificate), key: await read(key) };
    try {
      await (await connectTestClient({ port: this.port, ca: await read(ca), identity })).close();
      return true;
    } catch {
      return false;
    }
  }

  /** The same for a device's folder of an export. */
  acceptsBundle(folder: string): Promise<boolean> {
    return this.accepts(join(folder, 'ca.crt'), join(folder, 'client.crt'), join(folder, 'client.key'));
  }
}
