import { createProject } from '../../electron/authority/create-project.ts';
import { issueDevices } from '../../electron/authority/issue-devices.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { checkPlan } from '../../shared/rules/plan.ts';

export const benchPassphrase = 'correct horse battery';

/** A new vault with one project and so many devices with certificates, unlocked; whoever asks closes it. */
export async function fleetVault(file: string, count: number): Promise<{ vault: Vault; projectId: number }> {
  const checked = checkPlan({ project: 'bench', broker: { names: ['mqtt.bench.example'] } });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const vault = await Vault.create(file, { passphrase: benchPassphrase, operator: 'bench' });
  const { session } = vault;
  const projectId = await createProject(session, checked.plan);
  const devices = Array.from({ length: count }, (_, i) => ({ id: `device-${i}`, role: 'device' as const }));
  await issueDevices(session, projectId, devices, { key: 'p256', days: 365 });
  return { vault, projectId };
}
