import { FieldkeyError } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/problems.ts';
import { checkPlan } from '../../../shared/rules/plan.ts';
import { certificateDetail } from '../../authority/certificate-view.ts';
import { deviceDetail, listDevices } from '../../authority/device-view.ts';
import { devicesNamed, projectByName } from '../../authority/lookup.ts';
import { listProjects, projectOverview } from '../../authority/project-view.ts';
import { publishCrls } from '../../authority/publish-crl.ts';
import { issueTestCertificate } from '../../authority/test-certificate.ts';
import { type AddMemory, addDevices } from '../../jobs/add-devices.ts';
import { changeAccess, changeBrokerSettings } from '../../jobs/change-project.ts';
import { type ProvisionMemory, provision } from '../../jobs/provision.ts';
import { type ReplaceMemory, replaceAndPublish } from '../../jobs/replace.ts';
import { loadDraft, saveDraft } from '../../vault/draft.ts';
import type { VaultAnswers } from './answers.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type ProjectCallName =
  | 'project.list'
  | 'project.overview'
  | 'project.provision'
  | 'draft.load'
  | 'draft.save'
  | 'job.cancel'
  | 'broker.change'
  | 'access.change'
  | 'crl.publish'
  | 'device.add'
  | 'device.list'
  | 'device.show'
  | 'device.replace'
  | 'device.issueTest'
  | 'certificate.show'
  | 'log.devices';

/** Projects, devices and certificates, as the contract says. */
export function projectCalls({ now, session, changed, job, cancel }: VaultContext): VaultAnswers<ProjectCallName> {
  /** Tells after an act that it changed the project, also when it failed half-way. */
  const changing = async <T>(projectId: number, act: () => T | Promise<T>): Promise<T> => {
    try {
      return await act();
    } finally {
      changed(projectId);
    }
  };
  return {
    'project.list': () => listProjects(session()),
    'project.overview': (input) => projectOverview(session(), input.projectId, now()),
    'project.provision': ({ jobId, plan: input }) => {
      const checked = checkPlan(input);
      if ('problems' in checked) throw new FieldkeyError('INPUT_INVALID', { problems: checked.problems.map(inPlan) });
      const { plan } = checked;
      const memory: ProvisionMemory = {};
      return job({ jobId, resumes: true, projectId: (opened) => projectByName(opened, plan.project)?.id }, (opened, control) =>
        provision(opened, plan, control, memory),
      );
    },
    'draft.load': () => ({ draft: loadDraft(session()) }),
    'draft.save': ({ draft }) => {
      saveDraft(session(), draft);
      return {};
    },
    'job.cancel': ({ jobId }) => {
      cancel(jobId);
      return {};
    },
    'broker.change': ({ projectId, settings, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, (handed) => changeBrokerSettings(session(), projectId, settings, handed)),
      ),
    'access.change': ({ projectId, access, exceptions, deviceIs }) =>
      changing(projectId, () => changeAccess(session(), projectId, access, exceptions, deviceIs)),
    'crl.publish': ({ projectId, nextUpdate, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, (handed) => publishCrls(session(), projectId, { nextUpdate, handed })),
      ),
    'device.add': ({ jobId, projectId, devices, key }) => {
      const memory: AddMemory = {};
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) => ({
          issued: await addDevices(opened, projectId, devices, control, memory, handed),
        })),
      );
    },
    'device.list': (input) => listDevices(session(), input, now()),
    'device.show': (input) => deviceDetail(session(), input.deviceId, now()),
    'device.replace': ({ jobId, projectId, deviceIds, reason, key }) => {
      const memory: ReplaceMemory = {};
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, (handed) =>
          replaceAndPublish(opened, projectId, { deviceIds, reason, handed }, control, memory),
        ),
      );
    },
    'device.issueTest': ({ projectId, deviceId, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, async (handed) => {
          const { id, serial, not_after: notAfter } = await issueTestCertificate(session(), projectId, deviceId, {}, handed);
          return { certificateId: id, serial: serial.toString('hex'), notAfter };
        }),
      ),
    'log.devices': ({ projectId, names }) => devicesNamed(session(), projectId, names),
    'certificate.show': (input) => certificateDetail(session(), input.certificateId, now()),
  };
}

/** Where a problem of the plan is in the call's input. */
function inPlan(found: Problem): Problem {
  return { ...found, path: found.path === '' ? 'plan' : `plan.${found.path}` };
}
