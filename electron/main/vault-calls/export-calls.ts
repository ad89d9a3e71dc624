import type { CallOutput, ParsedInput } from '../../../shared/contract.ts';
import type { AcceptanceReport } from '../../jobs/acceptance-files.ts';
import { exportProject, measureExport } from '../../jobs/export-project.ts';
import { exportState } from '../../jobs/export-state.ts';
import { previewBroker, previewDevice } from '../../jobs/preview.ts';
import { exportById, type RekeyMemory, rekeyExport } from '../../jobs/rekey-export.ts';
import type { VaultAnswers } from './answers.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type ExportCallName = 'export.measure' | 'export.state' | 'export.rekey' | 'preview.broker' | 'preview.device';

export interface ExportRun {
  /** With the report printed: the vault's thread has no window to print with. */
  readonly 'export.run': (
    input: Omit<ParsedInput<'export.run'>, 'acceptance'> & { readonly acceptance?: AcceptanceReport | undefined },
  ) => Promise<CallOutput<'export.run'>>;
}

/** Exports, what is on which medium, and what an export would write. */
export function exportCalls({ session, job }: VaultContext): VaultAnswers<ExportCallName> & ExportRun {
  return {
    'export.measure': ({ projectId, withBroker, deviceIds }) => measureExport(session(), projectId, { withBroker, deviceIds }),
    'export.run': ({ jobId, projectId, medium, keyPassphrase, withBroker, deviceIds, acceptance }) =>
      job({ jobId, resumes: false, projectId }, async (opened, control) => {
        const written = await exportProject(opened, projectId, {
          ...control,
          directory: medium.path,
          medium,
          keyPassphrase,
          withBroker,
          deviceIds,
          acceptance,
        });
        return { ...written, leftOut: [...written.leftOut], waiting: [...written.waiting] };
      }),
    'export.state': ({ projectId }) => exportState(session(), projectId),
    'export.rekey': ({ jobId, exportId, reason, key }) => {
      const memory: RekeyMemory = {};
      const { project_id: projectId } = exportById(session(), exportId);
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, (handed) => rekeyExport(opened, exportId, reason, control, memory, handed)),
      );
    },
    'preview.broker': ({ projectId, settings }) => previewBroker(session(), projectId, settings),
    'preview.device': ({ deviceId }) => previewDevice(session(), deviceId),
  };
}
