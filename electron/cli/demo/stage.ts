import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestMessage } from '../../../shared/model/connection.ts';
import { openTestIdentity } from '../../authority/test-identity.ts';
import type { PracticeChannel } from '../../broker/practice/channel.ts';
import { servePractice } from '../../broker/practice/serve.ts';
import { practiceProject } from '../../jobs/practice.ts';
import type { ConnectionReport, TestCertificate } from '../../tester/channel.ts';
import { serveTester } from '../../tester/serve.ts';
import type { DeviceRowStored } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';
import type { Vault } from '../../vault/vault.ts';
import { NotHeld } from './check.ts';
import { Happenings, PracticeHost, TesterHost } from './in-process.ts';

export const host = '127.0.0.1';

export interface StageOptions {
  /** How long meters publish. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** How long (ms) something that should come may take on a slow machine; 20,000 when not given. */
  readonly patience?: number | undefined;
  /** Hosts the broker. Tests hand in one that does not do what it should. */
  readonly serve?: ((channel: PracticeChannel) => void) | undefined;
}

/** What is on the stage while the checks run: folder, vault, broker, tester. Each is there once its check has held. */
export class Stage {
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly patience: number;
  readonly happenings = new Happenings();
  readonly practice: PracticeHost;
  readonly tester: TesterHost;
  folder = '';
  vault: Vault | null = null;
  projectId = 0;
  /** Where the broker listens; 0 = nowhere. */
  port = 0;
  /** How far the vault's clock is behind, in ms: time has to pass for a certificate to end. */
  behind = 0;
  /** The device whose certificate has ended. */
  ended = '';
  /** Kept from before the replacement, to come back with. */
  replaced: { readonly identity: TestCertificate; readonly serial: string } | null = null;
  #connections = 0;

  constructor({ seconds, signal, patience = 20_000, serve = servePractice }: StageOptions) {
    this.seconds = seconds;
    this.patience = patience;
    this.signal = signal;
    this.practice = new PracticeHost(serve, this.happenings);
    this.tester = new TesterHost(serveTester, this.happenings);
  }

  async makeFolder(): Promise<void> {
    try {
      this.folder = await mkdtemp(join(tmpdir(), 'fieldkey-demo-'));
    } catch (error) {
      throw new NotHeld(`no folder can be made in ${tmpdir()} (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  get session(): VaultSession {
    if (!this.vault) throw new Error('there is no vault');
    return this.vault.session;
  }

  device(name: string): DeviceRowStored {
    const [device] = this.session.tables.device.where('project_id = ? AND name = ?', this.projectId, name);
    if (!device) throw new Error(`there is no device ${name}`);
    return device;
  }

  /** Certificate and key of the observer or a device, as the window would hand them to its tester. */
  identity(who: string): TestCertificate {
    const { session, projectId, port } = this;
    const identity =
      who === 'observer'
        ? ({ kind: 'observer' } as const)
        : ({ kind: 'device', deviceId: this.device(who).id, takeoverAccepted: true } as const);
    return openTestIdentity(session, { projectId, identity, host, port });
  }

  /** Tries to connect; a refusal is a state. The key in `identity` is wiped. */
  async connect(identity: TestCertificate, options: { readonly reconnects?: boolean } = {}) {
    const connectionId = `demo-connection-${++this.#connections}`;
    const order = { connectionId, host, port: this.port, identity, reconnects: options.reconnects === true };
    try {
      const state: ConnectionReport = await this.tester.call('connect', order);
      return { connectionId, state };
    } finally {
      identity.key.fill(0);
    }
  }

  /** The same for somebody who must come in. @throws NotHeld */
  async connected(who: string, options: { readonly reconnects?: boolean } = {}) {
    const { connectionId, state } = await this.connect(this.identity(who), options);
    if (state.phase !== 'connected') {
      const { cause = 'unknown', raw = '' } = state.failure ?? {};
      throw new NotHeld(`${who} could not connect: ${cause}${raw === '' ? '' : ` (${raw})`}`, { cause, raw });
    }
    return { connectionId, state };
  }

  disconnect(connectionId: string): Promise<undefined> {
    return this.tester.call('disconnect', { connectionId });
  }

  publish(connectionId: string, topic: string, message: object): Promise<{ reasonCode: number }> {
    const payload = new TextEncoder().encode(JSON.stringify(message));
    return this.tester.call('publish', { connectionId, topic, payload, qos: 1, retain: false });
  }

  /** What `look` finds, as soon as it finds it; undefined when patience has run out. */
  until<T>(look: () => T | undefined): Promise<T | undefined> {
    return this.happenings.until(look, this.patience, this.signal);
  }

  /** What a connection received on a topic of the project, read as JSON. */
  inbox(connectionId: string, topic?: string): { readonly topic: string; readonly body: Record<string, unknown> }[] {
    const wanted = (message: TestMessage) =>
      message.direction === 'in' && (topic === undefined || message.topic === topicOf(topic));
    return this.tester
      .received(connectionId)
      .filter(wanted)
      .map(({ topic, payload }) => ({ topic, body: parsed(payload) }));
  }

  /** Ends everything and removes the folder; also fine when nothing is there. */
  async close(): Promise<void> {
    try {
      for (const id of this.tester.states.keys()) await this.disconnect(id);
      await this.practice.call('stop', undefined);
    } finally {
      this.replaced?.identity.key.fill(0);
      this.vault?.close();
      this.vault = null;
      if (this.folder !== '') await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** `energy/meter-001` of the demonstration's project. */
export function topicOf(rest: string): string {
  return `${practiceProject}/${rest}`;
}

function parsed(payload: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
