import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type InspectedObject, inspectFile, inspectSizeLimit } from '../../pki/inspect.ts';
import { lintChains } from '../../pki/lint/chain.ts';
import type { Finding } from '../../pki/lint/finding.ts';
import type { CommandContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { findingLine } from '../lint-words.ts';
import { grouped, utc } from '../output.ts';

interface LintedFile {
  readonly file: string;
  readonly objects: readonly { readonly object: InspectedObject; readonly findings: readonly Finding[] }[];
}

/**
 * `fieldkey lint FILES…`: what each file is and what is wrong with it; folders with everything below. Needs no vault. Keys
 * and PKCS#12 files are opened with FIELDKEY_KEY_PASSPHRASE, if it is set. In a folder, files that are nothing of the kind
 * are passed over; a file that was named is not.
 * Gives the exit status: 7 when there is an error among the findings. @throws FILE_MALFORMED for a file that cannot be read
 */
export async function lintCommand({ output, path, signal }: CommandContext, names: readonly string[]): Promise<number> {
  const options = { now: Date.now(), passphrase: process.env['FIELDKEY_KEY_PASSPHRASE'] };
  delete process.env['FIELDKEY_KEY_PASSPHRASE'];
  const inspected: { file: string; objects: InspectedObject[] }[] = [];
  for (const name of names) {
    for (const { file, named } of await filesBelow(path(name))) {
      if (signal.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: inspected.length, total: inspected.length });
      const objects = await inspectFile(await readNamed(file), options);
      if (named || objects.some(({ kind }) => kind !== 'unknown')) inspected.push({ file, objects });
    }
  }
  const files = withChains(inspected);
  for (const { file, objects } of files) {
    output.say(file);
    for (const { object, findings } of objects) {
      output.say(`  ${describe(object)}`);
      for (const finding of findings) output.say(`    ${findingLine(finding)}`);
    }
  }
  const findings = files.flatMap(({ objects }) => objects.flatMap((linted) => linted.findings));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const unreadable = files.some(({ objects }) => objects.some(({ object }) => object.kind === 'unknown'));
  output.say(`${files.length} files, ${errors} errors, ${findings.length - errors} warnings`);
  output.result({
    files: files.map(({ file, objects }) => ({ file, objects: objects.map(plain) })),
    errors,
    warnings: findings.length - errors,
  });
  return errors > 0 || unreadable ? exitCodes.findings : exitCodes.done;
}

async function filesBelow(name: string): Promise<{ file: string; named: boolean }[]> {
  try {
    if (!(await stat(name)).isDirectory()) return [{ file: name, named: true }];
    const entries = await readdir(name, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => ({ file: join(entry.parentPath, entry.name), named: false }))
      .toSorted((a, b) => (a.file < b.file ? -1 : 1));
  } catch (error) {
    throw new FieldkeyError('FILE_MALFORMED', { what: name, reason: (error as NodeJS.ErrnoException).code ?? 'error' }, error);
  }
}

async function readNamed(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size > inspectSizeLimit) throw new FieldkeyError('FILE_TOO_LARGE', { file, limit: inspectSizeLimit });
    return await readFile(file);
  } catch (error) {
    if (error instanceof FieldkeyError) throw error;
    throw new FieldkeyError('FILE_MALFORMED', { what: file, reason: (error as NodeJS.ErrnoException).code ?? 'error' }, error);
  }
}

/** Adds what is wrong between the certificates of all files. */
function withChains(files: readonly { file: string; objects: InspectedObject[] }[]): LintedFile[] {
  const certificates = files.flatMap(({ objects }) => objects.flatMap((o) => (o.kind === 'certificate' ? [o.certificate] : [])));
  const links = lintChains(certificates);
  const linkOf = new Map(certificates.map((certificate, index) => [certificate, links[index] ?? []]));
  return files.map(({ file, objects }) => ({
    file,
    objects: objects.map((object) => {
      const link = object.kind === 'certificate' ? (linkOf.get(object.certificate) ?? []) : [];
      return { object, findings: [...object.findings, ...link] };
    }),
  }));
}

function describe(object: InspectedObject): string {
  switch (object.kind) {
    case 'certificate': {
      const { serial, notAfter } = object.certificate;
      return `certificate ${object.name}, serial ${grouped(serial)}, until ${utc(notAfter.getTime())}`;
    }
    case 'crl':
      return `revocation list of ${object.name}, ${object.crl.entries.length} entries`;
    case 'request':
      return `request for ${object.name}`;
    case 'private-key':
      return `private key ${object.name}${object.encrypted ? ' (encrypted)' : ''}`.replaceAll('  ', ' ');
    case 'pkcs12':
      return `PKCS#12 ${object.name}${object.opened ? '' : '(not opened: FIELDKEY_KEY_PASSPHRASE is missing or wrong)'}`;
    default:
      return object.error === undefined
        ? 'nothing that Fieldkey knows'
        : `cannot be read: ${object.error.code} ${object.error.params['reason'] ?? ''}`;
  }
}

/** For programs: no keys, no buffers. */
function plain({ object, findings }: LintedFile['objects'][number]): object {
  const fingerprint =
    object.kind === 'certificate'
      ? object.certificate.fingerprint
      : object.kind === 'crl'
        ? object.crl.fingerprint
        : object.kind === 'request'
          ? object.request.fingerprint
          : object.kind === 'private-key'
            ? object.spkiFingerprint
            : undefined;
  const refusal = object.kind === 'request' ? object.request.refusal : undefined;
  return { kind: object.kind, name: object.name, fingerprint, refusal, findings };
}
