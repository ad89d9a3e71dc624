import type { CallInput, CallOutput } from '../../../../shared/contract.ts';
import type { DoctorIdentityKind, DoctorTransport } from '../../../../shared/model/doctor.ts';
import { addressProblem } from '../../ui/address.ts';

export interface ChosenConnection {
  readonly connectionId: number;
  readonly name: string;
  /** It speaks as this one, which is thrown out: asked each time. */
  readonly device: { readonly deviceId: number; readonly id: string } | null;
}

export type StoredConnection = CallOutput<'connection.list'>[number];

/** Who is to connect, where, and how much is to be tried; as typed. */
export interface Choice {
  readonly kind: DoctorIdentityKind;
  /** Null = it is chosen together with the takeover. */
  readonly device: { readonly deviceId: number; readonly id: string } | null;
  /** A connection that the project keeps; null = none was chosen. */
  readonly own: ChosenConnection | null;
  /** Paths; empty = none. */
  readonly certificate: string;
  readonly key: string;
  readonly passphrase: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly trust: 'project' | 'public' | 'file';
  readonly authority: string;
  readonly host: string;
  readonly port: string;
  readonly transport: DoctorTransport;
  /** Empty = the host. */
  readonly serverName: string;
  readonly quick: boolean;
}

export const emptyChoice: Choice = {
  kind: 'observer',
  device: null,
  own: null,
  certificate: '',
  key: '',
  passphrase: '',
  username: '',
  password: '',
  clientId: '',
  trust: 'project',
  authority: '',
  host: '',
  port: '8883',
  transport: 'mqtts',
  serverName: '',
  quick: false,
};

/** What is kept of a choice while other pages are shown. */
export function withoutSecrets(choice: Choice): Choice {
  return { ...choice, passphrase: '', password: '' };
}

/** Who is thrown out by this choice, so that it is asked first; `chosen` null = which one is asked as well. Null = nobody. */
export function thrownOut({ kind, device, own }: Choice): { readonly chosen: Choice['device'] } | null {
  if (kind === 'device') return { chosen: device };
  return kind === 'own' && own?.device ? { chosen: own.device } : null;
}

/** A choice with a connection of the project's own: it says where, too. */
export function withConnection(choice: Choice, { id, settings, device }: StoredConnection): Choice {
  const { host, port, transport, tls, name } = settings;
  const own = { connectionId: id, name, device };
  return { ...choice, kind: 'own', own, host, port: String(port), transport, serverName: tls.serverName };
}

/** The first thing that is missing or cannot be; null = it can begin. */
export function choiceProblem(choice: Choice): 'own' | 'host' | 'port' | 'certificate' | 'username' | 'authority' | null {
  const { kind, trust } = choice;
  if (kind === 'own' && choice.own === null) return 'own';
  const where = addressProblem(choice);
  if (where !== null) return where;
  if (kind === 'files' && choice.certificate === '') return 'certificate';
  if (kind === 'password' && choice.username.trim() === '') return 'username';
  return trusts(kind) && trust === 'file' && choice.authority === '' ? 'authority' : null;
}

/** Identities of the project trust its authorities, a connection says whom; for others it is chosen. */
export function trusts(kind: DoctorIdentityKind): boolean {
  return kind === 'files' || kind === 'password' || kind === 'none';
}

type RunInput = CallInput<'doctor.run'>;

/** A choice without a problem as main wants it. For a device the caller has shown the takeover warning and got a yes. */
export function runInput(choice: Choice, projectId: number, runId: string): RunInput {
  const { transport, quick } = choice;
  const serverName = choice.serverName.trim() || null;
  return {
    runId,
    projectId,
    host: choice.host.trim(),
    port: Number(choice.port),
    transport,
    quick,
    serverName,
    identity: identityOf(choice),
  };
}

function identityOf(choice: Choice): RunInput['identity'] {
  const { kind, certificate, device } = choice;
  const trust = choice.trust === 'file' ? ({ kind: 'file', path: choice.authority } as const) : ({ kind: choice.trust } as const);
  const clientId = choice.clientId.trim() || null;
  const login = choice.username.trim() === '' ? null : { username: choice.username.trim(), password: choice.password };
  switch (kind) {
    case 'observer':
      return { kind };
    case 'device':
      return { kind, deviceId: device?.deviceId ?? 0, takeoverAccepted: true };
    case 'own':
      return { kind, ownId: choice.own?.connectionId ?? 0, ...(choice.own?.device && { takeoverAccepted: true as const }) };
    case 'files':
      return { kind, certificate, key: choice.key || null, passphrase: choice.passphrase || null, trust, clientId, login };
    case 'password':
      return { kind, login: login ?? { username: '', password: '' }, trust, clientId };
    case 'none':
      return { kind, trust, clientId };
  }
}
