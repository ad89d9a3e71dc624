import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type Role, roles } from '../../../shared/model/access.ts';
import type { ImportReview, LeaveReason } from '../../../shared/model/import.ts';
import { problem } from '../../../shared/problems.ts';
import { isIpAddress } from '../../../shared/rules/host.ts';
import { checkRoleName } from '../../../shared/rules/role-name.ts';
import { planImport } from '../../import/plan-import.ts';
import { readSource, wipeImported } from '../../import/read-source.ts';
import { importProject } from '../../jobs/import-project.ts';
import { reviewOf } from '../../jobs/import-review.ts';
import { type CommandContext, withVault } from '../context.ts';
import { findingLine } from '../lint-words.ts';
import type { Output } from '../output.ts';
import { utc } from '../output.ts';
import { askPassphrase } from '../passphrase.ts';

export interface ImportOptions {
  readonly project?: string;
  readonly dryRun?: boolean;
  readonly name?: string[];
  readonly port?: string;
  /** Folders on the broker's machine. */
  readonly directory?: string;
  readonly data?: string;
  readonly log?: string;
  /** `ID=ROLE`, of devices that have another role than the one that their name suggests. */
  readonly role?: string[];
}

const why: Record<LeaveReason, string> = {
  'authority-not-ca': 'is used as an authority and does not say so; what it issued from now on would be refused',
  'authority-key-weak': 'has a key that nobody should sign with any more',
  'authority-ended': 'is an authority that has expired',
  'issuer-missing': 'whoever signed it is not among the files, or is not taken',
  'id-invalid': 'its common name cannot be a device id',
  'id-reserved': 'its common name is kept for identities of the program',
  'serial-twice': 'another certificate of the same authority has its serial number',
  'key-lonely': 'is a private key without a certificate',
  'key-encrypted': 'is encrypted, and the passphrase is missing or does not open it',
  password: 'is a user of a password file who is no device here, or whose hash is of no kind that Mosquitto takes',
  revocation:
    'says that a certificate is revoked, but not readably which one, or of which authority: it would count as valid, so revoke it by hand',
  unreadable: 'cannot be read',
};

/**
 * `fieldkey import PATH --project NAME`: makes a project of a folder (the certificate script's, easy-rsa, loose files), an XCA
 * database or one PEM or PKCS#12 file; shows everything first. @throws as `importProject`, and for files that cannot be read
 */
export async function importCommand(context: CommandContext, path: string, options: ImportOptions): Promise<void> {
  const { output } = context;
  const source = context.path(path);
  const passphrase = await passphraseFor(source);
  await withVault(context, options.dryRun !== true, async (session) => {
    const control = { signal: context.signal, onProgress: output.progress };
    const imported = await readSource(source, { now: session.now(), passphrase, control });
    try {
      const plan = await planImport(imported, session.now(), control);
      const review = reviewOf(plan);
      say(output, review, session.now());
      const project = options.project ?? review.project;
      if (options.dryRun) {
        output.say(`Nothing was changed. Without --dry-run this becomes the project ${project}.`);
        output.result({ dryRun: true, review });
        return;
      }
      const hosts = options.name;
      const broker = {
        ...(hosts ? { names: hosts.filter((each) => !isIpAddress(each)), addresses: hosts.filter(isIpAddress) } : {}),
        ...(options.port === undefined ? {} : { port: portOf(options.port) }),
        ...(options.directory === undefined ? {} : { directory: options.directory }),
        ...(options.data === undefined ? {} : { data: options.data }),
        ...(options.log === undefined ? {} : { log: options.log }),
      };
      const request = { project, digest: review.digest, broker, roles: rolesOf(options.role ?? []) };
      const report = await importProject(session, plan, request, control);
      output.say(
        `Imported as ${project}: ${report.authorities} authorities, ${report.devices} devices, ${report.certificates} certificates, ${report.keys} keys, ${report.revoked} revocations. The sources were not changed.`,
      );
      output.say('The broker got a new certificate for the same names: export, and copy the kit to it.');
      output.result({ project, ...report, review });
    } finally {
      wipeImported(imported);
    }
  });
}

/** @throws INPUT_INVALID */
function rolesOf(given: readonly string[]): Record<string, Role> {
  const entries = given.map((text): [string, Role] => {
    const [id = '', wanted] = text.split('=');
    // one of one's own becomes a role of the project, without topics
    if (id !== '' && wanted !== undefined && checkRoleName(wanted).length === 0) return [id, wanted];
    throw new FieldkeyError('INPUT_INVALID', {
      problems: [problem('choice', { choices: [...roles, 'own-role'].map((each) => `ID=${each}`).join(', ') }, 'role')],
    });
  });
  return Object.fromEntries(entries);
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('integer', {}, 'port')] });
}

/** An XCA database always has a password; other files only when the variable says so, nobody is asked in vain. */
async function passphraseFor(source: string): Promise<string | undefined> {
  const variable = 'FIELDKEY_KEY_PASSPHRASE';
  const given = process.env[variable];
  if (given !== undefined && given !== '') {
    delete process.env[variable];
    return given;
  }
  const isFile = await stat(source).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile && /\.(?:xdb|p12|pfx)$/i.test(basename(source)) && process.stdin.isTTY
    ? askPassphrase('Passphrase of the file', { twice: false, variable })
    : undefined;
}

type Reviewed = ImportReview['authorities'][number];

function aboutUse({ state, withdrawn }: Reviewed): string | undefined {
  if (state === 'active') return undefined;
  const why = withdrawn
    ? `Its issuer's list revokes it since ${utc(withdrawn.at)} (${withdrawn.reason})`
    : 'An authority above it is revoked';
  return `${why}: it issues nothing and nobody is told to trust it, nor what is below it.`;
}

/** Without its key no list can be signed here, and without a list brokers refuse everybody whom it has certified. */
function aboutList({ keyHere, state, listEnds }: Reviewed, now: number): string | undefined {
  if (keyHere || state !== 'active') return undefined;
  if (listEnds !== null && listEnds <= now)
    return `WARNING: its revocation list ended on ${utc(listEnds)}. Brokers refuse everybody whom it has certified until there is a new one: put its newest list beside the files, or bring its key ("crl --key").`;
  return listEnds === null
    ? 'WARNING: no revocation list signed by it was found. Brokers refuse everybody whom it has certified until there is one: put its list beside the files, or bring its key ("crl --key").'
    : `Its revocation list goes along, valid until ${utc(listEnds)}: whoever has its key has to make the next one.`;
}

function say(output: Output, review: ImportReview, now: number): void {
  for (const authority of review.authorities) {
    const key = authority.keyHere ? '' : ', its key is not here';
    const does = authority.issues ? 'issues from now on' : `kept${authority.state === 'active' ? '' : ' OUT OF USE'}${key}`;
    output.say(`Authority ${authority.name} (${authority.place}), ${authority.key}, until ${utc(authority.notAfter)}: ${does}`);
    const more = aboutUse(authority) ?? aboutList(authority, now);
    if (more) output.say(`    ${more}`);
    for (const finding of authority.findings) output.say(`    ${findingLine(finding)}`);
  }
  const hosts = [...review.broker.names, ...review.broker.addresses].join(', ');
  output.say(`Broker: ${hosts || 'no names found; give them with --name'}`);
  for (const finding of review.broker.findings) output.say(`    ${findingLine(finding)}`);
  for (const device of review.devices) {
    const notes = [
      device.keyHere ? '' : 'without key',
      device.revoked ? 'REVOKED' : '',
      device.password ? 'with the hash of its password' : '',
    ]
      .filter(Boolean)
      .join(', ');
    output.say(`Device ${device.id} (${device.role}), ${device.key}, until ${utc(device.notAfter)}${notes && `: ${notes}`}`);
    for (const finding of device.findings) output.say(`    ${findingLine(finding)}`);
  }
  for (const left of review.leftOut) output.say(`Not taken: ${left.place}${left.name && ` (${left.name})`} ${why[left.why]}`);
}
