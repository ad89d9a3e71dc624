import { expect, it } from 'vitest';
import type { ConnectionOwner, OpenConnection } from '../tester-host.ts';
import { Speakers } from './speakers.ts';

const identities: Readonly<Record<string, ConnectionOwner>> = {
  observer: { projectId: 1, identity: { kind: 'observer' } },
  meter: { projectId: 1, identity: { kind: 'device', deviceId: 7, id: 'meter-1' } },
  asObserver: { projectId: 1, identity: { kind: 'own', ownId: 1, id: 'a', speaksAs: { kind: 'observer' } } },
  asMeter: { projectId: 1, identity: { kind: 'own', ownId: 2, id: 'b', speaksAs: { kind: 'device', device: 'meter-1' } } },
  byFiles: { projectId: 1, identity: { kind: 'own', ownId: 3, id: 'meter-1', speaksAs: null } },
  elsewhere: { projectId: 2, identity: { kind: 'observer' } },
};

async function rested(names: readonly string[], ownId: number | null = null): Promise<readonly string[]> {
  let ended: readonly string[] = [];
  const list = Object.entries(identities).map(([connectionId, owner]) => ({ owner, state: { connectionId } }) as OpenConnection);
  const rest = async (ids: readonly string[]) => {
    ended = ids;
    return () => undefined;
  };
  await new Speakers({ list: () => list, rest }).rest({ projectId: 1, names: new Set(names), ownId });
  return ended;
}

it('ends who speaks with the same certificates in the same project, by whatever kind of connection, and nobody else', async () => {
  expect(await rested(['observer'])).toEqual(['observer', 'asObserver']);
  expect(await rested(['meter-1'])).toEqual(['meter', 'asMeter']);
  expect(await rested(['observer', 'meter-1'])).toEqual(['observer', 'meter', 'asObserver', 'asMeter']);
  expect(await rested([], 3)).toEqual(['byFiles']);
  expect(await rested([])).toEqual([]);
});
