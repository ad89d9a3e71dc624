import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import type {
  DoctorCode,
  DoctorFinding,
  DoctorFix,
  DoctorFixKind,
  DoctorParams,
  DoctorRemark,
} from '../../../shared/model/doctor-findings.ts';
import type { DiagnoseOrder } from './order.ts';

/** A remark: something to look at, or good to know. */
export function remark(
  code: DoctorRemark,
  weight: DoctorFinding['weight'],
  params: DoctorParams = {},
  fixes: readonly DoctorFix[] = [],
): DoctorFinding {
  return { code, weight, params, alternatives: [], fixes, raw: '', alert: null, reasonCode: null };
}

/** What a step failed of. `failure` as explainFailure gives it. */
export function failed(
  { cause, params, raw, alert, reasonCode }: ConnectionFailure,
  fixes: readonly DoctorFix[],
  alternatives: readonly DoctorCode[],
): DoctorFinding {
  return { code: cause, weight: 'error', params, alternatives, fixes, raw, alert, reasonCode };
}

/** What a connection that is kept says is changed where it is kept; nothing for another identity. */
export function editConnection({ connection }: DiagnoseOrder): DoctorFix[] {
  if (!connection) return [];
  return [fix('change-connection', { connectionId: connection.connectionId, connection: connection.name })];
}

/** What gives whoever connects another certificate. */
export function renewalOf(order: DiagnoseOrder, act: 'renew-device' | 'rekey-device' | 'replace-device'): DoctorFix[] {
  const { identity, connection } = order;
  const speaker = connection ? connection.speaksAs : null;
  const who = connection ? speaker?.kind : identity.kind;
  const device = speaker?.kind === 'device' ? speaker.device : identity.clientId;
  if (who === 'device') return [fix(act, { deviceId: identity.deviceId ?? 0, device })];
  if (who === 'observer') return [fix('renew-observer')];
  return connection ? editConnection(order) : [fix('choose-files')];
}

export function fix(kind: DoctorFixKind, params: DoctorParams = {}): DoctorFix {
  return { fix: kind, params };
}
