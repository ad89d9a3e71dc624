import { useTranslation } from 'react-i18next';
import { type AccessRule, type Role, roles } from '../../../../../shared/model/access.ts';
import { accessDangers } from '../../../../../shared/rules/access-dangers.ts';
import { checkTopicTemplate, fillTopic } from '../../../../../shared/rules/topic.ts';
import { Dangers } from '../../../ui/Dangers.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { Options } from '../../../ui/Options.tsx';
import { roleName } from '../../../ui/role-name.ts';
import { TagField } from '../../../ui/TagField.tsx';
import { templateNames, templateOf, templates } from '../access-templates.ts';
import type { Draft } from '../draft.ts';
import { StepForm } from '../StepForm.tsx';
import { changeDraft } from '../store.ts';
import css from '../Wizard.module.css';
import type { StepProps } from './ProjectStep.tsx';

export function AccessStep({ draft, check }: StepProps) {
  const { t } = useTranslation();
  const template = templateOf(draft.access);
  const used: readonly Role[] = check.lines.rolesUsed.length > 0 ? check.lines.rolesUsed : ['device'];
  const others = roles.filter((role) => !used.includes(role));
  const without = (role: Role) =>
    check.problems.some((each) => each.rule === 'access-none' && each.params.role === role)
      ? t('wizard.access.nothing')
      : undefined;
  const first = check.lines.entries.find((entry) => entry.role === 'device');
  const device = first === undefined ? 'meter-001' : 'id' in first ? first.id : first.pattern.replace(/\{(\d+)\.\..*\}/, '$1');
  const project = draft.project.trim();
  return (
    <StepForm draft={draft} check={check} step="access">
      <Options
        legend={t('wizard.access.template')}
        value={template}
        onChange={(name) => changeDraft({ access: templates[name] })}
        options={templateNames.map((name) => {
          const rule = templates[name].find((each) => each.role === 'device');
          return {
            value: name,
            label: t(`wizard.access.templates.${name}`),
            text: t('wizard.access.example', {
              device,
              write: fillTopic(rule?.write[0] ?? '', { project, device }),
              read: fillTopic(rule?.read[0] ?? '', { project, device }),
            }),
            ...(name === 'standard' ? { note: t('wizard.recommended') } : {}),
          };
        })}
        hint={template === null ? t('wizard.access.own') : ''}
      />
      {used.map((role) => (
        <RoleRules key={role} draft={draft} role={role} error={without(role)} />
      ))}
      {others.length > 0 && (
        <Fold summary={t('wizard.access.others')}>
          <div className={css.stack}>
            {others.map((role) => (
              <RoleRules key={role} draft={draft} role={role} />
            ))}
          </div>
        </Fold>
      )}
    </StepForm>
  );
}

interface RoleProps {
  readonly draft: Draft;
  readonly role: Role;
  readonly error?: string | undefined;
}

function RoleRules({ draft, role, error }: RoleProps) {
  const { t } = useTranslation();
  const rule: AccessRule = draft.access.find((each) => each.role === role) ?? { role, write: [], read: [] };
  // what is written wrongly is told at its field
  const sound = (topics: readonly string[]) => topics.filter((topic) => checkTopicTemplate(topic).length === 0);
  const dangers = accessDangers(draft.project.trim(), [{ role, write: sound(rule.write), read: sound(rule.read) }]);
  const change = (next: Partial<AccessRule>) =>
    changeDraft({
      access: roles.map((each) =>
        each === role ? { ...rule, ...next } : (draft.access.find((r) => r.role === each) ?? { role: each, write: [], read: [] }),
      ),
    });
  return (
    <fieldset className={css.role}>
      <legend>{roleName(t, role)}</legend>
      <TagField
        label={t('wizard.access.write', { role: roleName(t, role) })}
        values={rule.write}
        onChange={(write) => change({ write })}
        check={checkTopicTemplate}
        placeholder={t('wizard.access.addTopic')}
        error={error}
      />
      <TagField
        label={t('wizard.access.read', { role: roleName(t, role) })}
        values={rule.read}
        onChange={(read) => change({ read })}
        check={checkTopicTemplate}
        placeholder={t('wizard.access.addTopic')}
      />
      <Dangers dangers={dangers} />
    </fieldset>
  );
}
