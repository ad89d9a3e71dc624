import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import { aboutOf } from './about.ts';
import { Capabilities } from './Capabilities.tsx';
import { Clocks } from './Clocks.tsx';
import type { Choice } from './choice.ts';
import css from './Doctor.module.css';
import { Refusals } from './Refusals.tsx';
import type { Run } from './run-store.ts';
import { Sides } from './Sides.tsx';
import steps from './Steps.module.css';
import { Steps } from './Steps.tsx';

interface Props {
  readonly run: Run;
  readonly overview: CallOutput<'project.overview'>;
  /** As typed, with what is not kept. */
  readonly choice: Choice;
  readonly onRun: (choice: Choice) => void;
  /** Back to who and where, with something changed already. */
  readonly onChoose: (change?: Partial<Choice>) => void;
}

/** The steps on the left; on the right what they saw that is better looked at as a whole. */
export function Result({ run, overview, choice, onRun, onChoose }: Props) {
  const { t } = useTranslation();
  if (run.error) {
    const { device } = run.choice;
    if (run.error.code === 'KEY_UNAVAILABLE' && device) {
      return (
        <Note tone="due" icon={IconKey} title={t('doctor.keyElsewhere.title', { device: device.id })}>
          <p>{t('doctor.keyElsewhere.text')}</p>
          <div className={steps.fixes}>
            <Button onClick={() => onChoose({ kind: 'files' })}>{t('doctor.keyElsewhere.files')}</Button>
            <Button component="a" variant="default" href={hrefOf('test')}>
              {t('doctor.keyElsewhere.live')}
            </Button>
          </div>
        </Note>
      );
    }
    return <ErrorPanel error={run.error} onRetry={() => onRun(choice)} />;
  }
  const about = aboutOf(run);
  return (
    <div className={css.result}>
      <Steps run={run} about={about} overview={overview} choice={choice} onRun={onRun} onChoose={onChoose} />
      <div className={css.beside}>
        <Sides run={run} about={about} />
        <Clocks run={run} />
        <Refusals run={run} onAll={() => onRun({ ...choice, quick: false })} />
        <Capabilities run={run} />
      </div>
    </div>
  );
}
