import type { ProvisionPlan } from '../../../shared/model/plan.ts';
import { checkPlan, type PlanInput } from '../../../shared/rules/plan.ts';
import { Vault } from '../../vault/vault.ts';
import type { VaultOptions } from '../../vault/vault-options.ts';

export const testSecret = { passphrase: 'correct horse battery', operator: 'Ana' };
/** Cheap for tests; the real cost is measured by the benchmark. */
export const testKdfCost = { n: 2 ** 10, r: 8, p: 1 };

/** The plan of the manual with other values where a test wants them. */
export function testPlan(changes: Partial<PlanInput> = {}): ProvisionPlan {
  const checked = checkPlan({
    project: 'lab',
    subject: { country: 'ES', state: 'Badajoz', city: 'Badajoz', organisation: 'Lab' },
    broker: { names: ['mqtt.lab.example', 'localhost'], addresses: ['127.0.0.1', '::1'] },
    devices: [{ id: 'meter-001' }, { id: 'dash-1', role: 'dashboard' }],
    ...changes,
  });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.plan;
}

export function testVault(file: string, options: VaultOptions = {}): Promise<Vault> {
  return Vault.create(file, testSecret, { kdfCost: testKdfCost, ...options });
}
