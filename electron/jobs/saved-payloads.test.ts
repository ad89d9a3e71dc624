import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PublishTemplate } from '../../shared/model/publish-template.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { provision } from './provision.ts';
import { removePayload, savedPayloads, savePayload } from './saved-payloads.ts';

let folder: string;
let vault: Vault;
let projectId: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-payloads-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  ({ projectId } = await provision(vault.session, testPlan()));
});
afterAll(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const template: PublishTemplate = {
  topic: 'lab/commands/{{device}}',
  form: 'json',
  text: '{"limit": {{random 0 100}}}',
  variables: true,
  qos: 1,
  retain: false,
  properties: {
    contentType: 'application/json',
    userProperties: [
      ['a', '1'],
      ['a', '2'],
    ],
  },
};
const actions = () =>
  vault.session.database
    .prepare<[], string>("SELECT action || ' ' || subject FROM audit WHERE action LIKE 'payload.%' ORDER BY seq")
    .pluck()
    .all();

it('keeps messages under their names, exchanges and forgets them, and each of it is in the record', async () => {
  const { session } = vault;
  const id = savePayload(session, projectId, 'Limit 10', template);
  savePayload(session, projectId, 'Limit 2', { ...template, text: '{}' });
  expect(savedPayloads(session, projectId)).toEqual([
    { payloadId: id + 1, name: 'Limit 2', template: { ...template, text: '{}' } },
    { payloadId: id, name: 'Limit 10', template },
  ]);
  // saved again as it is: nothing happened
  expect(savePayload(session, projectId, 'Limit 10', template)).toBe(id);
  expect(savePayload(session, projectId, 'Limit 10', { ...template, qos: 2 })).toBe(id);
  removePayload(session, projectId, id + 1);
  expect(savedPayloads(session, projectId).map(({ name, template: { qos } }) => [name, qos])).toEqual([['Limit 10', 2]]);
  expect(actions()).toEqual(['payload.save Limit 10', 'payload.save Limit 2', 'payload.save Limit 10', 'payload.remove Limit 2']);
  expect(() => removePayload(session, projectId, id + 1)).toThrow('PAYLOAD_NOT_FOUND');
  expect(() => removePayload(session, projectId + 1, id)).toThrow('PAYLOAD_NOT_FOUND');
  expect(() => savePayload(session, projectId + 1, 'x', template)).toThrow('PROJECT_NOT_FOUND');
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});

it('notices a message that was put back to an older state, whose seal is right', async () => {
  const { session } = vault;
  const row = session.tables.savedPayload.where('1 = 1')[0];
  if (!row) throw new Error('one is kept');
  session.write(() => session.tables.savedPayload.update({ ...row, template: JSON.stringify(template) }));
  const found = (await verifyVault(session)).findings.join('\n');
  expect(found).toContain('saved payload');
  session.write(() => session.tables.savedPayload.delete(row));
  expect((await verifyVault(session)).findings.join('\n')).toContain('missing in its table');
});
