import { describe, expect, it } from 'vitest';
import { type AccessException, type AccessRule, defaultAccess } from '../../../shared/model/access.ts';
import { compileAcl, type UserAlias } from '../../../shared/rules/access-mosquitto.ts';

const device: AccessRule = { role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] };
const dashboard: AccessRule = { role: 'dashboard', write: [], read: ['{project}/#'] };

function compiled(access: readonly AccessRule[], members: readonly { id: string; role: AccessRule['role'] }[] = []) {
  const { text, gaps } = compileAcl({ project: 'lab', access, members, observer: 'observer' });
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const block = (id: string) => {
    const from = lines.indexOf(`user ${id}`) + 1;
    const length = lines.slice(from).findIndex((line) => line.startsWith('user '));
    return lines.slice(from, length < 0 ? undefined : from + length);
  };
  return { text, gaps, patterns: lines.filter((line) => line.startsWith('pattern ')), block };
}

describe('compileAcl', () => {
  it('writes the manual’s plan', () => {
    expect(
      compileAcl({
        project: 'lab',
        access: [device, dashboard],
        members: [{ id: 'dash-1', role: 'dashboard' }],
        observer: 'observer',
      }),
    ).toMatchObject({
      gaps: [],
      text: `# Written by Fieldkey for the project lab. Who is not named here and has no pattern may do nothing.
# Patterns hold for every user; %u is the name in the certificate. A new device needs no new line.
pattern write lab/energy/%u
pattern read lab/commands/%u

user dash-1
topic deny lab/energy/dash-1
topic read lab/#

user observer
topic deny lab/energy/observer
topic write lab/commands/+
topic read lab/#
topic read $SYS/broker/#
`,
    });
  });

  it('merges a topic that is read and written, also over several rules of one role', () => {
    const access: AccessRule[] = [
      { role: 'device', write: ['a/{device}'], read: ['b/{device}'] },
      { role: 'device', write: [], read: ['a/{device}'] },
    ];
    expect(compiled(access).patterns).toEqual(['pattern readwrite a/%u', 'pattern read b/%u']);
  });

  it('puts the id in the middle, inside a level and twice, and keeps spaces', () => {
    const access: AccessRule[] = [
      { role: 'device', write: ['{project}/{device}/energy now', 'dev-{device}/x', '{device}/{device}'], read: [] },
      { role: 'gateway', write: ['gw/{device}/out put'], read: [] },
    ];
    const { patterns, block } = compiled(access, [{ id: 'gw-1', role: 'gateway' }]);
    expect(patterns).toEqual(['pattern write lab/%u/energy now', 'pattern write dev-%u/x', 'pattern write %u/%u']);
    expect(block('gw-1')).toEqual([
      'topic deny lab/gw-1/energy now',
      'topic deny dev-gw-1/x',
      'topic deny gw-1/gw-1',
      'topic write gw/gw-1/out put',
    ]);
  });

  it('lets the observer read what is used outside the project, and nothing that an administrator’s # opens', () => {
    const access: AccessRule[] = [...defaultAccess, { role: 'gateway', write: ['alarms/{device}/x', '$SYS/foo'], read: [] }];
    const { block } = compiled(access);
    expect(block('observer')).toEqual([
      'topic deny lab/energy/observer',
      'topic write lab/commands/+',
      'topic read lab/#',
      'topic read alarms/+/x',
      'topic read $SYS/broker/#',
    ]);
  });

  it('gives an administrator # and $SYS/# apart, and denies nothing that # allows', () => {
    const { block } = compiled(defaultAccess, [{ id: 'boss', role: 'admin' }]);
    expect(block('boss')).toEqual(['topic readwrite #', 'topic read $SYS/#']);
  });

  it('denies nothing that the role has anyway', () => {
    const { block, gaps } = compiled(defaultAccess, [{ id: 'gw-1', role: 'gateway' }]);
    expect(block('gw-1')).toEqual(['topic write lab/energy/#', 'topic read lab/commands/#']);
    expect(gaps).toEqual([]);
  });

  it('does not break a role to close a gap, and reports the gap', () => {
    const access: AccessRule[] = [
      { role: 'device', write: ['{project}/{device}/#', '{project}/alarms'], read: [] },
      { role: 'gateway', write: ['{project}/{device}/up'], read: [] },
      dashboard,
    ];
    const { block, gaps } = compiled(access, [
      { id: 'gw-1', role: 'gateway' },
      { id: 'dash-1', role: 'dashboard' },
    ]);
    expect(block('gw-1')).toEqual(['topic deny lab/alarms', 'topic write lab/gw-1/up']);
    // a denial of lab/alarms would hide the devices' alarms from the dashboard
    expect(block('dash-1')).toEqual(['topic deny lab/dash-1/#', 'topic read lab/#']);
    expect(gaps).toEqual([
      { member: 'dash-1', topic: 'lab/alarms', access: 'write' },
      { member: 'gw-1', topic: 'lab/gw-1/#', access: 'write' },
      { member: 'observer', topic: 'lab/alarms', access: 'write' },
    ]);
  });

  it('is the same in whatever order the members come', () => {
    const a = { id: 'a', role: 'dashboard' } as const;
    const b = { id: 'b', role: 'dashboard' } as const;
    expect(compiled([device, dashboard], [b, a]).text).toBe(compiled([device, dashboard], [a, b]).text);
  });

  it('never writes a control character, whoever forgot to check', () => {
    expect(() => compiled([{ role: 'device', write: ['a\nuser boss'], read: [] }])).toThrow('INTERNAL');
    expect(() => compiled([dashboard], [{ id: 'x\ntopic readwrite #', role: 'dashboard' }])).toThrow('INTERNAL');
  });
});

describe('denials, own roles and exceptions', () => {
  const secret: AccessRule = { ...device, read: ['{project}/all/#'], deny: ['{project}/all/secret'] };

  it('writes a role’s denials: a pattern for devices, lines of the block for others', () => {
    const of = compiled(
      [secret, { role: 'billing', write: [], read: ['{project}/#'], deny: ['{project}/energy/raw/#'] }],
      [{ id: 'b-1', role: 'billing' }],
    );
    expect(of.patterns).toEqual(['pattern deny lab/all/secret', 'pattern write lab/energy/%u', 'pattern read lab/all/#']);
    expect(of.block('b-1')).toEqual(['topic deny lab/energy/raw/#', 'topic deny lab/energy/b-1', 'topic read lab/#']);
  });

  it('gives a device with an exception a block, with the denials of its role that the exception would go before', () => {
    const exceptions = [
      { device: 'm-2', write: ['{project}/door/{device}'], read: [], deny: ['{project}/energy/{device}'] },
      { device: 'm-1', write: [], read: ['{project}/all/secret'], deny: [] },
    ];
    const { text } = compileAcl({ project: 'lab', access: [secret], exceptions, members: [], observer: 'observer' });
    expect(text).toContain('user m-1\ntopic deny lab/all/secret\ntopic read lab/all/secret\n\nuser m-2\n');
    expect(text).toContain('user m-2\ntopic deny lab/energy/m-2\ntopic write lab/door/m-2\n');
  });

  it('joins the exception of a member with its role, and lets the observer take part in what is new', () => {
    const exceptions = [{ device: 'dash-1', write: ['{project}/note'], read: ['extra/{device}'], deny: [] }];
    const members = [{ id: 'dash-1', role: 'dashboard' }];
    const { text } = compileAcl({ project: 'lab', access: [device, dashboard], exceptions, members, observer: 'observer' });
    expect(text).toContain(
      'user dash-1\ntopic deny lab/energy/dash-1\ntopic write lab/note\ntopic read lab/#\ntopic read extra/dash-1\n',
    );
    expect(text).toMatch(/user observer\n(.*\n)*topic readwrite extra\/dash-1\n/);
  });

  it('says of every line where it comes from, and can tell devices apart by their client id', () => {
    const { list, origins, text } = compileAcl({
      project: 'lab',
      access: [device, dashboard],
      exceptions: [{ device: 'm-1', write: ['x'], read: [], deny: [] }],
      members: [{ id: 'dash-1', role: 'dashboard' }],
      observer: 'observer',
      deviceIs: 'client',
    });
    expect(text).toContain('pattern write lab/energy/%c\n');
    const kinds = list.flatMap((line, index) =>
      line.kind === 'topic' || line.kind === 'pattern' ? [`${line.topic}: ${origins[index]?.kind}`] : [],
    );
    expect(kinds).toEqual([
      'lab/energy/%c: role',
      'lab/commands/%c: role',
      'lab/energy/dash-1: shield',
      'lab/#: role',
      'x: exception',
      'lab/energy/observer: shield',
      'lab/commands/+: observer',
      'lab/#: observer',
      'x: observer',
      '$SYS/broker/#: observer',
    ]);
  });

  it('by client id gives those who share a certificate the patterns, and their one user only what patterns cannot say', () => {
    const shared = ['m-1', 'm-2'].map((id) => ({ user: 'm-1', id, role: 'device', shared: true }));
    const of = (exceptions: readonly AccessException[], aliases: readonly UserAlias[] = shared) =>
      compileAcl({
        project: 'lab',
        access: [secret],
        exceptions,
        members: [],
        observer: 'observer',
        aliases,
        deviceIs: 'client',
        ownClientIds: true,
      }).text;
    expect(of([])).not.toContain('user m-1');
    expect(of([])).toContain('%c is the client id, which nothing proves');
    expect(of([{ device: 'm-2', write: ['{project}/door/{device}'], read: [], deny: [] }])).toContain(
      'user m-1\ntopic write lab/door/m-2\n\n',
    );
    // the second name of a password is a client id of its own, which no pattern must give anything
    const second = [{ user: 'm-1@2', id: 'm-1', role: 'device' }];
    expect(of([], second)).toContain('user m-1@2\ntopic deny lab/all/secret\ntopic deny lab/energy/m-1@2\n');
  });
});
