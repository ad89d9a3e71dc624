import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { brokerTargets } from '../../../../shared/model/broker.ts';
import type { Defaults } from '../../../../shared/model/defaults.ts';
import { keyAlgorithms } from '../../../../shared/model/key.ts';
import { useAction } from '../../bridge/action.ts';
import { changeSettings, useLoadedSession } from '../../bridge/session.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField, TextField, Tick } from '../../ui/Field.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { type DefaultsDraft, draftOf, readField, type TypedField } from './defaults-form.ts';
import css from './Settings.module.css';

/** What new projects, exports and vaults start with. Each answer is kept as soon as it is a possible one. */
export function DefaultsPanel() {
  const { t } = useTranslation();
  const { settings, systemUser } = useLoadedSession();
  const { defaults } = settings;
  const [draft, setDraft] = useState(() => draftOf(defaults));
  const change = useAction((part: { -readonly [K in keyof Defaults]?: Defaults[K] }) => changeSettings({ defaults: part }));
  const type = (field: TypedField, text: string) => {
    setDraft((old): DefaultsDraft => ({ ...old, [field]: text }));
    const value = readField(field, text);
    if (value !== null) void change.run({ [field]: value });
  };
  const typed = (field: TypedField) => ({
    value: draft[field],
    onChange: (text: string) => type(field, field === 'country' ? text.toUpperCase().slice(0, 2) : text),
    error: readField(field, draft[field]) === null && t(`settings.defaults.wrong.${field}`),
  });
  return (
    <Panel title={t('settings.defaults.title')} className={css.panel}>
      <p className={css.lead}>{t('settings.defaults.lead')}</p>
      <form className={css.defaults} onSubmit={(event: FormEvent) => event.preventDefault()} noValidate>
        <TextField
          label={t('settings.defaults.organisation')}
          hint={t('settings.defaults.organisationHint')}
          {...typed('organisation')}
        />
        <TextField label={t('settings.defaults.country')} hint={t('settings.defaults.countryHint')} {...typed('country')} />
        <SelectField
          label={t('settings.defaults.key')}
          value={defaults.key}
          options={keyAlgorithms.map((key) => ({ value: key, label: t(`common.keyAlgorithm.${key}`) }))}
          onChange={(key) => void change.run({ key })}
        />
        <TextField
          label={t('settings.defaults.deviceDays')}
          hint={t('settings.defaults.deviceDaysHint')}
          maxLength={4}
          numeric
          {...typed('deviceDays')}
        />
        <SelectField
          label={t('settings.defaults.target')}
          value={defaults.target}
          options={brokerTargets.map((target) => ({ value: target, label: t(`common.target.${target}`) }))}
          onChange={(target) => void change.run({ target })}
        />
        <TextField
          label={t('settings.defaults.brokerDays')}
          hint={t('settings.defaults.brokerDaysHint')}
          maxLength={3}
          numeric
          {...typed('brokerDays')}
        />
        <TextField label={t('settings.defaults.port')} maxLength={5} numeric mono {...typed('port')} />
        <TextField
          label={t('settings.defaults.operator')}
          hint={t('settings.defaults.operatorHint')}
          placeholder={systemUser}
          maxLength={64}
          {...typed('operator')}
        />
        <div className={css.whole}>
          <Tick
            label={t('settings.defaults.encryptKeys')}
            hint={t('settings.defaults.encryptKeysHint')}
            checked={defaults.encryptKeys}
            onChange={(encryptKeys) => void change.run({ encryptKeys })}
          />
        </div>
      </form>
      {change.error && <ErrorPanel error={change.error} />}
    </Panel>
  );
}
