import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { brokerCertificateSources, brokerTargets, withTarget } from '../../../../../shared/model/broker.ts';
import { checkHostName, checkIpAddress } from '../../../../../shared/rules/host.ts';
import { SelectField, TextField } from '../../../ui/Field.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { Note } from '../../../ui/Note.tsx';
import { Options } from '../../../ui/Options.tsx';
import { TagField } from '../../../ui/TagField.tsx';
import { changedAddresses, changedNames, namesOf, withHost } from '../draft.ts';
import { ReservedNames } from '../ReservedNames.tsx';
import { RunsHere } from '../RunsHere.tsx';
import { StepForm, useProblem } from '../StepForm.tsx';
import { changeDraft } from '../store.ts';
import css from '../Wizard.module.css';
import type { StepProps } from './ProjectStep.tsx';

export function BrokerStep({ draft, check }: StepProps) {
  return (
    <StepForm draft={draft} check={check} step="broker">
      <Fields draft={draft} check={check} />
    </StepForm>
  );
}

function Fields({ draft, check }: StepProps) {
  const { t } = useTranslation();
  const unreachable = check.problems.some((each) => each.rule === 'broker-unreachable');
  return (
    <>
      <TagField
        label={t('wizard.broker.names')}
        hint={t('wizard.broker.namesHint')}
        values={namesOf(draft)}
        onChange={(names) => changeDraft(changedNames(draft, names))}
        check={checkHostName}
        placeholder={t('wizard.broker.addName')}
        error={unreachable ? t('rules.broker-unreachable') : undefined}
      />
      <ReservedNames draft={draft} />
      <TagField
        label={t('wizard.broker.addresses')}
        hint={t('wizard.broker.addressesHint')}
        values={draft.addresses}
        onChange={(addresses) => changeDraft(changedAddresses(draft, addresses))}
        check={checkIpAddress}
        placeholder={t('wizard.broker.addAddress')}
      />
      <RunsHere taken={[...namesOf(draft), ...draft.addresses]} onPick={(host) => changeDraft(withHost(draft, host))} />
      <div className={css.pair}>
        <TextField
          label={t('wizard.broker.port')}
          numeric
          mono
          maxLength={6}
          value={draft.port}
          onChange={(port) => changeDraft({ port })}
          error={useProblem(check, 'broker.port', true)}
        />
        <SelectField
          label={t('wizard.broker.target')}
          value={draft.target}
          onChange={(target) => changeDraft(withTarget(draft, target))}
          options={brokerTargets.map((target) => ({ value: target, label: t(`wizard.broker.targets.${target}`) }))}
        />
      </div>
      {draft.target === 'emqx-5' && (
        <Note tone="due" icon={IconInfoCircle}>
          {t('broker.settings.emqxUntried')}
        </Note>
      )}
      <Options
        legend={t('wizard.runs.title')}
        value={draft.brokerCertificate}
        onChange={(brokerCertificate) => changeDraft({ brokerCertificate })}
        options={brokerCertificateSources.map((source) => ({
          value: source,
          label: t(`wizard.runs.${source}.label`),
          text: t(`wizard.runs.${source}.text`),
        }))}
      />
      <More draft={draft} check={check} />
    </>
  );
}

function More({ draft, check }: StepProps) {
  const { t } = useTranslation();
  const days = useProblem(check, 'broker.days', true);
  return (
    <Fold summary={t('wizard.broker.more')}>
      <div className={css.stack}>
        {/* somebody else decides how long theirs is valid */}
        {draft.brokerCertificate !== 'given' && (
          <TextField
            label={t('wizard.broker.days')}
            hint={t('wizard.broker.daysHint')}
            numeric
            maxLength={4}
            value={draft.brokerDays}
            onChange={(brokerDays) => changeDraft({ brokerDays })}
            error={days}
          />
        )}
        <Path draft={draft} check={check} field="directory" />
        <Path draft={draft} check={check} field="data" />
        <Path draft={draft} check={check} field="log" />
      </div>
    </Fold>
  );
}

function Path({ draft, check, field }: StepProps & { readonly field: 'directory' | 'data' | 'log' }) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t(`wizard.broker.${field}`)}
      mono
      value={draft[field]}
      onChange={(value) => changeDraft({ [field]: value })}
      error={useProblem(check, `broker.${field}`, true)}
    />
  );
}
