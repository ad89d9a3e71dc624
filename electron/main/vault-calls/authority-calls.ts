import { certificateDetail } from '../../authority/certificate-view.ts';
import { renewObserver } from '../../authority/renew-own.ts';
import { type RenewMemory, renewBroker, renewDevices } from '../../jobs/renew.ts';
import { type RevokeReport, releaseAndPublish, revokeAndPublish } from '../../jobs/revoke.ts';
import type { VaultAnswers } from './answers.ts';
import { type AuthorityActName, authorityActs } from './authority-acts.ts';
import { withBroughtKey } from './brought-key.ts';
import { type CertificateCallName, certificateCalls } from './certificate-calls.ts';
import type { VaultContext } from './context.ts';
import { type RotationCallName, rotationActs } from './rotation-calls.ts';

export type AuthorityCallName =
  | 'certificate.renew'
  | 'certificate.revoke'
  | 'certificate.release'
  | 'broker.renew'
  | 'observer.renew'
  | AuthorityActName
  | CertificateCallName
  | RotationCallName;

/** What the authority does after issuing. */
export function authorityCalls(context: VaultContext): VaultAnswers<AuthorityCallName> {
  const { now, session, changed, job } = context;
  const changing = async <T>(projectId: number | undefined, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } finally {
      if (projectId !== undefined) changed(projectId);
    }
  };
  const projectOf = (certificateId: number) => session().tables.certificate.get(certificateId)?.project_id;
  return {
    'certificate.renew': ({ jobId, projectId, key, ...request }) => {
      const memory: RenewMemory = {};
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) => {
          const { done, skipped } = await renewDevices(opened, projectId, { ...request, handed }, control, memory);
          return { done: [...done], skipped: [...skipped] };
        }),
      );
    },
    'certificate.revoke': ({ certificateId, key, ...request }) => {
      const projectId = projectOf(certificateId);
      return changing(projectId, () =>
        withBroughtKey(session(), projectId, key, async (handed) =>
          plain(await revokeAndPublish(session(), certificateId, { ...request, handed })),
        ),
      );
    },
    'certificate.release': ({ certificateId, key, ...request }) => {
      const projectId = projectOf(certificateId);
      return changing(projectId, () =>
        withBroughtKey(session(), projectId, key, async (handed) =>
          plain(await releaseAndPublish(session(), certificateId, { ...request, handed })),
        ),
      );
    },
    'broker.renew': ({ projectId, mode, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, (handed) => renewBroker(session(), projectId, mode, handed)),
      ),
    'observer.renew': ({ projectId, mode, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, async (handed) => {
          const certificateId = await renewObserver(session(), projectId, mode, handed);
          return certificateDetail(session(), certificateId, now());
        }),
      ),
    ...authorityActs(context),
    ...certificateCalls(context),
    ...rotationActs(context),
  };
}

function plain({ certificates, crls }: RevokeReport) {
  return { certificates: [...certificates], crls: [...crls] };
}
