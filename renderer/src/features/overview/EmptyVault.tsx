import { Button } from '@mantine/core';
import { IconFlask, IconPlant2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { beginPractice } from '../../bridge/practice.ts';
import { Code } from '../../ui/Code.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { provisionCommand, samplePlan } from './command.ts';
import css from './EmptyVault.module.css';

/** The first page of a new vault teaches how it is filled. */
export function EmptyVault({ vaultFile }: { readonly vaultFile: string }) {
  const { t } = useTranslation();
  const practise = useAction(beginPractice);
  return (
    <div className={css.empty}>
      <span className={css.picture}>
        <IconPlant2 size={36} stroke={1.4} aria-hidden />
      </span>
      <PageHeader page={t('overview.page')} title={t('overview.empty.title')} lead={t('overview.empty.lead')} />
      <div className={css.ways}>
        <Button component="a" size="lg" href={hrefOf('new-project')}>
          {t('overview.empty.setUp')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFlask size={20} stroke={1.7} aria-hidden />}
          onClick={() => !practise.pending && void practise.run()}
        >
          {t('practice.begin.palette')}
        </Button>
        <Button component="a" variant="subtle" href={hrefOf('import')}>
          {t('overview.empty.bring')}
        </Button>
      </div>
      {practise.error && <ErrorPanel error={practise.error} />}
      <Fold summary={t('overview.empty.commandLine')}>
        <ol className={css.steps}>
          <li>
            <h3>{t('overview.empty.plan')}</h3>
            <p>{t('overview.empty.planHint')}</p>
            <Code text={samplePlan} what={t('overview.empty.planName')} block />
          </li>
          <li>
            <h3>{t('overview.empty.close')}</h3>
            <p>{t('overview.empty.closeHint')}</p>
          </li>
          <li>
            <h3>{t('overview.empty.run')}</h3>
            <p>{t('overview.empty.runHint')}</p>
            <Code text={provisionCommand(vaultFile)} what={t('overview.empty.commandName')} />
          </li>
          <li>
            <h3>{t('overview.empty.back')}</h3>
            <p>{t('overview.empty.backHint')}</p>
          </li>
        </ol>
      </Fold>
    </div>
  );
}
