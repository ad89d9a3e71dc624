import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import type { IPublishPacket } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PublishProperties } from '../../shared/model/publish-properties.ts';
import { propertiesOf, propertiesSize, validProperties, writtenProperties } from './publish-properties.ts';
import { publishSize } from './publish-size.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { localTester } from './testing/local-tester.ts';

interface Wire {
  generate(packet: object, options: { protocolVersion: 5 }): Buffer;
  parser(options: { protocolVersion: 5 }): {
    on(name: 'packet', take: (packet: IPublishPacket) => void): void;
    parse(b: Buffer): void;
  };
}
const wire = createRequire(createRequire(import.meta.url).resolve('mqtt'))('mqtt-packet') as Wire;
const patient = { timeout: 30_000, interval: 20 };
let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

/** A text that MQTT can carry (MQTT 5 §1.5.4). */
const text = fc
  .oneof(fc.constantFrom('', 'a', 'b', '1', '0', '__proto__', 'constructor', 'ü 😀'), fc.string({ unit: 'grapheme' }))
  .filter((value) => !value.includes('\0') && value.isWellFormed());
const properties: fc.Arbitrary<PublishProperties> = fc
  .record(
    {
      payloadFormat: fc.constantFrom(0 as const, 1 as const),
      messageExpiry: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      contentType: text,
      responseTopic: text.map((value) => `r/${value.replaceAll(/[+#]/g, '')}`),
      correlationData: fc.uint8Array({ maxLength: 200 }),
      userProperties: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }),
      topicAlias: fc.integer({ min: 1, max: 65_535 }),
    },
    { requiredKeys: [] },
  )
  .filter((made) => Object.keys(made).length > 0);

it('carries any properties over the wire unchanged, user properties in their order, and knows their size', () => {
  fc.assert(
    fc.property(properties, fc.uint8Array({ maxLength: 50 }), (sent, payload) => {
      expect(validProperties(sent)).toBe(true);
      const message = { topic: 't', qos: 1, payload: Buffer.from(payload) } as const;
      const packet = { cmd: 'publish', ...message, messageId: 7, retain: false, dup: false, properties: writtenProperties(sent) };
      const bytes = wire.generate(packet, { protocolVersion: 5 });
      expect(publishSize({ ...message, properties: sent }, 5)).toBe(bytes.byteLength);
      const got: (PublishProperties | undefined)[] = [];
      const parser = wire.parser({ protocolVersion: 5 });
      parser.on('packet', (each) => got.push(propertiesOf(each)));
      parser.parse(bytes);
      expect(got).toEqual([sent]);
    }),
  );
});

it('gives nothing for a message without properties, and reads several subscription identifiers', () => {
  const read = (properties: object | undefined) => {
    const got: (PublishProperties | undefined)[] = [];
    const parser = wire.parser({ protocolVersion: 5 });
    parser.on('packet', (each) => got.push(propertiesOf(each)));
    parser.parse(wire.generate({ cmd: 'publish', topic: 't', payload: 'x', qos: 0, properties }, { protocolVersion: 5 }));
    return got[0];
  };
  expect(read(undefined)).toBeUndefined();
  expect(read({ subscriptionIdentifier: 3 })).toEqual({ subscriptionIdentifiers: [3] });
  expect(read({ subscriptionIdentifier: [3, 1, 268_435_455] })).toEqual({ subscriptionIdentifiers: [3, 1, 268_435_455] });
});

it('tells what cannot be sent', () => {
  expect(propertiesSize({})).toBe(0);
  const wrong: PublishProperties[] = [
    { contentType: 'a\0b' },
    { userProperties: [['half of a pair \ud800', '']] },
    { userProperties: [['', 'ü'.repeat(40_000)]] },
    { responseTopic: '' },
    { responseTopic: 'lab/#' },
    { correlationData: new Uint8Array(65_536) },
    { messageExpiry: -1 },
    { topicAlias: 0 },
  ];
  for (const each of wrong) expect(validProperties(each), JSON.stringify(each).slice(0, 60)).toBe(false);
});

it('brings properties through a real broker, to the tester and to mosquitto_sub', async () => {
  const tester = localTester();
  const topic = 'lab/energy/meter-001';
  const connect = async (who: string) => {
    const connectionId = `${who}-connection`;
    const order = { connectionId, host: '127.0.0.1', port: lab.port, identity: lab.identity(who), reconnects: false };
    expect(await tester.call('connect', order)).toMatchObject({ phase: 'connected', protocolVersion: 5 });
    return connectionId;
  };
  const format = '%t|%F|%E|%C|%R|%D|%P|%p';
  const folder = join(lab.folder, 'stick/lab/devices/dash-1');
  const options = ['-V', '5', '-h', 'localhost', '-p', String(lab.port), '-i', 'dash-1', '-t', 'lab/energy/#', '-F', format];
  const tls = ['--cafile', 'ca.crt', '--cert', 'client.crt', '--key', 'client.key', '-d'];
  const child = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...options, ...tls], { cwd: folder });
  const ended = once(child, 'close');
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    await expect.poll(() => printed, patient).toContain('Subscribed');
    const observer = await connect('observer');
    const meter = await connect('meter-001');
    await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
    const sent = {
      payloadFormat: 1,
      messageExpiry: 600,
      contentType: 'application/json; charset=utf-8',
      responseTopic: 'lab/commands/meter-001',
      correlationData: Uint8Array.from([0, 255, 65, 0, 10]),
      userProperties: [
        ['b', '1'],
        ['a', ''],
        ['b', 'zwei'],
        ['a', '😀'],
        ['1', '__proto__'],
      ],
    } as const satisfies PublishProperties;
    const message = { connectionId: meter, topic, payload: Buffer.from('{}'), qos: 1, retain: false } as const;
    const publish = (properties?: PublishProperties) => tester.call('publish', { ...message, properties });
    expect(await publish(sent)).toEqual({ reasonCode: 0 });
    expect(await publish()).toEqual({ reasonCode: 0 });
    // the broker's ten aliases; the second message goes without its topic
    const alias = { topicAlias: 4, contentType: 'aliased' };
    expect(await publish(alias)).toEqual({ reasonCode: 0 });
    expect(await publish(alias)).toEqual({ reasonCode: 0 });
    expect(await publish({ topicAlias: 60_000 })).toEqual({ reasonCode: 148 });
    const inbound = () => tester.messages(observer).filter(({ direction }) => direction === 'in');
    await expect.poll(() => inbound().length, patient).toBe(4);
    const { messageExpiry, ...rest } = inbound()[0]?.properties ?? {};
    expect(rest).toEqual({ ...rest, ...sent, messageExpiry: undefined });
    // the broker counts the time that a message waited (MQTT 5 §3.3.2.3.3)
    expect(messageExpiry).toBeGreaterThan(590);
    expect(inbound()[1]).not.toHaveProperty('properties');
    for (const each of inbound().slice(2)) expect(each).toMatchObject({ topic, properties: { contentType: 'aliased' } });
    const outbound = tester.messages(meter);
    expect(outbound.map(({ properties }) => properties)).toEqual([sent, undefined, alias, alias, { topicAlias: 60_000 }]);
    await expect.poll(() => printed.match(/aliased/g)?.length, patient).toBe(2);
    expect(printed).toMatch(
      /lab\/energy\/meter-001\|1\|(600|59\d)\|application\/json; charset=utf-8\|lab\/commands\/meter-001\|/,
    );
    expect(printed).toContain('b:1 a: b:zwei a:😀 1:__proto__');
  } finally {
    child.kill();
    await ended;
    await tester.closeAll();
  }
});
