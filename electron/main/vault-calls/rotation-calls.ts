import { dueList } from '../../authority/due.ts';
import { changeRotation, rotationOf } from '../../jobs/rotation.ts';
import { scanFolder } from '../../jobs/scan-folder.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type RotationCallName = 'due.list' | 'rotation.show' | 'rotation.change' | 'rotation.scan';

/** What is due, how long certificates live, and what other people's certificates look like. */
export function rotationActs({ now, session, changed, job }: VaultContext): VaultAnswers<RotationCallName> {
  return {
    'due.list': ({ projectId, ...query }) => {
      const { own, devices, weeks, ...rest } = dueList(session(), projectId, query);
      return { ...rest, own: [...own], devices: { ...devices, items: [...devices.items] }, weeks: [...weeks] };
    },
    'rotation.show': ({ projectId }) => ({ ...rotationOf(session(), projectId) }),
    'rotation.change': ({ projectId, ...rotation }) => {
      changeRotation(session(), projectId, rotation);
      changed(projectId);
      return {};
    },
    'rotation.scan': ({ jobId, directory, withinDays }) =>
      job({ jobId, resumes: false, projectId: () => undefined }, async (_, control) => {
        const report = await scanFolder(directory, { withinDays, now: now() }, control);
        return { ...report, certificates: [...report.certificates], unreadable: [...report.unreadable] };
      }),
  };
}
