import { type DoctorReport, stepOf } from '../../../../shared/model/doctor.ts';
import { type Choice, emptyChoice } from './choice.ts';
import type { Run } from './run-store.ts';

/** What was chosen then, as far as a report says it: files and passwords have to be given again. */
export function choiceOf(report: DoctorReport): Choice {
  const { identity, place, quick } = report;
  const { kind, id, deviceId, connection } = identity;
  const checkedFor = stepOf(report, 'tls').evidence?.name ?? place.host;
  const device = deviceId === null ? null : { deviceId, id };
  return {
    ...emptyChoice,
    kind,
    device: kind === 'device' ? device : null,
    own: connection && { ...connection, device },
    username: kind === 'password' ? id : '',
    host: place.host,
    port: String(place.port),
    transport: place.transport,
    serverName: checkedFor === place.host ? '' : checkedFor,
    quick,
  };
}

/** A report that is kept, as the page shows one that has just come. */
export function keptRun(report: DoctorReport, projectId: number): Run {
  return {
    runId: `kept-${report.finishedAt}`,
    projectId,
    choice: choiceOf(report),
    startedAt: report.startedAt,
    state: 'done',
    steps: Object.fromEntries(report.steps.map((each) => [each.step, each])),
    at: null,
    report,
    error: null,
    kept: true,
  };
}
