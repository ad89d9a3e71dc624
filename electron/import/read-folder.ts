import { basename, join } from 'node:path';
import type { JobControl } from '../../shared/model/job.ts';
import { type Collection, filesBelow, gather, readBounded } from './collect.ts';
import type { Imported } from './findings.ts';
import { Pace } from './pace.ts';

export interface ImportOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For encrypted keys and PKCS#12 files; those that it does not open are named in the findings. */
  readonly passphrase?: string | undefined;
  readonly control?: JobControl | undefined;
}

const interesting = /\.(?:crt|cer|pem|key|der|p12|pfx|crl|p7b)$/i;
/** What the script and mosquitto_passwd call their password files. */
const passwordFile = /^(?:passwd|passwords?|password_file|pwfile)(?:\.txt)?$/i;

/**
 * Reads a folder: the layout of the certificate script (`ca/ca.key`, `ca/ca.crt`, `server/`, a folder per client with
 * `client.crt`, `client.key`, `passwd`), an easy-rsa PKI (`index.txt`, `issued/`, `private/`), or loose PEM, DER and
 * PKCS#12 files. Nothing is written anywhere. Throws JOB_CANCELLED, and FILE_MALFORMED and FILE_TOO_LARGE for the folder as a whole; what is
 * wrong with one file is a finding.
 */
export async function readFolder(folder: string, options: ImportOptions): Promise<Imported> {
  const files = await filesBelow(folder);
  return gather(options.passphrase, (collection) => readFiles(collection, folder, files, options));
}

async function readFiles(
  collection: Collection,
  folder: string,
  files: readonly string[],
  options: ImportOptions,
): Promise<Imported> {
  const indexes = files.filter((file) => basename(file) === 'index.txt');
  const pace = new Pace(options.control ?? {}, 'read');
  for (const [done, file] of files.entries()) {
    await pace.tick(done, files.length);
    const name = basename(file);
    if (interesting.test(name)) await collection.file(file, await readBounded(join(folder, file)));
    else if (passwordFile.test(name)) collection.passwords(file, (await readBounded(join(folder, file))).toString('utf8'));
  }
  for (const index of indexes) readRevocations(collection, (await readBounded(join(folder, index))).toString('utf8'), index);
  const isScript = files.some((file) => /(?:^|\/)ca\/ca\.crt$/.test(file)) && files.some((file) => /(?:^|\/)server\//.test(file));
  return collection.result(indexes.length > 0 ? 'easy-rsa' : isScript ? 'script' : 'files', options.now, options.control);
}

const opensslReasons: Readonly<Record<string, string>> = {
  keyCompromise: 'keyCompromise',
  CACompromise: 'cACompromise',
  affiliationChanged: 'affiliationChanged',
  superseded: 'superseded',
  cessationOfOperation: 'cessationOfOperation',
  certificateHold: 'certificateHold',
};

/** OpenSSL's database: status, expiry, `time[,reason]` of revocation, serial, file, name, by tabs. Only revoked lines count. */
function readRevocations(collection: Collection, text: string, place: string): void {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [status, , revoked = '', serial = ''] = line.split('\t');
    if (status !== 'R') continue;
    const [time = '', reason] = revoked.split(',');
    const revokedAt = timeOf(time);
    if (revokedAt === undefined || !/^[0-9A-Fa-f]{2,40}$/.test(serial)) {
      collection.unreadableRevocation(place, index + 1);
      continue;
    }
    const known = reason === undefined ? 'unspecified' : (opensslReasons[reason] ?? 'other');
    const number = serial.toLowerCase().replace(/^(?:00)+(?=..)/, '');
    collection.revocation({ serial: number, revokedAt, reason: known, issuerDer: undefined, place });
  }
}

/** `261122051039Z`, or with four digits of the year. */
function timeOf(text: string): Date | undefined {
  const [, year, rest] = /^((?:\d\d)?\d\d)(\d{10})Z$/.exec(text) ?? [];
  if (year === undefined || rest === undefined) return undefined;
  const full = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  const [month, day, hour, minute, second] = rest.match(/../g) ?? [];
  const time = new Date(`${full}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
