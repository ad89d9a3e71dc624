import { Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { type BrokerSettings, brokerTargets, withForm, withTarget } from '../../../../shared/model/broker.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { checkHostName, checkIpAddress } from '../../../../shared/rules/host.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { problemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TagField } from '../../ui/TagField.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Broker.module.css';
import { type BrokerDraft, draftOf, needsNewCertificate, problemsOf, sameDraft, settingsOf } from './broker-form.ts';
import { FilesToCopy } from './FilesToCopy.tsx';
import { KitFields } from './KitFields.tsx';
import { Question } from './Question.tsx';

interface Props {
  readonly projectId: number;
  readonly broker: BrokerSettings;
  /** What was typed and is not saved; the page keeps it, for its files show what would come of it. */
  readonly edited: BrokerDraft | null;
  readonly onEdit: (draft: BrokerDraft | null) => void;
}

export function BrokerForm({ projectId, broker, edited, onEdit }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const stored = draftOf(broker);
  const [saved, setSaved] = useState<CallOutput<'broker.change'> | null>(null);
  // it is chosen with the access rules, perhaps since this was begun
  const draft = edited ? { ...edited, kit: { ...edited.kit, deviceIs: stored.kit.deviceIs } } : stored;
  const changed = !sameDraft(draft, stored);
  const settings = settingsOf(draft);
  const found = problemsOf(draft);
  const set = (change: Partial<BrokerDraft>) => {
    setSaved(null);
    onEdit({ ...draft, ...change });
  };
  const first = (problems: readonly Problem[]) => problems[0] && problemText(problems[0], t, format);
  const key = useIssuerKey(projectId, 'broker');
  const save = useAction(async () => {
    if (!settings) return;
    setSaved(
      await call('broker.change', {
        projectId,
        settings: { ...settings, names: [...settings.names], addresses: [...settings.addresses] },
        ...(reissues ? key.given : {}),
      }),
    );
    key.forget();
    onEdit(null);
  });
  // a certificate that is due is issued anew whatever changes; that is known when it was tried
  const reissues = changed && (needsNewCertificate(draft, stored) || save.error?.code === 'AUTHORITY_OFFLINE');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (settings && changed && !(reissues && key.lacking) && !save.pending) void save.run();
  };
  return (
    <Panel title={t('broker.settings.title')} className={css.settings}>
      <form className={css.form} onSubmit={submit} noValidate>
        <TagField
          label={t('broker.settings.names')}
          values={draft.names}
          onChange={(names) => set({ names })}
          check={checkHostName}
          placeholder={t('broker.settings.addName')}
          hint={t('broker.settings.namesHint')}
          error={first(found.names)}
        />
        <TagField
          label={t('broker.settings.addresses')}
          values={draft.addresses}
          onChange={(addresses) => set({ addresses })}
          check={checkIpAddress}
          placeholder={t('broker.settings.addAddress')}
          hint={t('broker.settings.addressesHint')}
        />
        <div className={css.pair}>
          <TextField
            label={t('broker.settings.port')}
            value={draft.port}
            onChange={(port) => set({ port })}
            error={found.port && t('broker.settings.portWrong')}
            maxLength={5}
            numeric
            mono
          />
          <SelectField
            label={t('broker.settings.target')}
            value={draft.target}
            options={brokerTargets.map((value) => ({ value, label: t(`common.target.${value}`) }))}
            onChange={(target) => set(withTarget(draft, target))}
          />
        </div>
        {draft.target === 'emqx-5' && (
          <Note tone="due" icon={IconInfoCircle}>
            {t('broker.settings.emqxUntried')}
          </Note>
        )}
        <div className={css.folds}>
          <Question
            title={t('broker.settings.paths')}
            answer={draft.directory}
            wrong={found.directory.length + found.data.length + found.log.length > 0 || found.days}
          >
            {(['directory', 'data', 'log'] as const).map((name) => (
              <TextField
                key={name}
                label={t(`broker.settings.${name}`)}
                value={draft[name]}
                onChange={(path) => set({ [name]: path })}
                error={first(found[name])}
                mono
              />
            ))}
            <TextField
              label={t('broker.settings.days')}
              value={draft.days}
              onChange={(days) => set({ days })}
              error={found.days && t('broker.settings.daysWrong')}
              maxLength={5}
              numeric
              mono
            />
          </Question>
          <KitFields
            kit={draft.kit}
            target={draft.target}
            onForm={(form) => set(withForm(draft, form))}
            onChange={(change) => set({ kit: { ...draft.kit, ...change } })}
          />
        </div>
        {changed && needsNewCertificate(draft, stored) && (
          <Note tone="wait" icon={IconInfoCircle}>
            {t('broker.settings.reissues')}
          </Note>
        )}
        {reissues && key.field}
        <div className={css.actions}>
          <WriteButton type="submit" disabled={!changed || !settings || (reissues && key.lacking)}>
            {save.pending ? t('broker.settings.saving') : t('broker.settings.save')}
          </WriteButton>
          {changed && (
            <Button variant="default" onClick={() => onEdit(null)}>
              {t('broker.settings.undo')}
            </Button>
          )}
        </div>
      </form>
      <div role="status">{saved && <FilesToCopy files={saved.filesToCopy} reissued={saved.reissued} />}</div>
      {save.error && <ErrorPanel error={save.error} />}
    </Panel>
  );
}
