import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Authentication } from '../../shared/model/connect-options.ts';
import { strictLink } from './link-socket.ts';
import { type AuthenticatingPeer, startAuthenticatingPeer } from './testing/authenticating-peer.ts';
import { type LocalTester, localTester } from './testing/local-tester.ts';

/** Exchanges of AUTH packets (MQTT 5 §4.12), with a peer that really leads one: Mosquitto has none without a plugin. */
const bytes = (text: string) => Buffer.from(text, 'latin1');
let tester: LocalTester;
let peer: AuthenticatingPeer | undefined;
let count = 0;

beforeEach(() => {
  // an end that came by the clock would take ten times as long as the test may
  tester = localTester({ connect: 60_000, probe: 1_000 });
});
afterEach(async () => {
  await tester.closeAll();
  await peer?.close();
});

async function connect(port: number, authentication: Authentication | null, protocol: 'auto' | 5 = 'auto') {
  const connectionId = `authentication-${++count}`;
  const state = await tester.call('connect', {
    connectionId,
    host: '127.0.0.1',
    port,
    reconnects: false,
    identity: { id: `a-${count}`, certificateChain: '', key: new Uint8Array(), ca: '' },
    link: { ...strictLink, transport: 'mqtt' },
    mqtt: {
      protocol,
      cleanStart: true,
      keepAlive: 30,
      sessionExpiry: null,
      receiveMaximum: null,
      maximumPacketSize: null,
      topicAliasMaximum: null,
      requestResponseInformation: false,
      requestProblemInformation: true,
      userProperties: [],
      authentication,
      will: null,
    },
  });
  return { connectionId, state };
}

it('answers every step in its order, also with bytes and with nothing, and is connected', async () => {
  peer = await startAuthenticatingPeer([
    { data: bytes('who?'), wants: bytes('\x00\xff\x10') },
    { data: null, wants: bytes('') },
    { data: bytes('\x01\x02'), wants: bytes('last word') },
  ]);
  const answers = [bytes('\x00\xff\x10'), bytes(''), bytes('last word')];
  const { state } = await connect(peer.port, { method: 'K-3', data: bytes('begin'), answers });
  expect(state).toMatchObject({
    phase: 'connected',
    protocolVersion: 5,
    granted: { properties: { authenticationMethod: 'K-3' } },
  });
  expect(peer.connects.map(({ properties }) => `${properties?.authenticationData}`)).toEqual(['begin']);
  // no data and data of no bytes are different things; an empty answer has none
  expect(peer.answers.map(({ properties }) => properties?.authenticationData ?? null)).toEqual([answers[0], null, answers[2]]);
});

it('ends at once with the cause when the broker asks on, says what it asked, and takes leave as the protocol wants', async () => {
  peer = await startAuthenticatingPeer([
    { data: bytes('who?'), wants: bytes('me') },
    { data: bytes('\x00\x9f'), wants: bytes('x') },
  ]);
  const { state } = await connect(peer.port, { method: 'SCRAM-SHA-256', data: null, answers: [bytes('me')] });
  expect(state).toMatchObject({
    phase: 'closed',
    failure: {
      cause: 'authentication-unanswered',
      params: { host: '127.0.0.1', port: peer.port, method: 'SCRAM-SHA-256', step: 2, said: '009f' },
    },
  });
  await expect.poll(() => peer?.farewells).toEqual([0x83]);
  // and not once more in 3.1.1, which knows no AUTH
  expect(peer.connects).toHaveLength(1);
});

it('says that a wrong answer was refused', async () => {
  peer = await startAuthenticatingPeer([{ data: bytes('who?'), wants: bytes('me') }]);
  const { state } = await connect(peer.port, { method: 'K', data: null, answers: [bytes('you')] });
  expect(state).toMatchObject({ phase: 'closed', failure: { cause: 'not-authorized', reasonCode: 135 } });
});

it('calls an AUTH against the rules what it is: not asked for, of another method, or after CONNACK', async () => {
  const broken = { phase: 'closed', failure: { cause: 'protocol-error' } };
  peer = await startAuthenticatingPeer([{ data: null, wants: bytes('') }]);
  expect((await connect(peer.port, null)).state).toMatchObject(broken);
  await peer.close();
  peer = await startAuthenticatingPeer([{ data: null, wants: bytes(''), method: 'other' }]);
  expect((await connect(peer.port, { method: 'K', data: null, answers: [bytes('')] })).state).toMatchObject(broken);
  await peer.close();
  peer = await startAuthenticatingPeer([], { late: true });
  const { connectionId } = await connect(peer.port, { method: 'K', data: null, answers: [bytes('')] }, 5);
  await expect.poll(() => tester.states.findLast((each) => each.connectionId === connectionId)).toMatchObject(broken);
});
