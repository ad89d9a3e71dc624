import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { brokerTargets, withTarget } from '../../../../shared/model/broker.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { problemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { type Decisions, folders, problemsOf } from './decisions.ts';
import css from './Import.module.css';

interface Props {
  readonly decisions: Decisions;
  readonly onDecide: (decisions: Decisions) => void;
  readonly onTake: () => void;
}

/** The project that comes of it: its name, and the broker that devices will find. */
export function Becomes({ decisions, onDecide, onTake }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = problemsOf(decisions);
  const wrong = Object.values(found).some((problems) => problems.length > 0);
  const first = (problems: readonly Problem[]) => problems[0] && problemText(problems[0], t, format);
  const set = (change: Partial<Decisions>) => onDecide({ ...decisions, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onTake();
  };
  return (
    <Panel title={t('importing.becomes')}>
      <form className={css.form} onSubmit={submit} noValidate>
        <TextField
          label={t('importing.project')}
          value={decisions.project}
          onChange={(project) => set({ project })}
          error={first(found.project)}
          maxLength={63}
          mono
        />
        <TextField
          label={t('importing.hosts')}
          hint={t('importing.hostsHint')}
          value={decisions.hosts}
          onChange={(hosts) => set({ hosts })}
          error={first(found.hosts)}
          maxLength={4_000}
          mono
        />
        <div className={css.pair}>
          <TextField
            label={t('importing.port')}
            value={decisions.port}
            onChange={(port) => set({ port })}
            error={first(found.port)}
            maxLength={5}
            numeric
            mono
          />
          <SelectField
            label={t('importing.target')}
            value={decisions.target}
            options={brokerTargets.map((value) => ({ value, label: t(`common.target.${value}`) }))}
            onChange={(target) => set(withTarget(decisions, target))}
          />
        </div>
        <Fold summary={t('importing.folders')}>
          <div className={css.form}>
            <p className={css.quiet}>{t('importing.foldersText')}</p>
            {folders.map((name) => (
              <TextField
                key={name}
                label={t(`importing.${name}`)}
                value={decisions[name]}
                onChange={(path) => set({ [name]: path })}
                error={first(found[name])}
                mono
              />
            ))}
          </div>
        </Fold>
        <div className={css.buttons}>
          <WriteButton type="submit" size="lg" disabled={wrong}>
            {t('importing.take')}
          </WriteButton>
        </div>
      </form>
    </Panel>
  );
}
