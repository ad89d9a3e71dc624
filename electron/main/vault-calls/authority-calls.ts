import { certificateDetail } from '../../authority/certificate-view.ts';
import type { HandedKey } from '../../authority/issuer.ts';
import { authoritiesOf } from '../../authority/lookup.ts';
import { renewObserver } from '../../authority/renew-own.ts';
import { readAuthorityKey } from '../../jobs/authority-key.ts';
import { type RenewMemory, renewBroker, renewDevices } from '../../jobs/renew.ts';
import { type RevokeReport, releaseAndPublish, revokeAndPublish } from '../../jobs/revoke.ts';
import type { VaultSession } from '../../vault/session.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type AuthorityCallName =
  | 'certificate.renew'
  | 'certificate.revoke'
  | 'certificate.release'
  | 'broker.renew'
  | 'observer.renew';

/** What the authority does after issuing. */
export function authorityCalls({ now, session, changed, job }: VaultContext): VaultAnswers<AuthorityCallName> {
  const changing = async <T>(projectId: number | undefined, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } finally {
      if (projectId !== undefined) changed(projectId);
    }
  };
  const projectOf = (certificateId: number) => session().tables.certificate.get(certificateId)?.project_id;
  return {
    'certificate.renew': ({ jobId, projectId, ...request }) => {
      const memory: RenewMemory = {};
      return job({ jobId, resumes: true, projectId }, async (opened, control) => {
        const { done, skipped } = await renewDevices(opened, projectId, request, control, memory);
        return { done: [...done], skipped: [...skipped] };
      });
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
    'broker.renew': ({ projectId, mode }) => changing(projectId, () => renewBroker(session(), projectId, mode)),
    'observer.renew': ({ projectId, mode }) =>
      changing(projectId, async () => {
        const certificateId = await renewObserver(session(), projectId, mode);
        return certificateDetail(session(), certificateId, now());
      }),
  };
}

/** Runs an act with a key that the window brought, and wipes it afterwards. */
export async function withBroughtKey<T>(
  session: VaultSession,
  projectId: number | undefined,
  key: { readonly pem: string; readonly passphrase: string } | undefined,
  act: (handed: HandedKey | undefined) => Promise<T>,
): Promise<T> {
  if (!key || projectId === undefined) return act(undefined);
  const handed = await readAuthorityKey(session, authoritiesOf(session, projectId), key);
  try {
    return await act(handed);
  } finally {
    handed.pkcs8.fill(0);
  }
}

function plain({ certificates, crls }: RevokeReport) {
  return { certificates: [...certificates], crls: [...crls] };
}
