import { exportChecks, readChecks } from '../../jobs/checks/file.ts';
import { lastRun } from '../../jobs/checks/last-run.ts';
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
  | 'check.latest';

export function checkCalls({ session }: VaultContext): VaultAnswers<CheckCallName> {
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
  };
}
