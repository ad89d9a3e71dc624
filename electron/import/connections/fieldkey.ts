import type { OwnConnection } from '../../../shared/model/own-connection.ts';
import { completed, type Fields, isObject, settled } from './fields.ts';
import { type ImportedConnection, noFiles, type ReadConnections } from './read-connections.ts';

const format = 'fieldkey-connections';
/** 2: connections that speak as somebody of the vault, which readers of 1 would take for such without a login. */
const versions = [1, 2];

/**
 * Connections as a file for another project or another vault, without any secret: certificates and authorities are in it,
 * passwords, keys and authentication data are not.
 */
export function writeFieldkeyConnections(connections: readonly OwnConnection[]): string {
  const version = connections.some(({ speaksAs }) => speaksAs !== null) ? 2 : 1;
  return `${JSON.stringify({ format, version, connections }, null, 2)}\n`;
}

export function readFieldkeyConnections(content: Fields): ReadConnections {
  if (!versions.includes(content['version'] as number)) return { refusal: 'newer' };
  const list = Array.isArray(content['connections']) ? content['connections'].filter(isObject) : [];
  if (list.length === 0) return { refusal: 'empty' };
  const connections = list.map((each): ImportedConnection => {
    // what the rules do not allow was not written by this program
    const { settings, lost } = settled(completed(each));
    return { settings, password: '', authenticationData: null, files: noFiles, lost };
  });
  return { source: 'fieldkey', connections, lost: [] };
}
