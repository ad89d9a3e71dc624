import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../../ui/Field.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import type { Draft, DraftSubject } from '../draft.ts';
import { type StepCheck, StepForm, useProblem } from '../StepForm.tsx';
import { changeDraft } from '../store.ts';
import css from '../Wizard.module.css';

export interface StepProps {
  readonly draft: Draft;
  readonly check: StepCheck;
}

export function ProjectStep({ draft, check }: StepProps) {
  return (
    <StepForm draft={draft} check={check} step="project">
      <Fields draft={draft} check={check} />
    </StepForm>
  );
}

function Fields({ draft, check }: StepProps) {
  const { t } = useTranslation();
  const [touched, setTouched] = useState(draft.project !== '');
  const folded = draft.subject.state + draft.subject.city + draft.subject.organisationalUnit !== '';
  return (
    <>
      <TextField
        label={t('wizard.project.name')}
        hint={t('wizard.project.nameHint')}
        value={draft.project}
        onChange={(project) => {
          setTouched(project !== '');
          changeDraft({ project });
        }}
        maxLength={80}
        error={useProblem(check, 'project', touched)}
      />
      <div className={css.pair} data-even>
        <Subject draft={draft} check={check} field="organisation" />
        <Subject draft={draft} check={check} field="country" />
      </div>
      <Fold summary={folded ? t('wizard.project.moreFilled') : t('wizard.project.more')}>
        <div className={css.stack}>
          <Subject draft={draft} check={check} field="state" />
          <Subject draft={draft} check={check} field="city" />
          <Subject draft={draft} check={check} field="organisationalUnit" />
        </div>
      </Fold>
    </>
  );
}

function Subject({ draft, check, field }: StepProps & { readonly field: keyof DraftSubject }) {
  const { t } = useTranslation();
  const value = draft.subject[field];
  const hint =
    field === 'country' ? t('wizard.project.countryHint') : field === 'organisation' ? t('wizard.project.subjectHint') : null;
  return (
    <TextField
      label={t(`wizard.project.${field}`)}
      note={t('fields.optional')}
      hint={hint}
      value={value}
      onChange={(next) =>
        changeDraft({ subject: { ...draft.subject, [field]: field === 'country' ? next.toUpperCase().slice(0, 2) : next } })
      }
      maxLength={140}
      error={useProblem(check, `subject.${field}`, value !== '')}
    />
  );
}
