import type { ConnectionFileRefusal, ConnectionSource, Lost } from '../../../shared/model/connection-import.ts';
import type { OwnConnection } from '../../../shared/model/own-connection.ts';
import { projectById } from '../../authority/lookup.ts';
import { writeFieldkeyConnections } from '../../import/connections/fieldkey.ts';
import { type ImportedConnection, readConnections } from '../../import/connections/read-connections.ts';
import type { ConnectionSecret, VaultSession } from '../../vault/session.ts';
import { listConnections, type StoredConnection, type StoredSecrets, storeConnection, storedSecrets } from './own-connections.ts';
import { readAuthorityFiles, readIdentityFiles, summaryOf } from './read-files.ts';

/** What an import would take, without the secrets in it. */
export interface ReviewedConnection {
  readonly settings: OwnConnection;
  readonly has: StoredSecrets;
  /** Name in the certificate that it brings. */
  readonly certificate: string | null;
  readonly lost: readonly Lost[];
  /** One of this name is there already. */
  readonly nameTaken: boolean;
}

export type ConnectionReview =
  | { readonly refusal: ConnectionFileRefusal }
  | {
      readonly refusal: null;
      readonly source: ConnectionSource;
      readonly lost: readonly Lost[];
      readonly connections: readonly ReviewedConnection[];
    };

interface Ready {
  readonly settings: OwnConnection;
  readonly secret: ConnectionSecret;
  readonly lost: readonly Lost[];
}

/** What is in a file that was given. Stores nothing. */
export async function reviewConnections(session: VaultSession, projectId: number, bytes: Uint8Array): Promise<ConnectionReview> {
  const read = readConnections(bytes);
  if ('refusal' in read) return { refusal: read.refusal };
  const names = new Set(listConnections(session, projectId).map(({ settings }) => settings.name));
  const connections = await Promise.all(read.connections.map(readyOf));
  return {
    refusal: null,
    source: read.source,
    lost: read.lost,
    connections: connections.map(({ settings, secret, lost }) => ({
      settings,
      has: storedSecrets(secret),
      certificate: summaryOf(settings.tls.certificate)[0]?.name ?? null,
      lost,
      nameTaken: names.has(settings.name),
    })),
  };
}

/** Stores the chosen ones of a file, by their place in it, in one transaction. A name that is taken gets a number. */
export async function importConnections(
  session: VaultSession,
  projectId: number,
  bytes: Uint8Array,
  chosen: readonly number[],
): Promise<StoredConnection[]> {
  projectById(session, projectId);
  const read = readConnections(bytes);
  if ('refusal' in read) return [];
  const wanted = read.connections.filter((_, index) => chosen.includes(index));
  const ready = await Promise.all(wanted.map(readyOf));
  const names = new Set(listConnections(session, projectId).map(({ settings }) => settings.name));
  return session.write((log) =>
    ready.map(({ settings, secret }) => {
      const name = freeName(settings.name, names);
      names.add(name);
      return storeConnection(session, log, { projectId, id: null, settings: { ...settings, name }, secret });
    }),
  );
}

/** For another project or vault; nothing secret is in it. */
export function exportConnections(session: VaultSession, projectId: number, ids: readonly number[] | null): string {
  const all = listConnections(session, projectId).filter(({ id }) => ids === null || ids.includes(id));
  return writeFieldkeyConnections(all.map(({ settings }) => settings));
}

/** Joins what a file carries as certificate, key and authorities; what cannot be read of it is named. */
async function readyOf(imported: ImportedConnection): Promise<Ready> {
  const { password, authenticationData, files } = imported;
  let { settings } = imported;
  const lost = [...imported.lost];
  let key = '';
  if (files.ca.length > 0) {
    const read = readAuthorityFiles([{ name: 'ca', bytes: files.ca }]);
    if ('ca' in read) settings = { ...settings, tls: { ...settings.tls, trust: 'file', ca: read.ca } };
    else lost.push({ what: 'unreadable', detail: read.problem });
  }
  const given = [files.certificate, files.key].filter(({ length }) => length > 0).map((bytes) => ({ name: '', bytes }));
  if (given.length > 0) {
    const read = await readIdentityFiles(given, undefined);
    if ('key' in read) {
      key = read.key;
      settings = { ...settings, tls: { ...settings.tls, certificate: read.certificate } };
    } else lost.push({ what: 'unreadable', detail: read.problem });
  }
  const data = authenticationData === null ? '' : Buffer.from(authenticationData).toString('base64');
  return { settings, secret: { password, key, authenticationData: data, authenticationAnswers: [] }, lost };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const next = `${name.slice(0, 94)} (${number})`;
    if (!taken.has(next)) return next;
  }
}
