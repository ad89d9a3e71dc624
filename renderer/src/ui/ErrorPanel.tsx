import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorReport } from '../../../shared/errors.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import { Code } from './Code.tsx';
import css from './ErrorPanel.module.css';
import { errorText } from './error-text.ts';
import { Fold } from './Fold.tsx';

/** Where trying again is possible but not the advice. */
const hopeless: ReadonlySet<ErrorReport['code']> = new Set(['VAULT_TAMPERED', 'VAULT_DAMAGED', 'VAULT_FROM_FUTURE']);

interface Props {
  readonly error: ErrorReport;
  readonly onRetry?: (() => void) | undefined;
  /** Another way out than trying again, as a button. */
  readonly action?: ReactNode;
}

/** What happened, why, what to do, and a button where the app can do it. */
export function ErrorPanel({ error, onRetry, action }: Props) {
  const { t } = useTranslation();
  const text = errorText(error, t, useFormat());
  return (
    <div className={css.error} role="alert" data-code={error.code}>
      <IconAlertTriangle className={css.sign} size={24} aria-hidden />
      <div className={css.words}>
        <p className={css.title}>{text.title}</p>
        <p>{text.explanation}</p>
        {text.points.length > 0 && (
          <ul>
            {text.points.map(({ path, sentence }) => (
              <li key={`${path} ${sentence}`}>
                {path !== '' && <code>{path}</code>} {sentence}
              </li>
            ))}
          </ul>
        )}
        <p className={css.todo}>{text.todo}</p>
        {(onRetry || action) && (
          <div className={css.actions}>
            {onRetry && (
              <Button variant={hopeless.has(error.code) ? 'default' : 'filled'} onClick={onRetry}>
                {t('common.retry')}
              </Button>
            )}
            {action}
          </div>
        )}
        <Fold summary={t('common.details')}>
          <Code text={text.details} what={t('common.details')} block />
        </Fold>
      </div>
    </div>
  );
}
