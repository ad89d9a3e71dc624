import type { CallInput } from '../../../../shared/contract.ts';
import type { DoctorIdentityKind, DoctorTransport } from '../../../../shared/model/doctor.ts';
import { addressProblem } from '../../ui/address.ts';

/** Who is to connect, where, and how much is to be tried; as typed. */
export interface Choice {
  readonly kind: DoctorIdentityKind;
  /** Null = it is chosen together with the takeover. */
  readonly device: { readonly deviceId: number; readonly id: string } | null;
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

/** The first thing that is missing or cannot be; null = it can begin. */
export function choiceProblem(choice: Choice): 'host' | 'port' | 'certificate' | 'username' | 'authority' | null {
  const { kind, trust } = choice;
  const where = addressProblem(choice);
  if (where !== null) return where;
  if (kind === 'files' && choice.certificate === '') return 'certificate';
  if (kind === 'password' && choice.username.trim() === '') return 'username';
  return trusts(kind) && trust === 'file' && choice.authority === '' ? 'authority' : null;
}

/** Identities of the project trust its authorities; for others it is chosen. */
export function trusts(kind: DoctorIdentityKind): boolean {
  return kind !== 'observer' && kind !== 'device';
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
    case 'files':
      return { kind, certificate, key: choice.key || null, passphrase: choice.passphrase || null, trust, clientId, login };
    case 'password':
      return { kind, login: login ?? { username: '', password: '' }, trust, clientId };
    case 'none':
      return { kind, trust, clientId };
  }
}
