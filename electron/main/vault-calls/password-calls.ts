import { shownAtOnce } from '../../../shared/model/password.ts';
import { whatToCopy } from '../../jobs/change-project.ts';
import { passwordsView } from '../../jobs/password-view.ts';
import { finishPasswords, makePasswords } from '../../jobs/passwords.ts';
import { membersOf } from '../../jobs/project-files.ts';
import { shareCertificate, sharedGroups, unshareCertificate } from '../../jobs/share-certificate.ts';
import type { VaultAnswers } from './answers.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type PasswordCallName =
  | 'password.show'
  | 'password.make'
  | 'password.finish'
  | 'certificate.shared'
  | 'certificate.share'
  | 'certificate.unshare';

/** Passwords of devices, and certificates that several of them share. */
export function passwordCalls({ session, changed }: VaultContext): VaultAnswers<PasswordCallName> {
  const changing = async <T>(projectId: number, act: () => T | Promise<T>): Promise<T & { filesToCopy: string[] }> => {
    try {
      return await whatToCopy(session(), projectId, act);
    } finally {
      changed(projectId);
    }
  };
  return {
    'password.show': ({ projectId }) => passwordsView(session(), projectId),
    'password.make': ({ projectId, deviceIds, observer, typed, overlap, show }) =>
      changing(projectId, async () => {
        const ids = deviceIds ?? membersOf(session(), projectId).map(({ id }) => id);
        const made = await makePasswords(session(), projectId, { deviceIds: ids, observer, typed, overlap });
        return { made: made.length, shown: show ? made.slice(0, shownAtOnce).map((each) => ({ ...each })) : [] };
      }),
    'password.finish': ({ projectId, deviceIds, keep }) =>
      changing(projectId, () => ({ finished: finishPasswords(session(), projectId, deviceIds, keep) })),
    'certificate.shared': ({ projectId }) =>
      sharedGroups(session(), projectId).map(({ devices, ...group }) => ({
        ...group,
        devices: devices.map((each) => ({ ...each })),
      })),
    'certificate.share': ({ projectId, holderId, deviceIds }) =>
      changing(projectId, () => ({ shared: [...shareCertificate(session(), projectId, holderId, deviceIds)] })),
    'certificate.unshare': ({ projectId, deviceIds, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, async (handed) => ({
          unshared: [...(await unshareCertificate(session(), projectId, deviceIds, {}, handed))],
        })),
      ),
  };
}
