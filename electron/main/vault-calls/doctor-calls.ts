import type { DoctorReport } from '../../../shared/model/doctor.ts';
import { type DoctorRequest, finishDiagnosis, type PreparedDiagnosis, prepareDiagnosis } from '../../jobs/diagnose.ts';
import { keptDiagnoses, keptDiagnosis } from '../../jobs/kept-diagnoses.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type DoctorCallName = 'doctor.kept' | 'doctor.report';

/** What main asks for around a check; keys go to the tester's process and are wiped on the way, never to the page. */
export interface DoctorSteps {
  readonly 'doctor.prepare': (input: DoctorRequest) => Promise<PreparedDiagnosis>;
  readonly 'doctor.finish': (input: { readonly projectId: number; readonly report: DoctorReport }) => Promise<DoctorReport>;
}

/** So many of a project are worth a look; a device has one. */
const shown = 8;

/** The connection doctor. */
export function doctorCalls({ session, changed }: VaultContext): VaultAnswers<DoctorCallName> & DoctorSteps {
  return {
    'doctor.kept': (input) => keptDiagnoses(session(), { ...input, limit: shown }),
    'doctor.report': ({ projectId, diagnosisId }) => keptDiagnosis(session(), projectId, diagnosisId),
    'doctor.prepare': (input) => prepareDiagnosis(session(), input),
    'doctor.finish': async ({ projectId, report }) => {
      const kept = await finishDiagnosis(session(), projectId, report);
      changed(projectId);
      return kept;
    },
  };
}
