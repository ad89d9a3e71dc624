import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { problemText } from '../../ui/error-text.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { type Decision, type Draft, decisions } from './draft.ts';
import { type DraftCheck, problemsAt, stepOf } from './plan.ts';
import { changeDraft, startAnew, useWizard } from './store.ts';
import { useFreshDraft } from './useFreshDraft.ts';
import css from './Wizard.module.css';

/** Whether somebody has tried to go on: only then empty fields are called wrong. */
const TriedContext = createContext(false);

/** The sentence about one field, or undefined. `at once`: also while nobody has tried to go on. */
export function useProblem(check: DraftCheck, path: string, touched: boolean): string | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  const tried = useContext(TriedContext);
  if (!tried && !touched) return undefined;
  const found = problemsAt(check.problems, path)[0];
  if (!found) return undefined;
  if (path === 'project' && found.rule === 'duplicate') return t('wizard.project.taken', { name: found.params.value });
  if (path === 'project' && found.rule === 'missing') return t('wizard.project.missing');
  if (path === 'broker.host') return t('wizard.where.missing');
  return problemText(found, t, format);
}

/** A check as a page gets it. */
export interface StepCheck extends DraftCheck {
  /** A long list of devices is still being read: the check is that of a moment ago. */
  readonly reading: boolean;
  readonly latest: () => DraftCheck;
}

interface Props {
  readonly draft: Draft;
  readonly check: StepCheck;
  readonly step: Decision;
  /** What the button says; otherwise where it leads. */
  readonly action?: string;
  readonly onNext?: () => void;
  readonly children: ReactNode;
}

/** The card of one decision with its way back and on. Enter goes on; what is wrong gets the focus instead. */
export function StepForm({ draft, check, step, action, onNext, children }: Props) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(0);
  const index = decisions.indexOf(step);
  const next = decisions[index + 1] ?? 'check';
  const previous = decisions[index - 1];
  const toCheck = draft.checked && step !== 'check';
  // answers are kept outside the vault; only what follows the check is written to it
  const Onward = step === 'check' ? WriteButton : Button;
  useEffect(() => {
    // after the render in which the fields say what is wrong
    if (tried > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tried]);
  const goOn = (to: Decision) => {
    const { problems } = check.reading ? check.latest() : check;
    if (problems.some((each) => step === 'check' || stepOf(each) === step)) return setTried(tried + 1);
    if (onNext) return onNext();
    changeDraft({ step: to, ...(to === 'check' ? { checked: true } : {}) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    goOn(toCheck ? 'check' : next);
  };
  return (
    <TriedContext value={tried > 0}>
      <form ref={form} className={css.card} onSubmit={submit} noValidate>
        <div className={css.fields}>{children}</div>
        <div className={css.actions}>
          {previous ? (
            <Button variant="default" size="lg" onClick={() => changeDraft({ step: previous })}>
              {t('wizard.back')}
            </Button>
          ) : toCheck ? (
            <span />
          ) : (
            // every other page has an answer that works: who knows them goes straight to the check
            <Button variant="default" size="lg" onClick={() => goOn('check')}>
              {t('wizard.straight')}
            </Button>
          )}
          <span className={css.onward}>
            <SaveState />
            <Onward type="submit" size="lg">
              {action ?? t(toCheck ? 'wizard.backToCheck' : `wizard.to.${next as Exclude<Decision, 'project'>}`)}
            </Onward>
          </span>
        </div>
      </form>
    </TriedContext>
  );
}

function SaveState() {
  const { t } = useTranslation();
  const { saved, restored } = useWizard();
  const fresh = useFreshDraft();
  if (saved === 'failed') {
    return (
      <span className={css.saved} role="status" data-failed>
        <IconAlertTriangle size={18} aria-hidden /> {t('wizard.notSaved')}
      </span>
    );
  }
  if (restored) {
    return (
      <span className={css.saved} role="status">
        {t('wizard.restored')}{' '}
        <button type="button" className={css.link} onClick={() => startAnew(fresh)}>
          {t('wizard.startAnew')}
        </button>
      </span>
    );
  }
  return (
    <span className={css.saved}>
      {saved === 'yes' && (
        <>
          <IconCheck size={18} aria-hidden /> {t('wizard.saved')}
        </>
      )}
    </span>
  );
}
