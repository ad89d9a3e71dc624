import { isIP } from 'node:net';
import type { DoctorProgress, DoctorReport } from '../../../shared/model/doctor.ts';
import { isEncrypted } from '../../../shared/model/own-connection.ts';
import type { Timing } from '../timing.ts';
import { connectSteps } from './connect-steps.ts';
import { tryAccess, tryRefusals } from './enforcement.ts';
import { Examination } from './examination.ts';
import { remark } from './findings.ts';
import { lineSteps } from './line-steps.ts';
import { readMaterial } from './material.ts';
import { type Address, resolveHost, tryAddresses } from './network.ts';
import { type DiagnoseOrder, linked } from './order.ts';
import { predictProblems } from './predict.ts';
import { reportOf } from './report.ts';
import { StepLog, type StepResult } from './steps.ts';

export interface DiagnoseControl {
  readonly onProgress: (progress: DoctorProgress) => void;
  /** Aborted = the step at hand ends, nothing more is tried. */
  readonly signal: AbortSignal;
}

/**
 * Looks at every step towards a broker, from the files to the rules that it enforces, and names the one cause of what fails. Never
 * throws for what it finds; every connection is closed and every key wiped when it ends.
 */
export async function diagnose(order: DiagnoseOrder, timing: Timing, control: DiagnoseControl): Promise<DoctorReport> {
  const log = new StepLog(order.runId, control.onProgress, control.signal);
  const at = new Examination(linked(order), timing, log, control.signal);
  try {
    await log.run('files', () => files(at));
    await log.run('predicted', () => predicted(at));
    await networkSteps(at);
    await connectSteps(at);
    await lineSteps(at);
    // what follows connects by itself, as the same clients
    await at.leave();
    await log.run('access', () => tryAccess(at.order, at.needed, timing, at.signal));
    await log.run('negative', async () => {
      const done = await tryRefusals(at.order, at.needed, timing, at.signal);
      if ('evidence' in done) at.refusals = done.evidence?.refusals ?? [];
      return done;
    });
  } finally {
    await at.leave();
    at.wipe();
  }
  return reportOf(at);
}

function files(at: Examination): StepResult<'files'> {
  const { ready, findings, evidence } = readMaterial(at.order, isEncrypted(at.order.link.transport));
  at.ready = ready;
  at.chainShort = findings.some(({ code }) => code === 'chain-short');
  return { findings, evidence };
}

function predicted({ order, needed }: Examination): StepResult<'predicted'> {
  const { findings, evidence } = predictProblems(order, needed, Date.now());
  const plain = isEncrypted(order.link.transport) ? [] : [remark('unencrypted', 'warning', { port: order.port })];
  return { findings: [...findings, ...plain], evidence };
}

/** The name, and then every address of it. */
async function networkSteps(at: Examination): Promise<void> {
  const { log, order, timing, signal } = at;
  const { host, port } = order;
  let addresses: readonly Address[] = [];
  await log.run('dns', async () => {
    const family = isIP(host);
    if (family !== 0) addresses = [{ address: host, family: family === 6 ? 6 : 4 }];
    if (family !== 0) return { skipped: 'address-given' };
    const found = await resolveHost(host, port, timing.connect, signal);
    addresses = found.addresses;
    return { findings: found.failure ? [at.failure(found.failure)] : [], evidence: { addresses } };
  });
  await log.run('tcp', async () => {
    const { tried, failure } = await tryAddresses(addresses, { host, port }, timing.connect, signal);
    const used = tried.find(({ error }) => error === null)?.address ?? null;
    if (failure) return { findings: [at.failure(failure)], evidence: { tried, used } };
    const findings = tried.flatMap(({ address, error }) =>
      // one that refuses at once costs no client anything
      error === null ? [] : [remark('address-dead', error === 'ECONNREFUSED' ? 'note' : 'warning', { address, error })],
    );
    return { findings, evidence: { tried, used } };
  });
}
