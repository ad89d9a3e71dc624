import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentLogin } from '../authority/credentials.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { writeInventory } from './inventory.ts';
import { makePasswords } from './passwords.ts';
import { provision } from './provision.ts';

const run = promisify(execFile);
/** What a template engine, YAML 1.1 and a shell could each take for something else. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: that is what Terraform would look for
const awkward = 'no: {{ lookup("env") }} "\\ \u{1f511} ${x} # é';

interface Listed {
  readonly _meta: { readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly [group: string]: unknown;
}

describe('the inventory', () => {
  let folder: string;
  let vault: Vault;
  let session: VaultSession;
  let projectId: number;
  const file = (name: string) => join(folder, name);
  const deviceId = (name: string) => session.tables.device.where('name = ?', name)[0]?.id ?? 0;
  const login = (name: string) => currentLogin(session, projectId, deviceId(name));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fieldkey-inventory-'));
    vault = await testVault(file('v.fieldkey'));
    session = vault.session;
    const plan = testPlan({
      broker: { names: ['mqtt.lab.example'], addresses: ['127.0.0.1'], kit: { identity: 'certificate-password' } },
      devices: [{ pattern: 'meter-{001..003}' }, { id: '10.2', role: 'gateway' }, { id: 'dash-1', role: 'dashboard' }],
    });
    ({ projectId } = await provision(session, plan));
    await makePasswords(session, projectId, { deviceIds: [deviceId('meter-002')], typed: awkward, overlap: false });
    await makePasswords(session, projectId, { deviceIds: [deviceId('meter-003')], overlap: true });
  });
  afterAll(() => {
    vault.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const listed = async (path: string, ...more: string[]): Promise<Listed> => {
    const env = { ...process.env, ANSIBLE_LOCALHOST_WARNING: 'false' };
    const { stdout, stderr } = await run('ansible-inventory', ['-i', path, '--list', ...more], { env });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Listed;
  };

  it.each(['ansible-yaml', 'ansible-json'] as const)(
    'as %s is read by ansible-inventory, without passwords unless asked for',
    async (format) => {
      const path = file(format === 'ansible-yaml' ? 'plain.yml' : 'plain.json');
      expect(await writeInventory(session, projectId, { format, secrets: 'none' }, path)).toEqual({ file: path, devices: 5 });
      const { _meta, ...groups } = await listed(path);
      expect(groups).toMatchObject({
        mqtt_role_device: { hosts: ['meter-001', 'meter-002', 'meter-003'] },
        mqtt_role_gateway: { hosts: ['10.2'] },
        mqtt_broker: { hosts: ['mqtt.lab.example'] },
      });
      expect(_meta.hostvars['meter-001']).toMatchObject({
        mqtt_host: 'mqtt.lab.example',
        mqtt_port: 8883,
        mqtt_identity: 'certificate-password',
        mqtt_username: 'meter-001',
        mqtt_client_id: 'meter-001',
        mqtt_write_topics: ['lab/energy/meter-001'],
        mqtt_read_topics: ['lab/commands/meter-001'],
        mqtt_key_file: '{{ fieldkey_folder }}/devices/meter-001/client.key',
      });
      expect(_meta.hostvars['meter-003']).toMatchObject({ mqtt_username: 'meter-003@2' });
      expect(Object.values(_meta.hostvars).filter((vars) => 'mqtt_password' in vars)).toEqual([]);
    },
  );

  it.each(['ansible-yaml', 'ansible-json'] as const)(
    'as %s brings passwords to Ansible as they are, whatever is in them',
    async (format) => {
      const path = file(format === 'ansible-yaml' ? 'readable.yml' : 'readable.json');
      await writeInventory(session, projectId, { format, secrets: 'plain' }, path);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(await shown(path)).toEqual({ first: login('meter-001')?.password, second: awkward });
    },
  );

  it.each(['ansible-yaml', 'ansible-json'] as const)(
    'as %s has passwords that ansible-vault opens, with the right passphrase only',
    async (format) => {
      const path = file(format === 'ansible-yaml' ? 'sealed.yml' : 'sealed.json');
      writeFileSync(file('pass'), 'a passphrase of Ansible\n');
      writeFileSync(file('wrong'), 'another one\n');
      await writeInventory(session, projectId, { format, secrets: 'vault', passphrase: 'a passphrase of Ansible' }, path);
      const text = await readFile(path, 'utf8');
      expect(text).not.toContain(login('meter-001')?.password);
      expect(text.match(/ANSIBLE_VAULT;1\.1;AES256/g)).toHaveLength(5);
      expect(await shown(path, '--vault-password-file', file('pass'))).toEqual({
        first: login('meter-001')?.password,
        second: awkward,
      });
      await expect(shown(path, '--vault-password-file', file('wrong'))).rejects.toMatchObject({
        stdout: expect.stringMatching(/decrypt/i),
      });
    },
  );

  /** What a play sees of two passwords. */
  async function shown(path: string, ...more: string[]): Promise<{ first: unknown; second: unknown }> {
    const args = ['meter-001:meter-002', '-i', path, '-m', 'ansible.builtin.debug', '-a', 'var=mqtt_password', '-o', ...more];
    const { stdout } = await run('ansible', args);
    // a line for each host: `meter-001 | SUCCESS => {…}`
    const of = (host: string) => {
      const line = stdout.split('\n').find((each) => each.startsWith(`${host} |`)) ?? '';
      return (JSON.parse(line.slice(line.indexOf('=> ') + 3)) as { mqtt_password: unknown }).mqtt_password;
    };
    return { first: of('meter-001'), second: of('meter-002') };
  }

  it('for Terraform is variables by name, a map of the devices by id', async () => {
    const path = file('fieldkey.auto.tfvars.json');
    await writeInventory(session, projectId, { format: 'terraform', secrets: 'plain' }, path);
    const variables = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    expect(Object.keys(variables)).toEqual(['mqtt_project', 'mqtt_broker', 'mqtt_devices']);
    expect(variables['mqtt_devices']).toMatchObject({
      'meter-002': { username: 'meter-002', password: awkward, certificate_file: 'devices/meter-002/client.crt' },
      '10.2': { role: 'gateway', write_topics: ['lab/energy/#'] },
    });
    await writeInventory(session, projectId, { format: 'terraform', secrets: 'none' }, path);
    expect(await readFile(path, 'utf8')).not.toContain('"password"');
    await expect(
      writeInventory(session, projectId, { format: 'terraform', secrets: 'vault', passphrase: 'x' }, path),
    ).rejects.toThrow('INPUT_INVALID');
  });
});
