import { Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { AccessRule } from '../../../../shared/model/access.ts';
import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import { standardKit } from '../../../../shared/model/kit.ts';
import { checkAccessForTarget } from '../../../../shared/rules/access-target.ts';
import { checkTopicsForTarget } from '../../../../shared/rules/broker-target.ts';
import { plainExceptions, plainRule } from '../../../../shared/rules/device-access.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { problemText } from '../../ui/error-text.ts';
import { NewRole } from '../../ui/NewRole.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { roleName } from '../../ui/role-name.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Access.module.css';
import { type AccessDraft, dangersOf, everyRole, gapsOf, isSound, rulesOf } from './access-form.ts';
import { DeviceIs } from './DeviceIs.tsx';
import { Exceptions } from './Exceptions.tsx';
import { FilesToCopy } from './FilesToCopy.tsx';
import { RoleRules } from './RoleRules.tsx';
import { Simulator } from './Simulator.tsx';

interface Props {
  readonly projectId: number;
  readonly overview: CallOutput<'project.overview'>;
  readonly target: BrokerTarget;
}

/** Topic templates of each role, exceptions of single devices, and what the broker makes of them. Problems stand at the topic while it is typed. */
export function AccessEditor({ projectId, overview, target }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name: project, access, exceptions, roleCounts } = overview;
  const { deviceIs, identity } = overview.broker?.kit ?? standardKit;
  const shared = useCall('certificate.shared', { projectId });
  // with passwords besides, each of them is a user of its own
  const groups = identity === 'certificate' ? (shared.data ?? []) : [];
  const stored: AccessDraft = useMemo(() => ({ rules: everyRole(access), exceptions, deviceIs }), [access, exceptions, deviceIs]);
  const [edited, setEdited] = useState<AccessDraft | null>(null);
  const [saved, setSaved] = useState<readonly string[] | null>(null);
  const draft = edited ?? stored;
  const changed = plainText(draft) !== plainText(stored);
  const device = draft.rules.find(({ role }) => role === 'device');
  const mute = !device || device.write.length + device.read.length === 0;
  const wanted = rulesOf(draft.rules);
  const forTarget = [...checkAccessForTarget(wanted, target), ...checkTopicsForTarget(wanted, draft.exceptions, target)];
  const sound = !mute && forTarget.length === 0 && isSound(draft);
  const dangers = useMemo(() => dangersOf(project, draft, () => 'device'), [project, draft]);
  const gaps = useMemo(() => (isSound(draft) ? gapsOf(project, draft, target) : []), [project, draft, target]);
  const become = (next: Partial<AccessDraft>) => {
    setSaved(null);
    setEdited({ ...draft, ...next });
  };
  const set = (role: string, change: Partial<AccessRule>) =>
    become({ rules: draft.rules.map((rule) => (rule.role === role ? { ...rule, ...change } : rule)) });
  const save = useAction(async () => {
    const { filesToCopy } = await call('access.change', {
      projectId,
      access: rulesOf(draft.rules).map(plainRule),
      exceptions: plainExceptions(draft.exceptions),
      deviceIs: draft.deviceIs,
    });
    setSaved(filesToCopy);
    setEdited(null);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed && sound && !save.pending) void save.run();
  };
  return (
    <Panel title={t('access.title')} className={css.wide}>
      <p className={css.quiet}>{t('access.lead')}</p>
      <div className={css.columns}>
        <form className={css.form} onSubmit={submit} noValidate>
          {draft.rules.map((rule) => (
            <RoleRules
              key={rule.role}
              rule={rule}
              named={target === 'rabbitmq-3'}
              count={roleCounts[rule.role] ?? 0}
              onChange={(change) => set(rule.role, change)}
              onRemove={() => become({ rules: draft.rules.filter((each) => each !== rule) })}
              dangers={dangers}
              error={rule.role === 'device' && mute ? t('access.nothing') : undefined}
              below={
                rule.role === 'device' && (
                  <DeviceIs
                    value={draft.deviceIs}
                    onChange={(next) => become({ deviceIs: next })}
                    target={target}
                    identity={identity}
                    ownClientIds={groups.length > 0}
                  />
                )
              }
            />
          ))}
          <NewRole
            hint={t('access.role.hint')}
            taken={draft.rules.map(({ role }) => role)}
            onAdd={(role) => become({ rules: [...draft.rules, { role, write: [], read: [] }] })}
          />
          <Exceptions
            projectId={projectId}
            exceptions={draft.exceptions}
            onChange={(next) => become({ exceptions: next })}
            dangers={dangers}
          />
          {gaps.length > 0 && (
            <Note tone="due" icon={IconInfoCircle} title={t('access.gapsTitle')}>
              {gaps.map(({ member, topic, access: what }) => (
                <p key={`${member} ${topic}`}>
                  {t('access.gap', {
                    member: roleName(t, member),
                    topic,
                    what: format.list(
                      (['write', 'read'] as const)
                        .filter((verb) => what === verb || what === 'readwrite')
                        .map((verb) => t(`access.prove.report.${verb}`)),
                    ),
                  })}
                </p>
              ))}
            </Note>
          )}
          {changed && forTarget.length > 0 && (
            <ul className={css.problems} role="alert">
              {forTarget.map((found) => (
                <li key={`${found.path} ${found.rule}`}>{problemText(found, t, format)}</li>
              ))}
            </ul>
          )}
          <div className={css.actions}>
            <WriteButton type="submit" disabled={!changed || !sound}>
              {save.pending ? t('broker.settings.saving') : t('access.save')}
            </WriteButton>
            {changed && (
              <Button variant="default" onClick={() => setEdited(null)}>
                {t('broker.settings.undo')}
              </Button>
            )}
          </div>
          <div role="status">{saved && <FilesToCopy files={saved} />}</div>
          {save.error && <ErrorPanel error={save.error} />}
        </form>
        <Simulator projectId={projectId} project={project} draft={draft} target={target} groups={groups} />
      </div>
    </Panel>
  );
}

function plainText({ rules, exceptions, deviceIs }: AccessDraft): string {
  return JSON.stringify([deviceIs, rulesOf(rules).map(plainRule), plainExceptions(exceptions)]);
}
