import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { standardKit } from '../../../shared/model/kit.ts';
import {
  compileRabbitmqAccess,
  type RabbitmqDecision,
  type RabbitmqRights,
  rabbitmqEvaluator,
} from '../../../shared/rules/access-rabbitmq.ts';
import { makeTestAuthority, type TestAuthority } from '../testing/certificates.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { freePort } from '../testing/mosquitto.ts';
import { type RunningRabbitmq, rabbitmqUser, startRabbitmq } from '../testing/rabbitmq.ts';
import { definitionsJson } from './definitions.ts';
import { rabbitmqKit } from './kit.ts';

/**
 * Random rights, written into definitions.json as the kit does and imported into a running RabbitMQ: what a user may
 * publish, what it may subscribe to, and what then arrives, against what the evaluator says. The broker runs with the files of the
 * container, which it finds where the image has them, and speaks TLS 1.3 alone.
 */
const run = promisify(execFile);
const rounds = 6;
const users = ['u-1', 'u-2', 'u-3', 'u-4', 'u-5', 'u-6'];
const seed = Number(process.env['FIELDKEY_SEED'] ?? 20261122);

const level = fc.constantFrom('lab', 'energy', 'm-1', 'm-2', 'x y', 'ü', '(a|b)', '');
const filterLevel = fc.oneof({ weight: 4, arbitrary: level }, { weight: 2, arbitrary: fc.constant('+') });
const filter = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: fc.constant('lab') }, { weight: 1, arbitrary: fc.constantFrom('+', '$x') }),
    fc.array(filterLevel, { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([first, rest, all]) => [first, ...rest, ...(all ? ['#'] : [])].join('/'));
const filters = fc.oneof(
  { weight: 5, arbitrary: fc.array(filter, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(['#']) },
);
const denials = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(filter, { minLength: 1, maxLength: 2 }) },
);
const rightsOf = (user: string): fc.Arbitrary<RabbitmqRights> =>
  fc.record({ user: fc.constant(user), write: filters, read: filters, deny: denials });
const topic = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constant('lab') }, { weight: 1, arbitrary: fc.constantFrom('$x', 'a*b') }),
    fc.array(level, { maxLength: 3 }),
  )
  .map(([first, rest]) => [first, ...rest].join('/'));
/** What else a client may ask for: the tricks with the text of a key. */
const asked = fc.oneof(
  { weight: 4, arbitrary: filter },
  { weight: 2, arbitrary: topic },
  {
    weight: 1,
    arbitrary: fc.constantFrom('#', '+', '+/#', 'lab.energy', 'lab/*', '*/*', 'lab/#/m-1', 'lab.#', 'lab/energy#', '*.*.*'),
  },
);

let scratch: string;
let authority: TestAuthority;
let broker: RunningRabbitmq;

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('the files belong to the user rabbitmq: run this test as root');
  scratch = await mkdtemp(join(tmpdir(), 'fk-rabbit-acl-'));
  authority = await makeTestAuthority(join(scratch, 'authority'));
  const server = await authority.issue('broker', 'serverAuth');
  for (const name of [...users, 'publisher']) await authority.issue(name);
  const { uid, gid } = await rabbitmqUser();
  await chown(scratch, uid, gid);
  const etc = join(scratch, 'etc');
  const kit = rabbitmqKit({
    project: 'lab',
    settings: {
      names: ['localhost'],
      addresses: [],
      port: await freePort(),
      target: 'rabbitmq-3',
      directory: etc,
      data: join(scratch, 'data'),
      log: join(scratch, 'log'),
      days: 1,
      kit: { ...standardKit, form: 'container', tlsMinimum: 'tlsv1.3' },
    },
    access: [],
    members: [],
    observer: 'publisher',
    tls: {
      ca: authority.ca,
      certificate: server.certificate,
      key: server.key,
      crls: kitLists(await authority.crl()),
      leftOut: [],
      outsideAbove: false,
    },
  });
  for (const file of kit) {
    const path = join(etc, file.path.replace('broker/', ''));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
  for (const folder of ['data', 'log']) {
    await mkdir(join(scratch, folder));
    await chown(join(scratch, folder), uid, gid);
  }
  await run('sh', ['-n', join(etc, 'install.sh')]);
  broker = await startRabbitmq(join(etc, 'rabbitmq-env.conf'), scratch, [
    { source: etc, target: '/etc/rabbitmq' },
    { source: join(scratch, 'data'), target: '/var/lib/rabbitmq' },
    { source: join(scratch, 'log'), target: '/var/log/rabbitmq' },
  ]);
}, 240_000);

afterAll(async () => {
  await broker?.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** MQTT 3.1.1, the only one of RabbitMQ 3.10; the client id is the user's name. */
async function connect(user: string, clientId = user): Promise<MqttClient> {
  const read = (name: string) => readFile(join(authority.folder, name), 'utf8');
  const client = await connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: broker.port,
    protocolVersion: 4,
    clientId,
    ca: authority.ca,
    cert: await read(`${user}.crt`),
    key: await read(`${user}.key`),
    reconnectPeriod: 0,
    keepalive: 0,
    timerVariant: 'native',
  });
  client.on('error', () => undefined);
  client.setMaxListeners(0);
  return client;
}

/** Whether the broker acknowledged; it ends the connection over what it refuses. */
function acknowledged(client: MqttClient, act: () => Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    client.once('close', () => resolve(false));
    act().then(
      () => resolve(true),
      () => resolve(false),
    );
  });
}

/** SUBSCRIBE with QoS 0 (MQTT 3.1.1 §3.8), byte by byte: the library would not send a filter that is none. */
function subscribe(client: MqttClient, name: string): Promise<unknown> {
  const filterBytes = Buffer.from(name, 'utf8');
  const body = Buffer.concat([
    Buffer.from([0xff, 0xf0, filterBytes.length >> 8, filterBytes.length & 0xff]),
    filterBytes,
    Buffer.from([0]),
  ]);
  if (body.length > 127) throw new Error('too long for this');
  const answered = new Promise((resolve) => {
    const look = (packet: { readonly cmd: string }) => {
      if (packet.cmd !== 'suback') return;
      client.off('packetreceive', look);
      resolve(undefined);
    };
    client.on('packetreceive', look);
  });
  client.stream.write(Buffer.concat([Buffer.from([0x82, body.length]), body]));
  return answered;
}

const seen = { write: [0, 0], subscribe: [0, 0], read: [0, 0] };
const reasons = new Set<string>();

it('random rights: the evaluator decides as a real RabbitMQ does', { timeout: 400_000 }, async () => {
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const all = users
      .map((user, index) => fc.sample(rightsOf(user), { numRuns: 1, seed: seed + round * 100 + index })[0])
      .filter((r) => r !== undefined);
    const publisher: RabbitmqRights = { user: 'publisher', write: ['#', '$x/#'], read: [] };
    const path = join(scratch, `round-${round}.json`);
    await writeFile(path, definitionsJson([...all, publisher], { maxQueuedMessages: 1_000 }));
    await broker.ctl('import_definitions', path);
    const decide = rabbitmqEvaluator([...all, publisher]);
    const topics = [...new Set(fc.sample(topic, { numRuns: 16, seed: seed + round }))];
    const note = (rights: RabbitmqRights, verb: 'write' | 'subscribe' | 'read', name: string, did: boolean) => {
      const decision: RabbitmqDecision = decide({ user: rights.user, topic: name, verb });
      reasons.add(decision.reason);
      seen[verb][did ? 1 : 0] = (seen[verb][did ? 1 : 0] ?? 0) + 1;
      if (decision.allowed !== did)
        wrong.push(`${verb} ${name}: RabbitMQ ${did}, we ${JSON.stringify(decision)}\n${JSON.stringify(rights)}`);
    };
    await Promise.all(
      all.map(async (rights) => {
        let client = await connect(rights.user);
        const ask = async (verb: 'write' | 'subscribe', name: string) => {
          if (!client.connected) client = await connect(rights.user);
          const one = client;
          const act = verb === 'write' ? () => one.publishAsync(name, 'x', { qos: 1 }) : () => subscribe(one, name);
          const did = await acknowledged(one, act);
          if (!did) await one.endAsync(true);
          note(rights, verb, name, did);
        };
        for (const name of topics) await ask('write', name);
        const wanted = fc.sample(asked, { numRuns: 12, seed: seed + round * 31 + rights.user.length });
        for (const name of new Set([...rights.read, ...wanted])) await ask('subscribe', name);
        await client.endAsync(true);
      }),
    );
    // what arrives for somebody who subscribes to all that it may
    const sender = await connect('publisher');
    const readers = await Promise.all(
      all.map(async (rights) => {
        const client = await connect(rights.user);
        const got = new Set<string>();
        client.on('message', (name) => void got.add(name));
        const may = [...rights.read, ...topics].filter(
          (name) => decide({ user: rights.user, topic: name, verb: 'subscribe' }).allowed,
        );
        for (const name of new Set(may)) await client.subscribeAsync(name, { qos: 0 });
        return { rights, client, got };
      }),
    );
    // a topic with `*` arrives as one with `+`, over which clients end the connection: nobody may write it, see above
    const sent = topics.filter(
      (name) => !name.includes('*') && decide({ user: 'publisher', topic: name, verb: 'write' }).allowed,
    );
    for (const name of sent) await sender.publishAsync(name, 'x', { qos: 1 });
    for (const { rights, client, got } of readers) {
      // the same queue brings this after everything before it
      const last = [...sent].reverse().find((name) => decide({ user: rights.user, topic: name, verb: 'read' }).allowed);
      if (last !== undefined) await expect.poll(() => got.has(last), { timeout: 20_000 }).toBe(true);
      for (const name of sent) note(rights, 'read', name, got.has(name));
      await client.endAsync(true);
    }
    await sender.endAsync(true);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  // both answers, often, and every reason
  for (const count of [...seen.write, ...seen.subscribe, ...seen.read]) expect(count).toBeGreaterThan(50);
  expect([...reasons].sort()).toEqual(['denied', 'filter', 'no-filter']);
  console.info(`asked: ${JSON.stringify(seen)} (refused, allowed)`);
});

it('by client id the user and the client have to be the same device, and an id that is an expression gets nothing more', async () => {
  const all = compileRabbitmqAccess({
    project: 'lab',
    access: [
      {
        role: 'device',
        write: ['{project}/energy/{device}', '{project}/all'],
        read: ['{project}/commands/{device}/#'],
        deny: [],
      },
      { role: 'gateway', write: ['{project}/energy/#'], read: [] },
    ],
    exceptions: [{ device: 'u-2', write: ['{project}/energy/u-1'], read: [], deny: ['{project}/all'] }],
    members: [
      { id: 'u-1', role: 'device' },
      { id: 'u-2', role: 'device' },
      { id: 'u-3', role: 'gateway' },
    ],
    observer: 'publisher',
    deviceIs: 'client',
  });
  const path = join(scratch, 'by-client.json');
  await writeFile(path, definitionsJson(all, { maxQueuedMessages: 1_000 }));
  await broker.ctl('import_definitions', path);
  const decide = rabbitmqEvaluator(all);
  const ids = ['u-1', 'u-2', 'u-3', '.*', 'x)|.*|(?:y', 'u-2)|^lab.energy.u-2$|(?:', '(((', 'u-1|', '[^.]*', 'ü'];
  const seenHere = { allowed: 0, denied: 0 };
  const wrong: string[] = [];
  // one after the other: the same client id at the same time would put one of them out
  for (const user of ['u-1', 'u-2', 'u-3']) {
    for (const clientId of ids) {
      let client: MqttClient | undefined;
      for (const name of ['lab/energy/u-1', 'lab/energy/u-2', 'lab/all', 'other']) {
        client = client?.connected ? client : await connect(user, clientId);
        const one = client;
        const did = await acknowledged(one, () => one.publishAsync(name, 'x', { qos: 1 }));
        seenHere[did ? 'allowed' : 'denied']++;
        if (!did) await one.endAsync(true);
        if (decide({ user, clientId, topic: name, verb: 'write' }).allowed !== did)
          wrong.push(`write ${name} as ${user} (${clientId}): RabbitMQ ${did}`);
      }
      await client?.endAsync(true);
    }
  }
  expect(wrong).toEqual([]);
  expect(seenHere.allowed).toBeGreaterThan(15);
  expect(seenHere.denied).toBeGreaterThan(60);
  // what is granted to a name is not had with another id, and nobody's topics are had with any
  const may = (user: string, clientId: string, name: string) => decide({ user, clientId, topic: name, verb: 'write' }).allowed;
  expect([may('u-1', 'u-1', 'lab/energy/u-1'), may('u-1', 'u-2', 'lab/energy/u-1')]).toEqual([true, false]);
  for (const id of ids) expect(may('u-1', id, 'lab/energy/u-2'), id).toBe(false);
  const reader = await connect('u-1');
  expect(await acknowledged(reader, () => subscribe(reader, 'lab/commands/u-1/#'))).toBe(true);
  await reader.endAsync(true);
  const liar = await connect('u-1', 'u-2');
  expect(await acknowledged(liar, () => subscribe(liar, 'lab/commands/u-1/#'))).toBe(false);
  await liar.endAsync(true);
  const asked = { user: 'u-1', topic: 'lab/commands/u-1/x', verb: 'read' } as const;
  expect(decide(asked).allowed).toBe(true);
  expect(decide({ ...asked, clientId: 'u-2' })).toMatchObject({ allowed: false, reason: 'other-client' });
});

it('speaks TLS 1.3 alone, and has the limit of the kit', async () => {
  const shell = 'echo | timeout 20 openssl s_client -connect "localhost:$0" "$@" 2>&1 || true';
  const cipher = async (version: string) =>
    /Cipher is (\S+)/.exec((await run('sh', ['-c', shell, String(broker.port), version])).stdout)?.[1];
  expect(await cipher('-tls1_2')).toBe('(NONE)');
  expect(await cipher('-tls1_3')).toMatch(/^TLS_/);
  expect(await broker.ctl('list_vhost_limits')).toContain('{"max-connections":5000}');
});

it('knows whom RabbitMQ does not know, and what is too long for it', () => {
  const rights = compileRabbitmqAccess({
    project: 'lab',
    access: [{ role: 'device', write: ['{project}/{device}/#'], read: ['{project}/{device}/in'] }],
    members: [{ id: 'meter.1', role: 'device' }],
    observer: 'observer',
  });
  const decide = rabbitmqEvaluator(rights);
  expect(decide({ user: 'meter-2', topic: 'lab/x', verb: 'read' })).toEqual({ allowed: false, reason: 'no-user', filter: null });
  expect(decide({ user: 'meter.1', topic: `lab/meter.1/${'x'.repeat(250)}`, verb: 'write' }).reason).toBe('too-long');
  // the name is text in the expression: its dot matches a dot
  expect(decide({ user: 'meter.1', topic: 'lab/meter.1/a', verb: 'write' })).toEqual({
    allowed: true,
    reason: 'filter',
    filter: 'lab/meter.1/#',
  });
  expect(decide({ user: 'meter.1', topic: 'lab/meterX1/a', verb: 'write' }).allowed).toBe(false);
  expect(decide({ user: 'observer', topic: 'lab/meter.1/in', verb: 'write' }).allowed).toBe(false);
});
