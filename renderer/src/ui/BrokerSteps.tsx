import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type BrokerTarget, softwareOf } from '../../../shared/model/broker.ts';
import css from './BrokerSteps.module.css';
import { crlCommands, installCommand } from './broker-commands.ts';
import { Code } from './Code.tsx';
import { Note } from './Note.tsx';
import { hrefOf } from './route.ts';

interface Props {
  readonly broker: { readonly target: BrokerTarget; readonly directory: string };
  readonly untitled?: boolean;
}

/** How a list gets from the kit into service, and what to know about this broker on the way. */
export function BrokerSteps({ broker, untitled = false }: Props) {
  const { t } = useTranslation();
  const software = softwareOf(broker.target);
  return (
    <div className={css.steps}>
      {!untitled && <h3>{t('authority.steps.title')}</h3>}
      <p>{t('authority.steps.export')}</p>
      {software === 'mosquitto' ? <ByHand directory={broker.directory} /> : <ByInstaller software={software} />}
      <div>
        <Button component="a" variant="default" href={hrefOf('export')}>
          {t('authority.steps.folder')}
        </Button>
      </div>
    </div>
  );
}

function ByHand({ directory }: { readonly directory: string }) {
  const { t } = useTranslation();
  const commands = crlCommands(directory);
  const what = t('authority.steps.command');
  return (
    <>
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
    </>
  );
}

function ByInstaller({ software }: { readonly software: 'rabbitmq' | 'emqx' }) {
  const { t } = useTranslation();
  return (
    <>
      <ol>
        <li>
          <p>{t(`authority.steps.${software}.install`)}</p>
          <p>{t(`authority.steps.${software}.installHint`)}</p>
          <Code text={installCommand} what={t('authority.steps.command')} />
        </li>
      </ol>
      <Note
        tone={software === 'emqx' ? 'due' : 'wait'}
        icon={software === 'emqx' ? IconAlertTriangle : IconInfoCircle}
        title={t(`authority.steps.${software}.note`)}
      >
        {t(`authority.steps.${software}.noteText`)}
      </Note>
    </>
  );
}
