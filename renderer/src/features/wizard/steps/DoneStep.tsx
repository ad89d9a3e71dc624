import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/queries.ts';
import { Code } from '../../../ui/Code.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { hrefOf } from '../../../ui/route.ts';
import type { Draft } from '../draft.ts';
import { readmeCommands } from '../readme.ts';
import css from '../Wizard.module.css';
import { AwaitedBroker } from './AwaitedBroker.tsx';

/** What comes next, with the very lines of the README that lies in the kit. */
export function DoneStep({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const projectId = draft.projectId ?? 0;
  const own = draft.brokerCertificate === 'own';
  const preview = useCall('preview.broker', { projectId }, { enabled: draft.projectId !== null && own });
  useEffect(() => {
    // the work is done: the next visit begins with empty fields. If it fails, the old answers are offered and can be left
    void call('draft.save', { draft: null }).catch(() => {});
  }, []);
  if (!own) return <AwaitedBroker draft={draft} />;
  const readme = preview.data?.find((file) => file.path.endsWith('README.txt'))?.content ?? '';
  const install = readmeCommands(readme, 'Step 1');
  const start = readmeCommands(readme, 'Step 2');
  return (
    <div className={css.narrow}>
      <Panel>
        <ol className={css.todo}>
          <li>
            <h2>{t('wizard.done.install')}</h2>
            <p>{t('wizard.done.installText')}</p>
            {install.length > 0 && <Code text={install.join('\n')} what={t('wizard.done.installCommands')} block />}
          </li>
          <li>
            <h2>{t('wizard.done.start')}</h2>
            <p>{t('wizard.done.startText')}</p>
            {start.length > 0 && <Code text={start.join('\n')} what={t('wizard.done.startCommands')} block />}
          </li>
          <li>
            <h2>{t('wizard.done.devices')}</h2>
            <p>{t('wizard.done.devicesText')}</p>
          </li>
          <li>
            <h2>{t('wizard.done.test')}</h2>
            <p>{t('wizard.done.testText')}</p>
            <div className={css.buttons}>
              <Button component="a" size="lg" href={hrefOf('test')}>
                {t('wizard.done.toTest')}
              </Button>
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
