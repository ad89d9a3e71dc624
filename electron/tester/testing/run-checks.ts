import type { Check, CheckReport } from '../../../shared/model/check.ts';
import { finishChecks } from '../../jobs/checks/finish.ts';
import { openChecked, prepareChecks } from '../../jobs/checks/prepare.ts';
import type { VaultSession } from '../../vault/session.ts';
import { localTester } from './local-tester.ts';

export interface CheckedPlace {
  readonly session: VaultSession;
  readonly projectId: number;
  readonly host: string;
  readonly port: number;
}

/** Runs checks for devices as main does it, in this very thread. `during` is given how to cancel the run. */
export async function runChecks(
  { session, ...place }: CheckedPlace,
  checks: readonly Check[],
  devices: readonly string[],
  during?: (cancel: () => Promise<unknown>) => void,
): Promise<CheckReport> {
  const tester = localTester();
  const { projectId, host, port } = place;
  const deviceIds = devices.map((id) => session.tables.device.where('name_folded = ?', id)[0]?.id ?? 0);
  const request = { ...place, devices: { kind: 'some', deviceIds } as const, takeoverAccepted: true };
  const prepared = await prepareChecks(session, request, { checks });
  const identities = openChecked(session, projectId, prepared.members);
  const { observer, project, members } = prepared;
  const runId = 'run-of-checks';
  let cancelled = false;
  const starting = tester.call('startChecks', { runId, host, port, project, checks, observer });
  during?.(() => {
    cancelled = true;
    return tester.call('endChecks', { runId, cancel: true });
  });
  await starting;
  await tester.call('checkDevices', {
    runId,
    members: members.map(({ id, hindrance }, at) => ({ device: id, hindrance, identity: identities[at] ?? null })),
  });
  await tester.call('endChecks', { runId, cancel: false });
  return finishChecks(session, request, prepared, { results: tester.checked, cancelled });
}

/** Each result in a line: device, check, outcome, reason, reason code, as far as there are. */
export function resultLines({ results, checks }: CheckReport): string[] {
  return results.map(({ device, check, outcome, reason, code }) =>
    [device ?? '-', checks[check]?.name, outcome, reason, code].filter((part) => part !== null).join(' '),
  );
}
