import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { DoctorReport } from '../../../shared/model/doctor.ts';
import { defaultPorts, type Transport, transports } from '../../../shared/model/own-connection.ts';
import { problem } from '../../../shared/problems.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { brokerOf } from '../../authority/lookup.ts';
import { listConnections } from '../../jobs/connections/own-connections.ts';
import { type DoctorPlace, finishDiagnosis, prepareDiagnosis, prepareForeignDiagnosis } from '../../jobs/diagnose.ts';
import type { DoctorTrust, ForeignIdentity } from '../../jobs/diagnose-files.ts';
import { diagnose } from '../../tester/doctor/diagnose.ts';
import type { DiagnoseOrder } from '../../tester/doctor/order.ts';
import { defaultTiming } from '../../tester/timing.ts';
import type { ProjectRow } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { reportLines } from '../doctor-words.ts';
import { exitCodes } from '../exit-codes.ts';
import { askPassphrase } from '../passphrase.ts';

export interface DoctorOptions {
  readonly vault?: string;
  readonly project?: string;
  readonly as?: string;
  readonly connection?: string;
  readonly host?: string;
  readonly port?: string;
  readonly transport?: string;
  readonly serverName?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly passphraseFile?: string;
  readonly username?: string;
  readonly clientId?: string;
  readonly quick?: boolean;
  readonly out?: string;
}

/**
 * `fieldkey doctor`: looks at every step towards a broker and names the one cause of what fails. As the observer, a device or a
 * connection of a vault, or without a vault with files, a login, or nothing. Gives the exit status by the verdict: `done` healthy, `findings` with remarks,
 * `notHeld` failed, `cancelled`.
 * @throws INPUT_INVALID, PROJECT_NOT_FOUND, DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE, FILE_MALFORMED, FILE_TOO_LARGE,
 * EXPORT_NOT_WRITABLE
 */
export async function doctorCommand(context: CommandContext, options: DoctorOptions): Promise<number> {
  const others = options.cert !== undefined || options.username !== undefined;
  if (options.as !== undefined && (others || options.connection !== undefined)) throw wrong('as');
  if (options.connection !== undefined && others) throw wrong('connection');
  const report = options.vault === undefined ? await withoutVault(context, options) : await inVault(context, options, others);
  if (options.out !== undefined) await write(context.path(options.out), report);
  for (const line of reportLines(report)) context.output.say(line);
  context.output.result({ report });
  switch (report.verdict.outcome) {
    case 'healthy':
      return exitCodes.done;
    case 'remarks':
      return exitCodes.findings;
    case 'failed':
      return exitCodes.notHeld;
    case 'cancelled':
      return exitCodes.cancelled;
  }
}

async function withoutVault(context: CommandContext, options: DoctorOptions): Promise<DoctorReport> {
  if (options.as !== undefined || options.connection !== undefined || options.project !== undefined)
    throw new FieldkeyError('VAULT_NOT_OPEN', {});
  if (options.host === undefined) throw wrong('host');
  const place = placeOf(options, options.host, undefined);
  const identity = await foreignIdentity(context, options, options.ca === undefined ? { kind: 'public' } : undefined);
  return examine(context, await prepareForeignDiagnosis(place, identity));
}

function inVault(context: CommandContext, options: DoctorOptions, foreign: boolean): Promise<DoctorReport> {
  return withVault(context, false, async (session) => {
    const project = projectOf(session, options.project);
    if (options.connection !== undefined) return asConnection(context, session, project.id, options);
    const broker = brokerOf(session, project.id)?.parsed;
    const host = options.host ?? broker?.addresses[0] ?? broker?.names[0];
    if (host === undefined) throw wrong('host');
    const as = options.as ?? 'observer';
    const identity = foreign
      ? await foreignIdentity(context, options, options.ca === undefined ? { kind: 'project' } : undefined)
      : as === 'observer'
        ? ({ kind: 'observer' } as const)
        : ({ kind: 'device', deviceId: deviceNamed(session, project.id, as), takeoverAccepted: true } as const);
    // the project's port is that of MQTT over TLS
    const port = options.transport === undefined || options.transport === 'mqtts' ? broker?.port : undefined;
    const order = await prepareDiagnosis(session, { ...placeOf(options, host, port), projectId: project.id, identity });
    return finishDiagnosis(session, project.id, await examine(context, order));
  });
}

/** As a connection that the project keeps: what it says is taken, but for what is given here. */
async function asConnection(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  options: DoctorOptions,
): Promise<DoctorReport> {
  const all = listConnections(session, projectId);
  const found = all.find(({ settings }) => settings.name === options.connection);
  if (!found) throw wrong('connection', all.map(({ settings }) => settings.name).join(', '));
  const { host, port, transport, tls } = found.settings;
  const own = { transport, serverName: tls.serverName, ...options };
  // another transport without a port means its usual one
  const place = placeOf(own, options.host ?? host, options.transport === undefined ? port : undefined);
  const order = await prepareDiagnosis(session, {
    ...place,
    serverName: place.serverName || null,
    projectId,
    // whoever names a connection that speaks as a device wants that, as with --as
    identity: { kind: 'own', ownId: found.id, takeoverAccepted: true },
  });
  return finishDiagnosis(session, projectId, await examine(context, order));
}

function examine({ output, signal }: CommandContext, order: DiagnoseOrder): Promise<DoctorReport> {
  let done = 0;
  return diagnose(order, defaultTiming, {
    onProgress: ({ report }) => {
      if (report) output.progress({ step: 'check', done: ++done, total: 11 });
    },
    signal,
  });
}

/** With files, with a login, or with neither. Secrets come from the environment, a file, or the terminal; never from the command line. */
async function foreignIdentity(
  context: CommandContext,
  options: DoctorOptions,
  without: DoctorTrust | undefined,
): Promise<ForeignIdentity> {
  const trust: DoctorTrust = without ?? { kind: 'file', path: context.path(options.ca ?? '') };
  const clientId = options.clientId ?? null;
  const { username } = options;
  const variable = 'FIELDKEY_MQTT_PASSWORD';
  const login =
    username === undefined ? null : { username, password: await askPassphrase('Password', { twice: false, variable }) };
  if (options.cert === undefined) return login ? { kind: 'password', login, trust, clientId } : { kind: 'none', trust, clientId };
  const key = options.key === undefined ? null : context.path(options.key);
  return {
    kind: 'files',
    certificate: context.path(options.cert),
    key,
    passphrase: await passphraseOf(context, options),
    trust,
    clientId,
    login,
  };
}

/** Null when there is none: whether one is needed is for the doctor to find out. */
async function passphraseOf(context: CommandContext, { passphraseFile }: DoctorOptions): Promise<string | null> {
  if (passphraseFile !== undefined) {
    try {
      return (await readFile(context.path(passphraseFile), 'utf8')).replace(/\r?\n$/, '');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FieldkeyError('FILE_MALFORMED', { what: passphraseFile, reason }, error);
    }
  }
  const given = process.env['FIELDKEY_KEY_PASSPHRASE'];
  delete process.env['FIELDKEY_KEY_PASSPHRASE'];
  return given === undefined || given === '' ? null : given;
}

function placeOf(options: DoctorOptions, host: string, port: number | undefined): DoctorPlace {
  const transport: Transport | undefined = transports.find((each) => each === (options.transport ?? 'mqtts'));
  if (transport === undefined) throw wrong('transport', transports.join(', '));
  return {
    runId: randomUUID(),
    host,
    port: numberOf(options.port, 'port') ?? port ?? defaultPorts[transport],
    transport,
    quick: options.quick === true,
    serverName: options.serverName ?? null,
  };
}

/** The one that is named, or the only one. */
function projectOf(session: VaultSession, name: string | undefined): ProjectRow {
  if (name !== undefined) return projectNamed(session, name);
  const [only, ...others] = session.tables.project.where('id > 0 ORDER BY id');
  if (!only || others.length > 0) throw wrong('project', [only, ...others].map((each) => each?.name ?? '').join(', '));
  return only;
}

function deviceNamed(session: VaultSession, projectId: number, id: string): number {
  const [row] = session.tables.device.where(
    'project_id = ? AND name_folded = ? AND retired_at IS NULL',
    projectId,
    foldDeviceId(id),
  );
  if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
  return row.id;
}

function wrong(option: string, choices = `--${option}`): FieldkeyError<'INPUT_INVALID'> {
  return new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices }, option)] });
}

async function write(file: string, report: DoctorReport): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: file, reason }, error);
  }
}
