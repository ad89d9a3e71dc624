import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import type {
  DoctorCode,
  DoctorFinding,
  DoctorFix,
  DoctorFixKind,
  DoctorParams,
  DoctorRemark,
} from '../../../shared/model/doctor-findings.ts';

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

export function fix(kind: DoctorFixKind, params: DoctorParams = {}): DoctorFix {
  return { fix: kind, params };
}
