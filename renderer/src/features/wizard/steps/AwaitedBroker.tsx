import { Button } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Code } from '../../../ui/Code.tsx';
import { Note } from '../../../ui/Note.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { hrefOf } from '../../../ui/route.ts';
import type { Draft } from '../draft.ts';
import { requestCommand } from '../request-command.ts';
import css from '../Wizard.module.css';

/** What comes next when somebody else makes the broker's key: what they have to send, where it is taken, and only then the kit. */
export function AwaitedBroker({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const source = draft.brokerCertificate === 'given' ? 'given' : 'request';
  const toBroker = (
    <div className={css.buttons}>
      <Button component="a" size="lg" href={hrefOf('broker')}>
        {t(`wizard.awaited.${source}.open`)}
      </Button>
    </div>
  );
  return (
    <div className={css.narrow}>
      <Note tone="wait" icon={IconHourglass} title={t('wizard.awaited.title')}>
        <p>{t(`wizard.awaited.${source}.text`)}</p>
      </Note>
      <Panel>
        <ol className={css.todo}>
          {source === 'request' && (
            <li>
              <h2>{t('wizard.awaited.ask')}</h2>
              <p>{t('wizard.awaited.askText')}</p>
              <Code text={requestCommand(draft)} what={t('wizard.awaited.askCommand')} block />
            </li>
          )}
          <li>
            <h2>{t(`wizard.awaited.${source}.take`)}</h2>
            <p>{t(`wizard.awaited.${source}.takeText`)}</p>
            {toBroker}
          </li>
          <li>
            <h2>{t(`wizard.awaited.${source}.export`)}</h2>
            <p>{t(`wizard.awaited.${source}.exportText`)}</p>
          </li>
          <li>
            <h2>{t('wizard.done.devices')}</h2>
            <p>{t('wizard.done.devicesText')}</p>
          </li>
          <li>
            <h2>{t('wizard.done.test')}</h2>
            <p>{t('wizard.awaited.testText')}</p>
            <div className={css.buttons}>
              <Button component="a" size="lg" variant="default" href={hrefOf('overview')}>
                {t('wizard.done.toOverview')}
              </Button>
            </div>
          </li>
        </ol>
      </Panel>
    </div>
  );
}
