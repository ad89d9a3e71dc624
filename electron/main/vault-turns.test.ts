import { expect, it } from 'vitest';
import type { VaultHost } from './vault-host.ts';
import { VaultTurns } from './vault-turns.ts';

const reached: string[] = [];
const host = {
  call: async (name: string) => {
    reached.push(name);
    return name;
  },
} as unknown as Pick<VaultHost, 'call'>;

it('keeps what began in one vault from the next one', async () => {
  const turns = new VaultTurns(host, async () => undefined);
  const first = turns.bound();
  const finish = () => first.call('simulation.finish', {} as never);
  await finish();
  // locked and unlocked, it is the same vault
  await turns.call('vault.lock', undefined);
  await turns.call('vault.unlock', {} as never);
  await finish();
  for (const turn of [() => turns.turned(), ...names.map((name) => () => turns.call(name, {} as never))]) {
    const before = turns.bound();
    await turn();
    await expect(before.call('check.keys', {} as never)).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    await expect(finish()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    await turns.bound().call('project.list', undefined);
  }
  expect(reached.filter((name) => name === 'simulation.finish')).toHaveLength(2);
  expect(reached).not.toContain('check.keys');
});

const names = ['vault.create', 'vault.restore', 'backup.restore', 'practice.create'] as const;
