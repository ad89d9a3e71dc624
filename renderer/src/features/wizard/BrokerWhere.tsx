import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/Field.tsx';
import { splitTags } from '../../ui/tags.ts';
import { hostsIn, suggestedNames } from './draft.ts';
import { ReservedNames } from './ReservedNames.tsx';
import { RunsHere } from './RunsHere.tsx';
import { useProblem } from './StepForm.tsx';
import type { StepProps } from './steps/ProjectStep.tsx';
import { changeDraft } from './store.ts';
import css from './Wizard.module.css';

/** The one thing that nobody else can know: where the broker is. Asked on the check page of whoever went straight there. */
export function BrokerWhere({ draft, check, onLater }: StepProps & { readonly onLater: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const change = (next: string) => {
    setText(next);
    changeDraft(hostsIn(next));
  };
  const unknown = useProblem(check, 'broker.host', false);
  const name = useProblem(check, 'broker.names', false);
  const address = useProblem(check, 'broker.addresses', false);
  const [example] = suggestedNames(draft.project);
  return (
    <section className={css.where} aria-label={t('wizard.broker.title')}>
      <TextField
        label={t('wizard.where.host')}
        hint={t('wizard.where.hostHint')}
        mono
        value={text}
        onChange={change}
        error={unknown ?? name ?? address}
      />
      <RunsHere taken={splitTags(text)} onPick={change} />
      {text !== '' && <ReservedNames draft={draft} />}
      {text === '' && example !== undefined && (
        <button
          type="button"
          className={css.link}
          onClick={() => {
            changeDraft({ names: [example], addresses: [] });
            onLater();
          }}
        >
          {t('wizard.where.later', { example })}
        </button>
      )}
    </section>
  );
}
