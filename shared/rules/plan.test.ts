import { describe, expect, it } from 'vitest';
import { checkPlan } from './plan.ts';

const good = {
  project: 'lab',
  subject: { country: 'ES', state: 'Badajoz', city: 'Badajoz', organisation: 'Lab' },
  authority: { key: 'p256', years: 10 },
  broker: {
    names: ['mqtt.lab.example', 'localhost'],
    addresses: ['127.0.0.1', '::1'],
    port: 8883,
    target: 'mosquitto-2.0',
    directory: '/etc/mosquitto',
    data: '/var/lib/mosquitto',
    log: '/var/log/mosquitto',
    days: 397,
  },
  devices: [{ id: 'meter-001' }, { pattern: 'press-{001..100}', role: 'device' }, { id: 'dash-1', role: 'dashboard' }],
  access: [
    { role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] },
    { role: 'dashboard', read: ['{project}/#'] },
  ],
};

type Loose = Record<string, never>;
/** The good plan with one place changed. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(good) as unknown as Loose;
  const parts = path.split('.');
  const last = parts.pop() as string;
  let at: Record<string, unknown> = copy;
  for (const part of parts) at = at[part] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function findings(input: unknown): string[] {
  const result = checkPlan(input);
  return 'problems' in result ? result.problems.map((p) => `${p.path}: ${p.rule}`) : [];
}

describe('checkPlan', () => {
  it('accepts the plan of the manual and expands it', () => {
    const result = checkPlan(good);
    if ('problems' in result) throw new Error(JSON.stringify(result.problems));
    expect(result.plan.devices).toHaveLength(102);
    expect(result.plan.devices[1]).toEqual({ id: 'press-001', role: 'device' });
    expect(result.plan.devices[100]).toEqual({ id: 'press-100', role: 'device' });
    expect(result.plan.access[1]).toEqual({ role: 'dashboard', write: [], read: ['{project}/#'] });
  });

  it('fills in defaults that work', () => {
    const result = checkPlan({ project: 'lab', broker: { names: ['mqtt.lab.example'] }, devices: [{ id: 'a' }] });
    if ('problems' in result) throw new Error(JSON.stringify(result.problems));
    expect(result.plan.broker).toMatchObject({ port: 8883, target: 'mosquitto-2.0', days: 397, directory: '/etc/mosquitto' });
    expect(result.plan.authority).toEqual({ key: 'p256', years: 10 });
  });

  it.each<[string, unknown, string]>([
    ['extra', 1, ': unknown-key'],
    ['broker.tls', true, 'broker: unknown-key'],
    ['project', undefined, 'project: missing'],
    ['project', 'lab/one', 'project: project-name'],
    ['project', 'CON', 'project: device-id-windows'],
    ['subject.country', 'Spain', 'subject.country: country-code'],
    ['subject.organisation', 'x'.repeat(65), 'subject.organisation: too-long'],
    ['subject.state', 'a\nb', 'subject.state: control-character'],
    ['authority.key', 'ed25519', 'authority.key: choice'],
    ['authority.years', 99, 'authority.years: number-range'],
    ['broker.addresses', ['10.0.1.256'], 'broker.addresses[0]: ip-address'],
    ['broker.addresses', ['0.0.0.0'], 'broker.addresses[0]: ip-unspecified'],
    ['broker.addresses', ['::1', '::1'], 'broker.addresses[1]: duplicate'],
    ['broker.names', ['10.0.1.5'], 'broker.names[0]: host-is-address'],
    ['broker.names', ['a_b.example'], 'broker.names[0]: host-name'],
    ['broker.names', ['m*.lab.example'], 'broker.names[0]: host-wildcard'],
    ['broker.names', ['*.example'], 'broker.names[0]: host-wildcard'],
    ['broker.port', 70_000, 'broker.port: number-range'],
    ['broker.days', 99_999, 'broker.days: number-range'],
    ['broker.directory', 'etc', 'broker.directory: path-absolute'],
    ['broker.directory', '/etc/#x', 'broker.directory: path-characters'],
    ['broker.directory', '/etc', 'broker.directory: path-shared'],
    ['broker.log', '/var/log', 'broker.log: path-shared'],
    ['broker.log', '//var/./log/', 'broker.log: path-shared'],
    ['broker.data', '/var/lib', 'broker.data: path-shared'],
    ['broker.data', '/', 'broker.data: path-shared'],
    ['broker.data', '/home/ana', 'broker.data: path-shared'],
    ['broker.data', '/etc/mosquitto/data', 'broker.data: path-inside'],
    ['broker.log', '/var/lib/mosquitto/', 'broker.log: path-inside'],
    ['subject.organisation', 'Lab \ud800', 'subject.organisation: text-broken'],
    ['devices', [{ id: 'a' }, { id: 'A' }], 'devices[1].id: duplicate'],
    ['devices', [{ id: 'press-050' }, { pattern: 'press-{001..100}' }], 'devices[1].pattern: duplicate'],
    ['devices', [{ id: 'm+1' }], 'devices[0].id: device-id-characters'],
    ['devices', [{ id: 'aux' }], 'devices[0].id: device-id-windows'],
    ['devices', [{ id: 'COM1.x' }], 'devices[0].id: device-id-windows'],
    ['devices', [{ id: 'meter.' }], 'devices[0].id: device-id-dot'],
    ['devices', [{ id: 'observer' }], 'devices[0].id: device-id-reserved'],
    ['devices', [{ id: 'x'.repeat(64) }], 'devices[0].id: device-id-length'],
    ['devices', [{ pattern: 'p-{9..1}' }], 'devices[0].pattern: pattern-range'],
    ['devices', [{ pattern: 'p-1..9' }], 'devices[0].pattern: pattern-form'],
    ['devices', [{ pattern: 'p-{0..999999999}' }], 'devices[0].pattern: pattern-size'],
    ['devices', [{ id: 'a', roll: 'device' }], 'devices[0]: unknown-key'],
    ['devices', [{ id: 'a', role: 'boss' }], 'devices[0].role: role-unknown'],
    ['devices', [{ id: 'a', role: 'The Boss' }], 'devices[0].role: role-name'],
    ['access', [{ role: 'device', deny: ['a+'] }], 'access[0].deny[0]: topic-plus'],
    ['exceptions', [{ device: 'a b' }], 'exceptions[0].device: device-id-characters'],
    ['devices', [{ id: 'a', role: 'admin' }], 'devices[0].role: role-unknown'],
    [
      'access',
      [
        { role: 'device', write: ['a/#/b'] },
        { role: 'dashboard', read: ['x'] },
      ],
      'access[0].write[0]: topic-hash',
    ],
    [
      'access',
      [
        { role: 'device', write: ['a/b+'] },
        { role: 'dashboard', read: ['x'] },
      ],
      'access[0].write[0]: topic-plus',
    ],
    [
      'access',
      [
        { role: 'device', write: ['{dev}'] },
        { role: 'dashboard', read: ['x'] },
      ],
      'access[0].write[0]: topic-placeholder',
    ],
    [
      'access',
      [
        { role: 'device', write: ['a '] },
        { role: 'dashboard', read: ['x'] },
      ],
      'access[0].write[0]: topic-spaces',
    ],
    [
      'access',
      [
        { role: 'device', write: ['a\nuser b'] },
        { role: 'dashboard', read: ['x'] },
      ],
      'access[0].write[0]: topic-character',
    ],
    [
      'access',
      [
        { role: 'device', write: ['%u'] },
        { role: 'dashboard', read: ['x'] },
      ],
      'access[0].write[0]: topic-percent',
    ],
    ['access', [{ role: 'device' }, { role: 'dashboard', read: ['x'] }], 'devices[0].role: access-none'],
  ])('refuses %s = %j', (path, value, expected) => {
    expect(findings(changed(path, value))).toContain(expected);
  });

  it('refuses a topic that the chosen Mosquitto would take literally', () => {
    const access = [{ role: 'device', write: ['dev-{device}/x'], read: ['{project}/commands/{device}'] }];
    const plan = { ...good, devices: [{ id: 'meter-001' }], access };
    expect(findings({ ...plan, broker: { ...good.broker, target: 'mosquitto-2.1' } })).toEqual([
      'access[0].write[0]: topic-part-level',
    ]);
    expect(findings(plan)).toEqual([]);
  });

  it('refuses names and topics that RabbitMQ cannot tell apart, and kits that a broker does not have', () => {
    const access = [{ role: 'device', write: ['{project}/a.b'], read: ['{project}/*/{device}'] }];
    const devices = [{ id: 'meter.1' }, { pattern: 'm.{1..3}' }];
    const plan = { ...good, project: 'lab.1', devices, access };
    const separators = [
      'access[0].write[0]: rabbitmq-separator',
      'access[0].read[0]: rabbitmq-separator',
      'project: rabbitmq-separator',
      'devices[0].id: rabbitmq-separator',
      'devices[1].pattern: rabbitmq-separator',
    ];
    const broker = { names: ['mqtt.lab.example'], target: 'rabbitmq-3' };
    expect(findings({ ...plan, broker })).toEqual(separators);
    expect(findings({ ...plan, broker: { ...broker, target: 'emqx-5' } })).toEqual([]);
    const kit = { form: 'drop-in', identity: 'password', ciphers: 'ECDHE+AESGCM:PROFILE=SYSTEM' };
    const of = (target: string, more = {}) => findings({ ...good, broker: { ...broker, target, kit: { ...kit, ...more } } });
    expect(of('mosquitto-2.1')).toEqual([]);
    expect(of('rabbitmq-3')).toEqual(['broker.kit.ciphers: cipher-names']);
    expect(of('rabbitmq-3', { tlsMinimum: 'tlsv1.3' })).toEqual([]);
    expect(of('emqx-5', { ciphers: 'aNULL' })).toEqual(['broker.kit.form: kit-target', 'broker.kit.ciphers: cipher-names']);
  });

  it('gives a broker the folders of its own package', () => {
    const folders = (target: string, form = 'whole') => {
      const checked = checkPlan({ ...good, broker: { names: ['mqtt.lab.example'], target, kit: { form } } });
      return 'plan' in checked ? checked.plan.broker.directory : null;
    };
    const all = ['mosquitto-2.1', 'rabbitmq-3', 'emqx-5'].map((target) => folders(target));
    expect(all).toEqual(['/etc/mosquitto', '/etc/rabbitmq', '/etc/emqx']);
    expect(folders('emqx-5', 'container')).toBe('/opt/emqx');
  });

  it.each(['/opt/mosquitto', '/srv/my mq', '/etc/mosquitto', '/usr/local/etc/mosquitto', '/home/ana/broker/etc', '/tmp/x/etc'])(
    'accepts the folder %s',
    (path) => {
      expect(findings(changed('broker.directory', path))).toEqual([]);
    },
  );

  it('says that a plan is no plan', () => {
    expect(findings([])).toEqual([': type']);
    expect(findings(null)).toEqual([': type']);
  });

  it('wants at least one way to find the broker', () => {
    expect(findings(changed('broker', { names: [], addresses: [] }))).toContain('broker: broker-unreachable');
  });
});
