import type { ParsedInput } from '../../../shared/contract.ts';
import { authorityRequestOf, authorityViews } from '../../authority/authority-view.ts';
import { certificateDetail } from '../../authority/certificate-view.ts';
import { chooseIssuers } from '../../authority/choose-issuers.ts';
import type { HandedKey } from '../../authority/issuer.ts';
import { authorityById } from '../../authority/lookup.ts';
import { moveById, startMove } from '../../authority/moves.ts';
import { createSite } from '../../authority/new-authority.ts';
import { renewAuthority } from '../../authority/renew-own.ts';
import { reviewAuthorityAnswer, takeAuthorityAnswer } from '../../jobs/authority-answer.ts';
import { takeOffline } from '../../jobs/authority-key.ts';
import { makeAuthorityRequest } from '../../jobs/authority-request.ts';
import { finishMove, type ReissueMemory, reissueBelow } from '../../jobs/move-fleet.ts';
import { moveProgress, moveReports } from '../../jobs/move-progress.ts';
import { rehearseReissue } from '../../jobs/rehearse.ts';
import { retireEnded } from '../../jobs/retire-ended.ts';
import { plainFinding, type VaultAnswers } from './answers.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type AuthorityActName =
  | 'authority.list'
  | 'authority.request'
  | 'authority.reviewAnswer'
  | 'authority.takeAnswer'
  | 'authority.createSite'
  | 'authority.renew'
  | 'authority.takeOffline'
  | 'authority.retire'
  | 'authority.issuers'
  | 'authority.rehearse'
  | 'authority.replace'
  | 'authority.finish'
  | 'authority.reissue';

/** The authorities themselves: site authorities, keys kept elsewhere, and one replaced by another. */
export function authorityActs({ now, session, changed, job }: VaultContext): VaultAnswers<AuthorityActName> {
  /** Runs an act on an authority, with a key that was brought, and tells afterwards that the project changed. */
  const acting = async <T>(
    authorityId: number,
    key: ParsedInput<'authority.renew'>['key'],
    act: (handed: HandedKey | undefined) => Promise<T>,
  ): Promise<T> => {
    const { project_id: projectId } = authorityById(session(), authorityId);
    try {
      return await withBroughtKey(session(), projectId, key, act);
    } finally {
      changed(projectId);
    }
  };
  return {
    'authority.list': ({ projectId }) => ({
      authorities: authorityViews(session(), projectId, now()),
      moves: moveReports(session(), projectId),
      request: authorityRequestOf(session(), projectId),
    }),
    'authority.request': async ({ projectId, key, ...options }) => {
      try {
        return await withBroughtKey(session(), projectId, key, (handed) =>
          makeAuthorityRequest(session(), projectId, { ...options, handed }),
        );
      } finally {
        changed(projectId);
      }
    },
    'authority.reviewAnswer': ({ projectId, files }) => {
      const { chain, missing, constraints, ...review } = reviewAuthorityAnswer(session(), projectId, files);
      return {
        ...review,
        chain: chain.map(({ findings, ...link }) => ({ ...link, findings: findings.map(plainFinding) })),
        missing: [...missing],
        constraints: [...constraints],
      };
    },
    'authority.takeAnswer': async ({ projectId, files, replaces }) => {
      try {
        const taken = await takeAuthorityAnswer(session(), projectId, files, { replaces });
        return { ...taken, filesToCopy: [...taken.filesToCopy] };
      } finally {
        changed(projectId);
      }
    },
    'authority.createSite': ({ parentId, name, years, key }) =>
      acting(parentId, key, async (handed) => ({
        authorityId: await createSite(session(), parentId, {
          ...(name === undefined ? {} : { name }),
          ...(years === undefined ? {} : { years }),
          ...(handed ? { handed } : {}),
        }),
      })),
    'authority.renew': ({ authorityId, years, key }) =>
      acting(authorityId, key, async (handed) => {
        const options = { ...(years === undefined ? {} : { validity: { years } }), ...(handed ? { handed } : {}) };
        return certificateDetail(session(), await renewAuthority(session(), authorityId, options), now());
      }),
    'authority.takeOffline': ({ authorityId, ...target }) =>
      acting(authorityId, undefined, () => takeOffline(session(), authorityId, target)),
    'authority.retire': ({ authorityId }) => {
      retireEnded(session(), authorityId);
      changed(authorityById(session(), authorityId).project_id);
      return {};
    },
    'authority.issuers': ({ projectId, ...issuers }) => {
      chooseIssuers(session(), projectId, issuers);
      changed(projectId);
      return {};
    },
    'authority.rehearse': ({ authorityId, key, keyType, ...request }) =>
      withBroughtKey(session(), authorityById(session(), authorityId).project_id, key, async (handed) => {
        const report = await rehearseReissue(session(), authorityId, { ...request, key: keyType, handed });
        return { ...report, newAuthorities: [...report.newAuthorities], skipped: [...report.skipped] };
      }),
    'authority.replace': ({ jobId, authorityId, key, keyType, years }) => {
      const { project_id: projectId } = authorityById(session(), authorityId);
      return job({ jobId, resumes: false, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) =>
          moveProgress(opened, await startMove(opened, authorityId, { key: keyType, years, handed }, control)),
        ),
      );
    },
    'authority.finish': ({ jobId, moveId, force }) => {
      const { project_id: projectId } = moveById(session(), moveId);
      return job({ jobId, resumes: true, projectId }, (opened, control) => finishMove(opened, moveId, { force }, control));
    },
    'authority.reissue': ({ jobId, authorityId, key, keyType, ...request }) => {
      const memory: ReissueMemory = {};
      const { project_id: projectId } = authorityById(session(), authorityId);
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) => {
          const report = await reissueBelow(opened, authorityId, { ...request, key: keyType, handed }, control, memory);
          return { done: [...report.done], skipped: [...report.skipped], move: report.move };
        }),
      );
    },
  };
}
