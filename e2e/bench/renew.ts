import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject } from '../../electron/authority/create-project.ts';
import { issueDevices } from '../../electron/authority/issue-devices.ts';
import { renewDevices } from '../../electron/jobs/renew.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import { type Figure, seconds } from './figure.ts';

const fleet = 10_000;

/** A fleet renewed (same keys) and re-keyed (new ones), against the same fleet issued in the same run. */
export async function* renewBench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-bench-'));
  const checked = checkPlan({ project: 'bench', broker: { names: ['mqtt.bench.example'] } });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const vault = await Vault.create(join(folder, 'v.fieldkey'), { passphrase: 'correct horse battery', operator: 'bench' });
  try {
    const { session } = vault;
    const projectId = await createProject(session, checked.plan);
    const devices = Array.from({ length: fleet }, (_, i) => ({ id: `device-${i}`, role: 'device' as const }));
    const issued = fleet / (await seconds(() => issueDevices(session, projectId, devices, { key: 'p256', days: 365 })));
    for (const mode of ['renew', 'rekey'] as const) {
      let done = 0;
      const taken = await seconds(async () => {
        done = (await renewDevices(session, projectId, { mode, withinDays: 400 })).done.length;
      });
      if (done !== fleet) throw new Error(`${done} of ${fleet} devices in ${mode}`);
      yield { name: mode, value: fleet / taken, unit: 'devices/s', reference: issued, against: 'issuing them' };
    }
  } finally {
    vault.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
