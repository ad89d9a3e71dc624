import { createHash, randomBytes } from 'node:crypto';
import { defaultAccess } from '../../shared/model/access.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import { type IdentityMode, standardKit } from '../../shared/model/kit.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import type { AccessList } from '../../shared/rules/access-list.ts';
import { compileAcl } from '../../shared/rules/access-mosquitto.ts';
import { usesPasswords } from '../../shared/rules/password.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import { brokerIdentityMarks, openBrokerIdentity } from '../authority/broker-identity.ts';
import { accessOf, brokerOf, projectById } from '../authority/lookup.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { ownClientIds } from '../broker/mosquitto/config.ts';
import type { BrokerClients, MeterOrder, StartBroker } from '../broker/practice/channel.ts';
import type { VaultSession } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import type { VaultOptions } from '../vault/vault-options.ts';
import { accessInput } from './access-input.ts';
import { kitUsers } from './canary-account.ts';
import { membersOf, sharersIn } from './project-files.ts';
import { provision } from './provision.ts';

export const practiceProject = 'practice';
export const practiceMeters = ['meter-001', 'meter-002', 'meter-003'] as const;

/** The passphrase is 32 random bytes: guessing it is hopeless at any cost, so nobody has to wait for a high one. */
const cheap = { n: 2 ** 10, r: 8, p: 1 };

export interface PracticeVault {
  readonly vault: Vault;
  /** Opens the vault again after a lock, as long as the program runs; stored nowhere. */
  readonly passphrase: string;
  readonly projectId: number;
}

/**
 * Makes a throw-away vault with a project of three meters and a dashboard, whose broker is `localhost`. The caller
 * removes the file in the end; `Vault.practice` tells what it is.
 * @throws VAULT_EXISTS, VAULT_NOT_WRITABLE, VAULT_FULL
 */
export async function createPractice(file: string, operator: string, options: VaultOptions = {}): Promise<PracticeVault> {
  const passphrase = randomBytes(32).toString('base64url');
  const vault = await Vault.create(file, { passphrase, operator }, { kdfCost: cheap, ...options, practice: true });
  try {
    const { projectId } = await provision(vault.session, practicePlan());
    return { vault, passphrase, projectId };
  } catch (error) {
    vault.close();
    throw error;
  }
}

function practicePlan(): ProvisionPlan {
  const broker: BrokerSettings = {
    names: ['localhost'],
    addresses: ['127.0.0.1'],
    // what our kit would use; the embedded broker takes a free port, which nothing that is issued depends on
    port: 8883,
    target: 'mosquitto-2.0',
    directory: '/etc/mosquitto',
    data: '/var/lib/mosquitto',
    log: '/var/log/mosquitto',
    days: 397,
    kit: standardKit,
  };
  return {
    project: practiceProject,
    subject: {},
    authority: { key: 'p256', years: 10 },
    broker,
    devices: [...practiceMeters.map((id) => ({ id, role: 'device' as const })), { id: 'dashboard', role: 'dashboard' }],
    deviceDays: 365,
    access: defaultAccess,
  };
}

/**
 * The order for a broker on this computer with the certificates and rules of any project: for practice, or as a
 * temporary broker while meters are put into service. Noted in the audit log. Whoever sends it wipes `identity.key`.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED
 */
export function openBroker(
  session: VaultSession,
  projectId: number,
  place: { readonly host: string; readonly port: number },
): StartBroker {
  const access = accessListOf(session, projectId);
  const clients = clientsOf(session, projectId);
  return { ...place, identity: openBrokerIdentity(session, projectId, place), access, clients };
}

/** What a broker of the project would be made of now: texts that differ when that part has changed. */
export interface BrokerMarks {
  readonly certificate: string;
  /** Revocation lists and the authorities that clients may come from. */
  readonly list: string;
  readonly access: string;
  /** User names and passwords. */
  readonly clients: string;
  /** Another one takes a broker that is started anew. */
  readonly identity: IdentityMode;
}

/** Whether a running broker is still as the project says. @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED */
export function brokerMarks(session: VaultSession, projectId: number): BrokerMarks {
  const mark = (of: unknown) => createHash('sha256').update(JSON.stringify(of)).digest('hex');
  const clients = clientsOf(session, projectId);
  return {
    ...brokerIdentityMarks(session, projectId),
    access: mark(accessListOf(session, projectId)),
    clients: mark(clients),
    identity: clients.identity,
  };
}

/** As the kit tells its broker, see broker/mosquitto/config.ts. */
function clientsOf(session: VaultSession, projectId: number): BrokerClients {
  const kit = brokerOf(session, projectId)?.parsed.kit ?? standardKit;
  return {
    identity: kit.identity,
    clientIdIsUser: !ownClientIds(kit, sharersIn(session, projectId)),
    users: usesPasswords(kit) ? kitUsers(session, projectId).map(({ user, hash }) => ({ user, hash })) : [],
  };
}

function accessListOf(session: VaultSession, projectId: number): AccessList {
  return compileAcl(accessInput(session, projectId)).list;
}

/**
 * The orders for simulated meters: one for every device of the project with the role `device`, up to `maximum`, or for
 * those among `deviceIds`. A meter writes to the first topic of its role without wildcards, or to one that its first
 * filter covers, and listens to the first that it may read. Each identity is noted in the audit log.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED
 */
export function openMeters(
  session: VaultSession,
  projectId: number,
  place: { readonly host: string; readonly port: number },
  options: { readonly interval?: number; readonly maximum?: number; readonly deviceIds?: readonly number[] | undefined } = {},
): MeterOrder[] {
  const { name: project } = projectById(session, projectId);
  const rules = accessOf(session, projectId).filter((rule) => rule.role === 'device');
  const writable = rules.flatMap((rule) => rule.write);
  const write = writable.find((topic) => !/[+#]/.test(topic)) ?? withoutWildcards(writable[0] ?? '{project}/energy/{device}');
  const read = rules.flatMap((rule) => rule.read)[0] ?? '{project}/commands/{device}';
  return membersOf(session, projectId)
    .filter((member) => member.role === 'device')
    .filter((member) => options.deviceIds?.includes(member.id) ?? true)
    .slice(0, options.maximum ?? options.deviceIds?.length ?? practiceMeters.length)
    .map((member) => ({
      identity: openTestIdentity(session, {
        projectId,
        identity: { kind: 'device', deviceId: member.id, takeoverAccepted: true },
        ...place,
      }),
      ...place,
      energyTopic: fillTopic(write, { project, device: member.name }),
      commandTopic: fillTopic(read, { project, device: member.name }),
      interval: options.interval ?? 5,
      seed: member.id,
    }));
}

/** A topic that the filter covers: `a/#` covers `a` itself (MQTT 3.1.1 §4.7.1.2), and a `+` takes any level. */
function withoutWildcards(filter: string): string {
  return filter.replace(/\/#$/, '').replace(/[+#]/g, 'energy');
}
