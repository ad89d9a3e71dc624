import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import css from './BrokerSteps.module.css';
import { crlCommands } from './broker-commands.ts';
import { Code } from './Code.tsx';
import { Note } from './Note.tsx';
import { hrefOf } from './route.ts';

/** How a list gets from the kit into service, and the one thing that must not happen on the way. */
export function BrokerSteps({ directory, untitled = false }: { readonly directory: string; readonly untitled?: boolean }) {
  const { t } = useTranslation();
  const commands = crlCommands(directory);
  const what = t('authority.steps.command');
  return (
    <div className={css.steps}>
      {!untitled && <h3>{t('authority.steps.title')}</h3>}
      <p>{t('authority.steps.export')}</p>
      <ol>
        <li>
          <p>{t('authority.steps.check')}</p>
          <Code text={commands.check} what={what} />
        </li>
        <li>
          <p>{t('authority.steps.replace')}</p>
          <p>{t('authority.steps.replaceHint')}</p>
          <Code text={commands.replace} what={what} />
        </li>
        <li>
          <p>{t('authority.steps.restart')}</p>
          <p>{t('authority.steps.restartHint')}</p>
          <Code text={commands.restart} what={what} />
        </li>
      </ol>
      <Note tone="due" icon={IconAlertTriangle} title={t('authority.steps.warning')}>
        {t('authority.steps.warningText')}
      </Note>
      <div>
        <Button component="a" variant="default" href={hrefOf('export')}>
          {t('authority.steps.folder')}
        </Button>
      </div>
    </div>
  );
}
