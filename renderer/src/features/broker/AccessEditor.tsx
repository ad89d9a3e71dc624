import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessRule } from '../../../../shared/model/access.ts';
import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import { checkAccessForTarget } from '../../../../shared/rules/access-target.ts';
import { checkTopicTemplate } from '../../../../shared/rules/topic.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { problemText } from '../../ui/error-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { roleName } from '../../ui/role-name.ts';
import { TagField } from '../../ui/TagField.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { everyRole, rulesOf } from './access-form.ts';
import css from './Broker.module.css';
import { FilesToCopy } from './FilesToCopy.tsx';

interface Props {
  readonly projectId: number;
  readonly access: readonly AccessRule[];
  readonly target: BrokerTarget;
}

/** Topic templates of each role. Problems stand at the topic while it is typed. */
export function AccessEditor({ projectId, access, target }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const stored = everyRole(access);
  const [edited, setEdited] = useState<readonly AccessRule[] | null>(null);
  const [saved, setSaved] = useState<readonly string[] | null>(null);
  const rules = edited ?? stored;
  const changed = JSON.stringify(rules) !== JSON.stringify(stored);
  const device = rules.find(({ role }) => role === 'device');
  const mute = !device || device.write.length + device.read.length === 0;
  const forTarget = checkAccessForTarget(rulesOf(rules), target);
  const sound =
    !mute &&
    forTarget.length === 0 &&
    rules.every(({ write, read }) => [...write, ...read].every((topic) => checkTopicTemplate(topic).length === 0));
  const set = (role: AccessRule['role'], change: Partial<AccessRule>) => {
    setSaved(null);
    setEdited(rules.map((rule) => (rule.role === role ? { ...rule, ...change } : rule)));
  };
  const save = useAction(async () => {
    const copies = rulesOf(rules).map(({ role, write, read }) => ({ role, write: [...write], read: [...read] }));
    const { filesToCopy } = await call('access.change', { projectId, access: copies });
    setSaved(filesToCopy);
    setEdited(null);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed && sound && !save.pending) void save.run();
  };
  return (
    <Panel title={t('broker.access.title')}>
      <p className={css.lead}>{t('broker.access.lead')}</p>
      <form className={css.form} onSubmit={submit} noValidate>
        {rules.map((rule) => {
          const role = roleName(t, rule.role);
          return (
            <fieldset key={rule.role} className={css.role}>
              <legend>{role}</legend>
              {rule.role === 'device' && <p>{t('broker.access.devicesNote')}</p>}
              <TagField
                label={t('broker.access.fieldWrite', { role })}
                values={rule.write}
                onChange={(write) => set(rule.role, { write })}
                check={checkTopicTemplate}
                placeholder={t('broker.access.add')}
              />
              <TagField
                label={t('broker.access.fieldRead', { role })}
                values={rule.read}
                onChange={(read) => set(rule.role, { read })}
                check={checkTopicTemplate}
                placeholder={t('broker.access.add')}
                error={rule.role === 'device' && mute && t('broker.access.nothing')}
              />
            </fieldset>
          );
        })}
        {changed && forTarget.length > 0 && (
          <ul className={css.problems} role="alert">
            {forTarget.map((found) => (
              <li key={`${found.path} ${found.rule}`}>{problemText(found, t, format)}</li>
            ))}
          </ul>
        )}
        <div className={css.actions}>
          <WriteButton type="submit" disabled={!changed || !sound}>
            {save.pending ? t('broker.settings.saving') : t('broker.access.save')}
          </WriteButton>
          {changed && (
            <Button variant="default" onClick={() => setEdited(null)}>
              {t('broker.settings.undo')}
            </Button>
          )}
        </div>
      </form>
      <div role="status">{saved && <FilesToCopy files={saved} />}</div>
      {save.error && <ErrorPanel error={save.error} />}
    </Panel>
  );
}
