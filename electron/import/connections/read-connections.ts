import {
  type ConnectionFileRefusal,
  type ConnectionSource,
  connectionFileMaximum,
  type Lost,
} from '../../../shared/model/connection-import.ts';
import type { OwnConnection } from '../../../shared/model/own-connection.ts';
import { readFieldkeyConnections } from './fieldkey.ts';
import { isObject } from './fields.ts';
import { looksLikeMqttExplorer, readMqttExplorer } from './mqtt-explorer.ts';
import { looksLikeMqttx, readMqttx } from './mqttx.ts';

/** A connection that another program, or this one elsewhere, had stored. */
export interface ImportedConnection {
  readonly settings: OwnConnection;
  /** Empty = none. */
  readonly password: string;
  readonly authenticationData: Uint8Array | null;
  /** Certificate, key and authorities as they lay in the file; empty where there are none. */
  readonly files: { readonly certificate: Uint8Array; readonly key: Uint8Array; readonly ca: Uint8Array };
  readonly lost: readonly Lost[];
}

export type ReadConnections =
  | { readonly source: ConnectionSource; readonly connections: readonly ImportedConnection[]; readonly lost: readonly Lost[] }
  | { readonly refusal: ConnectionFileRefusal };

/** Nothing that a connection carries. */
export const noFiles = { certificate: new Uint8Array(), key: new Uint8Array(), ca: new Uint8Array() } as const;

/** Reads what MQTTX or MQTT Explorer exported, or this program. Opens no other file. Never throws for what is in the bytes. */
export function readConnections(bytes: Uint8Array): ReadConnections {
  if (bytes.length > connectionFileMaximum) return { refusal: 'too-large' };
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { refusal: formOf(bytes, text) };
  }
  if (isObject(content) && content['format'] === 'fieldkey-connections') return readFieldkeyConnections(content);
  if (looksLikeMqttExplorer(content)) return readMqttExplorer(content);
  if (looksLikeMqttx(content)) return readMqttx(content);
  return { refusal: 'unknown' };
}

/** MQTTX also writes CSV, XML and Excel; only its JSON is complete. */
function formOf(bytes: Uint8Array, text: string): ConnectionFileRefusal {
  // a ZIP file (APPNOTE 4.3.7), which .xlsx is
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'excel';
  if (/^\s*<(\?xml|root)/.test(text)) return 'xml';
  if (/^[^\n]*"?clientId"?\s*,/.test(text)) return 'csv';
  return 'not-json';
}
