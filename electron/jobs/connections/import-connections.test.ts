import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newConnection, newWill, type OwnConnection } from '../../../shared/model/own-connection.ts';
import { ownConnection } from '../../../shared/rules/own-connection.ts';
import { testPlan, testVault } from '../../authority/testing/fixtures.ts';
import { makeTestAuthority } from '../../broker/testing/certificates.ts';
import { writeFieldkeyConnections } from '../../import/connections/fieldkey.ts';
import { readConnections } from '../../import/connections/read-connections.ts';
import type { Vault } from '../../vault/vault.ts';
import { verifyVault } from '../../vault/verify.ts';
import { provision } from '../provision.ts';
import { exportConnections, importConnections, reviewConnections } from './import-connections.ts';
import { openConnection } from './open-connection.ts';
import { listConnections, putConnection, removeConnection } from './own-connections.ts';
import { anyConnection } from './testing/any-connection.ts';

let folder: string;
let vault: Vault;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-connections-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  ({ projectId } = await provision(vault.session, testPlan()));
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = (value: unknown) => new Uint8Array(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

describe('a file of this program', () => {
  it('gives back whatever was written, for every connection there can be', () => {
    fc.assert(
      fc.property(fc.array(anyConnection, { minLength: 1, maxLength: 5 }), (connections) => {
        const read = readConnections(bytes(writeFieldkeyConnections(connections)));
        expect('connections' in read && read.connections.map(({ settings }) => settings)).toEqual(connections);
        expect('connections' in read && read.connections.flatMap(({ lost }) => lost)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('carries no secret, and asks for what is missing', async () => {
    const authority = await makeTestAuthority(join(folder, 'ca'));
    const pump = await authority.issue('pump');
    const settings = ownConnection.parse({
      ...newConnection,
      name: 'pump station',
      host: 'mqtt.example',
      user: 'pump',
      tls: { ...newConnection.tls, certificate: pump.certificate, trust: 'file', ca: authority.ca },
      mqtt: { ...newConnection.mqtt, authenticationMethod: 'K' },
    });
    const { session } = vault;
    const secret = {
      password: 'well water',
      key: pump.key,
      authenticationData: { form: 'text', text: 'nonce 77' },
      authenticationAnswers: [
        { form: 'hex', text: '00 ff' },
        { form: 'text', text: '' },
      ],
    } as const;
    const put = putConnection(session, projectId, { id: null, settings }, secret);
    expect(put.has).toEqual({ password: true, key: true, authenticationData: true, authenticationAnswers: 2 });
    const text = exportConnections(session, projectId, null);
    for (const part of ['well water', 'PRIVATE KEY', 'nonce 77', Buffer.from('nonce 77').toString('base64')])
      expect(text).not.toContain(part);
    const [again] = await importConnections(session, projectId, bytes(text), [0]);
    expect(again).toMatchObject({
      settings: { ...settings, name: 'pump station (2)' },
      has: { password: false, key: false, authenticationData: false, authenticationAnswers: 0 },
      certificate: { name: 'pump' },
    });
    expect(() => openConnection(session, { projectId, ownId: again?.id ?? 0 })).toThrow('KEY_UNAVAILABLE');
    expect(await reviewConnections(session, projectId, bytes(text))).toMatchObject({ connections: [{ nameTaken: true }] });
    // a copy takes the secrets along; a changed one keeps what is left out, and loses what is taken away
    const copy = putConnection(session, projectId, { id: null, like: put.id, settings: { ...settings, name: 'copy' } }, {});
    expect(copy.has).toEqual(put.has);
    const opened = openConnection(session, { projectId, ownId: copy.id });
    expect(opened).toMatchObject({
      host: 'mqtt.example',
      identity: { login: { username: 'pump', password: 'well water' }, ca: expect.stringContaining('BEGIN') },
      mqtt: { authentication: { method: 'K', data: Buffer.from('nonce 77'), answers: [Buffer.from([0, 255]), Buffer.from('')] } },
    });
    const changed = putConnection(session, projectId, { id: copy.id, settings: { ...settings, name: 'copy' } }, { password: '' });
    expect(changed.has).toEqual({ password: false, key: true, authenticationData: true, authenticationAnswers: 2 });
    removeConnection(session, projectId, put.id);
    expect(listConnections(session, projectId).map(({ settings: { name } }) => name)).toEqual(['copy', 'pump station (2)']);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });
});

describe('MQTTX', () => {
  // the fields of its `ConnectionModel`, as JSON.stringify leaves them: a Buffer as {type, data}, nothing for undefined
  const full = {
    clientId: 'mqttx_f2b1',
    name: 'emqx lab',
    clean: false,
    protocol: 'wss',
    host: 'broker.lab.example',
    keepalive: 45,
    connectTimeout: 20,
    reconnect: true,
    reconnectPeriod: 9000,
    username: 'operator',
    password: 'emqx secret',
    path: '/mqtt',
    port: 8084,
    ssl: true,
    certType: 'self',
    rejectUnauthorized: false,
    ALPNProtocols: '[mqtt, h2]',
    ca: '/home/me/ca.pem',
    cert: '/home/me/c.pem',
    key: '',
    mqttVersion: '5.0',
    subscriptions: [
      { id: '1', topic: 'a/#,b/+', qos: 1, disabled: false, nl: true, rap: false, rh: 0 },
      { id: '2', topic: 'off', qos: 0, disabled: true },
    ],
    messages: [{ topic: 'a', payload: 'x', qos: 0, out: true, retain: false }],
    unreadMessageCount: 0,
    will: {
      lastWillTopic: 'gone',
      lastWillPayload: 'bye',
      lastWillQos: 2,
      lastWillRetain: true,
      properties: {
        willDelayInterval: 5,
        payloadFormatIndicator: true,
        messageExpiryInterval: 60,
        contentType: 'text/plain',
        responseTopic: 'answer',
        correlationData: { type: 'Buffer', data: [0, 255] },
        userProperties: { why: 'gone' },
      },
    },
    properties: {
      sessionExpiryInterval: 300,
      receiveMaximum: 20,
      maximumPacketSize: 1000,
      topicAliasMaximum: 10,
      requestResponseInformation: true,
      requestProblemInformation: false,
      userProperties: { region: ['A', 'B'], type: 'JSON' },
      authenticationMethod: 'SCRAM',
      authenticationData: { type: 'Buffer', data: [110, 61, 117] },
    },
    clientIdWithTime: true,
    isCollection: false,
    parentId: null,
    pushPropsContentType: 'x',
    pushPropsTopicAlias: null,
  };

  it('is carried over with everything that has a counterpart, and the rest is named', () => {
    const read = readConnections(bytes([{ id: 'g', name: 'group', isCollection: true, parentId: null }, full]));
    if (!('connections' in read)) throw new Error(read.refusal);
    expect(read).toMatchObject({ source: 'mqttx', lost: [{ what: 'groups', detail: '1' }] });
    const [connection] = read.connections;
    const expected: OwnConnection = {
      name: 'emqx lab',
      speaksAs: null,
      transport: 'wss',
      host: 'broker.lab.example',
      port: 8084,
      path: '/mqtt',
      user: 'operator',
      clientId: 'mqttx_f2b1',
      reconnect: 'losses',
      tls: { ...newConnection.tls, trust: 'system', verify: false, alpn: ['mqtt', 'h2'] },
      mqtt: {
        protocol: '5',
        cleanStart: false,
        keepAlive: 45,
        sessionExpiry: 300,
        receiveMaximum: 20,
        maximumPacketSize: 1000,
        topicAliasMaximum: 10,
        requestResponseInformation: true,
        requestProblemInformation: false,
        userProperties: [
          { name: 'region', value: 'A' },
          { name: 'region', value: 'B' },
          { name: 'type', value: 'JSON' },
        ],
        authenticationMethod: 'SCRAM',
      },
      will: {
        ...newWill,
        topic: 'gone',
        payload: { form: 'text', text: 'bye' },
        qos: 2,
        retain: true,
        delay: 5,
        utf8: true,
        messageExpiry: 60,
        contentType: 'text/plain',
        responseTopic: 'answer',
        correlationData: { form: 'hex', text: '00ff' },
        userProperties: [{ name: 'why', value: 'gone' }],
      },
      subscriptions: [
        { filter: 'a/#', qos: 1 },
        { filter: 'b/+', qos: 1 },
      ],
    };
    expect(connection?.settings).toEqual(expected);
    expect(connection?.password).toBe('emqx secret');
    expect(connection?.authenticationData).toEqual(Buffer.from('n=u'));
    expect(connection?.lost.map(({ what, detail }) => `${what} ${detail}`.trim()).sort()).toEqual([
      'client-id-time',
      'connect-timeout 20',
      'file /home/me/c.pem',
      'file /home/me/ca.pem',
      'messages 1',
      'publish-properties pushPropsContentType',
      'reconnect-period 9000',
      'subscription-off off',
      'subscription-options a/#,b/+',
    ]);
  });

  it('of former versions: no protocol, will properties beside the will, one connection alone', () => {
    const old = { ...full, protocol: undefined, ssl: false, mqttVersion: '3.1.1', certType: '', will: { lastWillTopic: '' } };
    const read = readConnections(bytes(JSON.stringify(old)));
    expect('connections' in read && read.connections[0]?.settings).toMatchObject({
      transport: 'mqtt',
      will: null,
      mqtt: { protocol: '3.1.1' },
    });
  });

  it('says which value the protocol does not allow, and sets the usual one', () => {
    const odd = { ...full, port: 99_999, keepalive: -3, name: 'odd', properties: { receiveMaximum: 0 }, host: 'bad host' };
    const read = readConnections(bytes(odd));
    if (!('connections' in read)) throw new Error(read.refusal);
    const [connection] = read.connections;
    expect(connection?.settings).toMatchObject({ port: 8883, host: 'localhost', mqtt: { keepAlive: 30, receiveMaximum: null } });
    const values = connection?.lost.filter(({ what }) => what === 'value').map(({ detail }) => detail);
    expect(values?.sort()).toEqual(['host', 'mqtt.keepAlive', 'mqtt.receiveMaximum', 'port']);
  });

  it('writes other formats, which are told by their names', () => {
    const refusal = (content: string) => readConnections(bytes(content));
    expect(refusal('PK\u0003\u0004...')).toEqual({ refusal: 'excel' });
    expect(refusal('<?xml version="1.0"?><root></root>')).toEqual({ refusal: 'xml' });
    expect(refusal('"clientId","name","clean"\n"a","b",true')).toEqual({ refusal: 'csv' });
    expect(refusal('not at all')).toEqual({ refusal: 'not-json' });
    expect(refusal('{"a":1}')).toEqual({ refusal: 'unknown' });
    expect(refusal('[]')).toEqual({ refusal: 'unknown' });
    expect(refusal('{"format":"fieldkey-connections","version":3}')).toEqual({ refusal: 'newer' });
  });
});

describe('MQTT Explorer', () => {
  it('brings its certificates and keys along; they are stored sealed', async () => {
    const authority = await makeTestAuthority(join(folder, 'ca'));
    const mine = await authority.issue('explorer');
    const other = await authority.issue('other');
    const file = (name: string, text: string) => ({ name, data: Buffer.from(text).toString('base64') });
    const base = { configVersion: 1, type: 'mqtt', certValidation: true, encryption: true, protocol: 'mqtt', port: 8883 };
    const content = {
      ConnectionManager_connections: {
        b: {
          ...base,
          id: 'b',
          name: 'second',
          host: 'ws.example',
          protocol: 'ws',
          basePath: 'ws/mqtt',
          encryption: false,
          certValidation: false,
          clientId: 'mqtt-explorer-0a1b2c3d',
          subscriptions: ['#', '$SYS/#'],
          order: 2,
        },
        a: {
          ...base,
          id: 'a',
          name: 'first',
          host: 'broker.example',
          username: 'me',
          password: 'plain to see',
          clientId: 'mine',
          selfSignedCertificate: file('ca.crt', authority.ca),
          clientCertificate: file('c.crt', mine.certificate),
          clientKey: file('c.key', mine.key),
          subscriptions: [{ topic: 'a/#', qos: 1 }],
          order: 1,
        },
        c: {
          ...base,
          id: 'c',
          name: 'torn',
          host: 'h',
          clientCertificate: file('c', mine.certificate),
          clientKey: file('k', other.key),
          order: 3,
        },
      },
      Settings: { topicOrder: 'none' },
    };
    const { session } = vault;
    const review = await reviewConnections(session, projectId, bytes(content));
    expect(review).toMatchObject({ refusal: null, source: 'mqtt-explorer' });
    expect(JSON.stringify(review)).not.toMatch(/PRIVATE KEY|plain to see/);
    const stored = await importConnections(session, projectId, bytes(content), [0, 1]);
    expect(stored.map(({ settings, has }) => [settings.name, settings.transport, settings.path, has.key, has.password])).toEqual([
      ['first', 'mqtts', '/', true, true],
      ['second', 'ws', '/ws/mqtt', false, false],
    ]);
    expect(stored[0]?.settings).toMatchObject({
      clientId: 'mine',
      tls: { trust: 'file' },
      mqtt: { protocol: '3.1.1' },
      subscriptions: [{ filter: 'a/#', qos: 1 }],
    });
    expect(stored[1]?.settings).toMatchObject({
      clientId: '',
      tls: { verify: false },
      subscriptions: [{ filter: '#', qos: 0 }, {}],
    });
    expect(review).toMatchObject({ connections: [{}, {}, { lost: [{ what: 'unreadable', detail: 'mismatch' }] }] });
    const raw = session.database.serialize().toString('latin1');
    expect(raw).not.toContain('plain to see');
    expect(raw).not.toContain('BEGIN PRIVATE KEY');
  });
});

it('whatever the bytes are, reading ends with connections that may be stored, or with a refusal', () => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constant(-1),
    fc.constant({ type: 'Buffer', data: [300, -1, 'x'] }),
  );
  const mqttx = fc.dictionary(
    fc.constantFrom(
      'clientId',
      'host',
      'port',
      'mqttVersion',
      'name',
      'keepalive',
      'path',
      'will',
      'properties',
      'subscriptions',
      'ALPNProtocols',
      'messages',
      'protocol',
      'ssl',
    ),
    odd,
  );
  const explorer = fc.record({
    ConnectionManager_connections: fc.dictionary(
      fc.string(),
      fc.dictionary(fc.constantFrom('host', 'port', 'name', 'subscriptions', 'clientCertificate', 'basePath', 'protocol'), odd),
    ),
  });
  const own = fc.record({
    format: fc.constant('fieldkey-connections'),
    version: fc.constant(1),
    connections: fc.array(
      fc.oneof(
        odd,
        anyConnection.map((c) => ({ ...c, port: -1, tls: { ...c.tls, alpn: 7 } })),
      ),
    ),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        mqttx.map((m) => ({
          ...m,
          clientId: m['clientId'] ?? '',
          host: m['host'] ?? '',
          port: m['port'] ?? '',
          mqttVersion: '5.0',
        })),
        explorer,
        own,
        odd,
      ),
      (content) => {
        const read = readConnections(bytes(JSON.stringify(content) ?? ''));
        if (!('connections' in read)) return;
        for (const { settings } of read.connections) expect(ownConnection.safeParse(settings).error?.issues ?? []).toEqual([]);
      },
    ),
    { numRuns: 1_000, examples: [[{ ConnectionManager_connections: { '': { host: ' ' } } }]] },
  );
});
