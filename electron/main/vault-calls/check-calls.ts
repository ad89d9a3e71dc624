import type { CheckReport } from '../../../shared/model/check.ts';
import type { OpenedIdentity } from '../../authority/test-identity.ts';
import { exportChecks, readChecks } from '../../jobs/checks/file.ts';
import { type ChecksSeen, finishChecks } from '../../jobs/checks/finish.ts';
import { exportReport, lastRun } from '../../jobs/checks/last-run.ts';
import {
  type ChecksRequest,
  openChecked,
  type PreparedChecks,
  type PreparedMember,
  prepareChecks,
} from '../../jobs/checks/prepare.ts';
import { orderChecks, removeCheck, saveCheck, savedChecks, takeChecks } from '../../jobs/checks/store.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type CheckCallName =
  | 'check.list'
  | 'check.save'
  | 'check.remove'
  | 'check.order'
  | 'check.export'
  | 'check.import'
  | 'check.latest'
  | 'check.report';

/** What main asks for around a run; keys go to the tester's process and are wiped on the way, never to the page. */
export interface CheckSteps {
  readonly 'check.prepare': (input: ChecksRequest & { readonly checkIds: readonly number[] | null }) => Promise<PreparedChecks>;
  readonly 'check.keys': (input: {
    readonly projectId: number;
    readonly members: readonly PreparedMember[];
  }) => (OpenedIdentity | null)[];
  readonly 'check.finish': (
    input: Pick<ChecksRequest, 'projectId' | 'host' | 'port'> &
      Pick<PreparedChecks, 'checks' | 'members' | 'startedAt'> &
      ChecksSeen,
  ) => CheckReport;
}

export function checkCalls({ session }: VaultContext): VaultAnswers<CheckCallName> & CheckSteps {
  return {
    'check.list': ({ projectId }) => savedChecks(session(), projectId),
    'check.save': ({ projectId, checkId, check }) => ({ checkId: saveCheck(session(), projectId, checkId, check) }),
    'check.remove': ({ projectId, checkId }) => {
      removeCheck(session(), projectId, checkId);
      return {};
    },
    'check.order': ({ projectId, checkIds }) => {
      orderChecks(session(), projectId, checkIds);
      return {};
    },
    'check.export': ({ projectId, checkIds }) => exportChecks(session(), projectId, checkIds),
    'check.import': ({ projectId, text, existing }) => takeChecks(session(), projectId, readChecks(text, 'JSON'), existing),
    'check.latest': ({ projectId }) => lastRun(session(), projectId),
    'check.report': ({ projectId, format }) => exportReport(session(), projectId, format),
    'check.prepare': ({ checkIds, ...request }) => prepareChecks(session(), request, { checkIds }),
    'check.keys': ({ projectId, members }) => openChecked(session(), projectId, members),
    'check.finish': ({ results, cancelled, ...run }) => finishChecks(session(), run, run, { results, cancelled }),
  };
}
