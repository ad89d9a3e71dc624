import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { timedCount, timedInterval } from '../../../../../shared/model/timed.ts';
import { TextField } from '../../../ui/Field.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import css from './Composer.module.css';

interface Props {
  readonly ready: boolean;
  readonly pending: boolean;
  /** ms, and how many; null = until stopped. */
  readonly onStart: (interval: number, count: number | null) => void;
}

/** Sending the same message again and again. */
export function TimedInput({ ready, pending, onStart }: Props) {
  const { t } = useTranslation();
  const [seconds, setSeconds] = useState('1');
  const [count, setCount] = useState('');
  const interval = Math.round(Number(seconds.replace(',', '.')) * 1_000);
  const wrongInterval = !(interval >= timedInterval.minimum && interval <= timedInterval.maximum);
  const number = count.trim() === '' ? null : Number(count);
  const wrongCount = number !== null && !(Number.isInteger(number) && number >= 1 && number <= timedCount.maximum);
  return (
    <Fold summary={t('publishing.timed.title')}>
      <div className={css.part}>
        <div className={css.two}>
          <TextField
            label={t('publishing.timed.interval')}
            note={t('publishing.seconds')}
            value={seconds}
            onChange={setSeconds}
            error={wrongInterval && t('publishing.timed.intervalWrong')}
            maxLength={10}
          />
          <TextField
            label={t('publishing.timed.count')}
            value={count}
            onChange={setCount}
            placeholder={t('publishing.timed.untilStopped')}
            error={wrongCount && t('publishing.timed.countWrong')}
            maxLength={8}
            numeric
          />
        </div>
        <p className={css.quiet}>{t('publishing.timed.hint')}</p>
        <div>
          <Button
            variant="default"
            disabled={!ready || wrongInterval || wrongCount}
            loading={pending}
            leftSection={<IconRepeat size={18} stroke={1.8} aria-hidden />}
            onClick={() => onStart(interval, number)}
          >
            {t('publishing.timed.start')}
          </Button>
        </div>
      </div>
    </Fold>
  );
}
