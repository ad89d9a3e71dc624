import { FieldkeyError } from '../../shared/errors.ts';
import type { InventoryFormat, InventorySecrets } from '../../shared/model/inventory.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { problem } from '../../shared/problems.ts';
import { deviceAccess } from '../../shared/rules/device-access.ts';
import { usesCertificates, usesPasswords } from '../../shared/rules/password.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import { credentialsByOwner } from '../authority/credentials.ts';
import { currentCertificate } from '../authority/lookup.ts';
import { sharedHolders } from '../authority/shared-certificate.ts';
import { ansibleVault } from '../bundle/ansible-vault.ts';
import { type Inventory, type InventoryDevice, inventoryText } from '../bundle/inventory.ts';
import { brokerEndpoint } from '../bundle/mqtt-json.ts';
import { writeWhole } from '../bundle/whole-file.ts';
import type { VaultSession } from '../vault/session.ts';
import { contextOf, membersOf, type ProjectContext } from './project-files.ts';

export interface InventoryRequest {
  readonly format: InventoryFormat;
  readonly secrets: InventorySecrets;
  /** For `vault`: what ansible-vault asks for. */
  readonly passphrase?: string | undefined;
}

/**
 * Writes the project's devices for Ansible or Terraform: who each is on the broker, its topics, and where its files lie in an
 * export. Passwords stay out unless asked for; what went where is noted.
 * @throws INPUT_INVALID for a choice that the format has no words for, EXPORT_NOT_WRITABLE, EXPORT_NO_SPACE, JOB_CANCELLED
 */
export async function writeInventory(
  session: VaultSession,
  projectId: number,
  request: InventoryRequest,
  file: string,
  control: JobControl = {},
): Promise<{ file: string; devices: number }> {
  if (request.secrets === 'vault' && (request.format === 'terraform' || !request.passphrase))
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'passphrase')] });
  session.assertWritable();
  const context = contextOf(session, projectId);
  const inventory = await inventoryOf(session, context, request, control);
  // before a password is on a disk the vault knows that it is
  session.write((log) =>
    log('inventory.write', {
      projectId,
      subject: file,
      detail: { devices: inventory.devices.length, format: request.format, secrets: request.secrets },
    }),
  );
  await writeWhole(file, (write) => write(inventoryText(inventory, request.format)));
  return { file, devices: inventory.devices.length };
}

async function inventoryOf(
  session: VaultSession,
  context: ProjectContext,
  request: InventoryRequest,
  control: JobControl,
): Promise<Inventory> {
  const { broker, project } = context;
  const { host, url } = brokerEndpoint(broker);
  const holders = sharedHolders(session, context.projectId);
  const credentials = usesPasswords(broker.kit) ? credentialsByOwner(session, context.projectId) : new Map();
  const devices: InventoryDevice[] = [];
  const shown = usesCertificates(broker.kit);
  const members = membersOf(session, context.projectId);
  for (const device of members) {
    if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: devices.length, total: members.length });
    const current = credentials.get(device.id)?.find(({ state }: { state: string }) => state === 'current');
    const password = current && request.secrets !== 'none' ? session.openCredential(current).password : null;
    const certificate = currentCertificate(session, device.id);
    const holder = holders.get(device.id) ?? null;
    const access = deviceAccess(context.access, context.exceptions, { id: device.name, role: device.role });
    const fill = (topics: readonly string[]) => topics.map((topic) => fillTopic(topic, { project, device: device.name }));
    const folder = `devices/${device.name}`;
    const withKey = certificate?.key_id != null && session.hasPrivateKey(certificate.key_id);
    devices.push({
      id: device.name,
      role: device.role,
      clientId: device.name,
      user: current?.user ?? holder ?? device.name,
      password:
        password === null
          ? undefined
          : request.secrets === 'vault'
            ? { vault: await ansibleVault(password, request.passphrase ?? '') }
            : password,
      writeTopics: fill(access.write),
      readTopics: fill(access.read),
      files:
        certificate === undefined
          ? null
          : {
              ca: `${folder}/ca.crt`,
              certificate: shown ? `${folder}/client.crt` : null,
              key: shown && withKey ? `${folder}/client.key` : null,
            },
      serial: certificate?.serial.toString('hex') ?? null,
      notAfter: certificate?.not_after ?? null,
      certificateOf: holder,
    });
  }
  return {
    project,
    broker: {
      host,
      port: broker.port,
      url,
      software: broker.target,
      identity: broker.kit.identity,
      names: broker.names,
      addresses: broker.addresses,
    },
    devices,
  };
}
