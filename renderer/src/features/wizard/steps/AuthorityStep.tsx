import { useTranslation } from 'react-i18next';
import { keyAlgorithms } from '../../../../../shared/model/key.ts';
import { Options } from '../../../ui/Options.tsx';
import { lifeKey } from '../SoFar.tsx';
import { StepForm } from '../StepForm.tsx';
import { changeDraft } from '../store.ts';
import type { StepProps } from './ProjectStep.tsx';

/** Days; the schema allows 90 to 3650. */
const deviceLives = [90, 365, 730, 1825] as const;
const authorityYears = [5, 10, 20] as const;

/** The presets, and the present answer where it is none of them: it came from the settings. */
function withOwn(presets: readonly number[], value: number): readonly number[] {
  return presets.includes(value) ? presets : [...presets, value].toSorted((a, b) => a - b);
}

export function AuthorityStep({ draft, check }: StepProps) {
  const { t } = useTranslation();
  return (
    <StepForm draft={draft} check={check} step="authority">
      <Options
        legend={t('wizard.authority.key')}
        value={draft.key}
        onChange={(key) => changeDraft({ key })}
        options={keyAlgorithms.map((key) => ({
          value: key,
          label: t(`common.keyAlgorithm.${key}`),
          text: t(`wizard.authority.keyText.${key}`),
          ...(key === 'p256' ? { note: t('wizard.recommended') } : {}),
        }))}
      />
      <Options
        legend={t('wizard.authority.deviceDays')}
        hint={t('wizard.authority.deviceDaysHint')}
        layout="row"
        value={draft.deviceDays}
        onChange={(deviceDays) => changeDraft({ deviceDays })}
        options={withOwn(deviceLives, draft.deviceDays).map((days) => ({
          value: days,
          label: t(`wizard.authority.life.${lifeKey(days)}`, { count: days }),
        }))}
      />
      <Options
        legend={t('wizard.authority.years')}
        hint={t('wizard.authority.yearsHint')}
        layout="row"
        value={draft.years}
        onChange={(years) => changeDraft({ years })}
        options={withOwn(authorityYears, draft.years).map((years) => ({
          value: years,
          label: t('wizard.years', { count: years }),
        }))}
      />
    </StepForm>
  );
}
