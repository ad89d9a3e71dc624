import type { Lost } from '../../../shared/model/connection-import.ts';
import { newConnection, type OwnConnection, type TypedBytes, type UserProperty } from '../../../shared/model/own-connection.ts';
import { ownConnection } from '../../../shared/rules/own-connection.ts';
import { problemsOfZod } from '../../../shared/rules/zod-problems.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Null for everything that is no number; forms of other programs leave empty texts. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
}

export function qosOf(value: unknown): 0 | 1 | 2 {
  return value === 1 || value === 2 ? value : 0;
}

/** A text, or what JSON makes of Node's Buffer. */
export function bytesField(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return value === '' ? null : Buffer.from(value);
  if (isObject(value) && value['type'] === 'Buffer' && Array.isArray(value['data'])) {
    const bytes = value['data'].filter((each): each is number => Number.isInteger(each) && each >= 0 && each < 256);
    return bytes.length === 0 ? null : Buffer.from(bytes);
  }
  return null;
}

/** As text where it is one, otherwise in hexadecimal. */
export function typedBytesOf(bytes: Uint8Array | null): TypedBytes {
  if (bytes === null) return { form: 'text', text: '' };
  const text = Buffer.from(bytes).toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes with them are better shown as what they are
  const readable = Buffer.from(text).equals(Buffer.from(bytes)) && !/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text);
  return readable ? { form: 'text', text } : { form: 'hex', text: Buffer.from(bytes).toString('hex') };
}

/** By name, one value or a list of them, as mqtt.js has them; or a list of pairs. */
export function userPropertiesOf(value: unknown): UserProperty[] {
  if (Array.isArray(value))
    return value.filter(isObject).map((each) => ({ name: textOf(each['name'] ?? each['key']), value: textOf(each['value']) }));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((each) => ({ name, value: textOf(each) })),
  );
}

/** A connection out of fields that should be one: what is missing is as in a new one. */
export function completed(fields: Fields): OwnConnection {
  const taken = (usual: object, given: Fields): object =>
    Object.fromEntries(
      Object.entries(usual).map(([name, value]) => {
        const found = given[name];
        if (name === 'tls' || name === 'mqtt') return [name, taken(value, isObject(found) ? found : {})];
        return [name, found === undefined ? value : found];
      }),
    );
  const read = taken(newConnection, fields) as OwnConnection;
  return { ...read, name: textOf(read.name), host: textOf(read.host), clientId: textOf(read.clientId) };
}

/**
 * What may be stored of a connection that was read. A value that the protocol does not allow gives way to the usual one, and is
 * named; one that cannot be stored at all, for want of a host, keeps an empty host that a person has to fill in.
 */
export function settled(read: OwnConnection): { readonly settings: OwnConnection; readonly lost: Lost[] } {
  let settings = read;
  const lost: Lost[] = [];
  for (let round = 0; round < 20; round++) {
    const checked = ownConnection.safeParse(settings);
    if (checked.success) return { settings: checked.data, lost };
    const [first] = problemsOfZod(checked.error, settings);
    const [part = '', ...rest] = (first?.path ?? '').split(/[.[]/);
    const name = part === 'mqtt' || part === 'tls' ? `${part}.${rest[0] ?? ''}` : part;
    if (name === '' || lost.some(({ detail }) => detail === name)) break;
    // it lies with the client id when a kept session has none
    const repaired = name === 'clientId' && settings.clientId === '' ? 'mqtt.cleanStart' : name;
    if (repaired !== 'host' && repaired !== 'name') lost.push({ what: 'value', detail: name });
    else if (!unnamed(settings, repaired)) lost.push({ what: 'value', detail: name });
    settings = withUsual(settings, repaired);
  }
  return {
    settings: { ...newConnection, name: nameOf(read), host: 'localhost' },
    lost: [...lost, { what: 'value', detail: '' }],
  };
}

/** A name that may be stored: blanks are none. */
function nameOf({ name, host }: OwnConnection): string {
  return name.trim().slice(0, 100).trim() || host.trim().slice(0, 100).trim() || '?';
}

function unnamed(settings: OwnConnection, part: 'host' | 'name'): boolean {
  return settings[part].trim() === '';
}

function withUsual(settings: OwnConnection, name: string): OwnConnection {
  const [part = '', inner = ''] = name.split('.');
  if (part === 'name') return { ...settings, name: nameOf(settings) };
  if (part === 'host') return { ...settings, host: 'localhost' };
  if (part === 'mqtt' || part === 'tls') {
    const usual = newConnection[part] as unknown as Fields;
    return { ...settings, [part]: { ...settings[part], [inner]: usual[inner] } } as OwnConnection;
  }
  return { ...settings, [part]: (newConnection as unknown as Fields)[part] } as OwnConnection;
}
