import { expect, test } from 'vitest';
import { defaultAccess } from '../../../../shared/model/access.ts';
import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import { everyRole, rulesOf, simulate } from './access-form.ts';

test('all roles are shown, only those with topics are saved', () => {
  const some = [{ role: 'device', write: ['a'], read: [] }] as const;
  expect(everyRole(some).map(({ role }) => role)).toEqual(['device', 'gateway', 'dashboard', 'admin']);
  expect(rulesOf(everyRole(some))).toEqual(some);
  expect(rulesOf(everyRole(defaultAccess))).toEqual(defaultAccess);
});

test('by client id the answer is that for the id which is sent, where the broker does not make it the user name', () => {
  const draft = { rules: everyRole(defaultAccess), exceptions: [], deviceIs: 'client' as const };
  const group = { holder: 'm-1', role: 'device', devices: [{ id: 'm-2', role: 'device' }] };
  const asked = { id: 'm-2', role: 'device', verb: 'write', topic: 'lab/energy/m-2' } as const;
  const may = (target: BrokerTarget, clientId?: string, groups = [group]) =>
    simulate('lab', draft, target, { ...asked, clientId }, groups);
  expect(may('mosquitto-2.0')).toMatchObject({ allowed: true, rule: { text: 'pattern write lab/energy/%c' } });
  expect(may('mosquitto-2.1', 'm-1').allowed).toBe(false);
  // one with a certificate of its own takes the id of somebody else: nothing keeps it from that
  expect(simulate('lab', draft, 'mosquitto-2.0', { ...asked, id: 'm-9', clientId: 'm-2' }, [group]).allowed).toBe(true);
  expect(simulate('lab', draft, 'mosquitto-2.0', { ...asked, id: 'm-9', clientId: 'm-2' }).allowed).toBe(false);
  expect(may('rabbitmq-3', 'm-2', [])).toMatchObject({ allowed: true });
  expect(may('rabbitmq-3', 'm-1', [])).toMatchObject({ allowed: false, reason: 'other-client' });
  expect(may('emqx-5', undefined, []).rule?.text).toBe(`{allow, all, publish, ["lab/energy/\${clientid}"]}.`);
  // by user name they are one, and may do what each of them may
  const byUser = { ...draft, deviceIs: 'user' as const };
  const rule = { text: 'topic write lab/energy/m-2' };
  expect(simulate('lab', byUser, 'mosquitto-2.0', { ...asked, id: 'm-1' }, [group])).toMatchObject({ allowed: true, rule });
  expect(simulate('lab', byUser, 'mosquitto-2.0', { ...asked, id: 'm-1' }).allowed).toBe(false);
});
