import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { softwareOf } from '../../../shared/model/broker.ts';
import { usersFile } from '../../../shared/rules/password.ts';
import css from './BrokerSteps.module.css';
import { crlCommands, installCommand } from './broker-commands.ts';
import type { BrokerPlace } from './broker-target.ts';
import { Code } from './Code.tsx';
import { Note } from './Note.tsx';
import { hrefOf } from './route.ts';

interface Props {
  readonly broker: BrokerPlace;
  readonly untitled?: boolean;
}

/** How a list, or the users, get from the kit into service, and what to know about this broker on the way. */
export function BrokerSteps({ broker, untitled = false }: Props) {
  const { t } = useTranslation();
  const software = softwareOf(broker.target);
  return (
    <div className={css.steps}>
      {!untitled && <h3>{t('authority.steps.title')}</h3>}
      {!untitled && broker.identity === 'password' && (
        <Note tone="wait" icon={IconInfoCircle} title={t('authority.steps.users.note')}>
          {t('authority.steps.users.noteText', { file: usersFile(broker.target) })}
        </Note>
      )}
      <p>{t('authority.steps.export')}</p>
      {broker.identity === 'password' ? (
        <Users broker={broker} />
      ) : software === 'mosquitto' ? (
        <ByHand directory={broker.directory} />
      ) : (
        <ByInstaller software={software} />
      )}
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

/** Where certificates say nothing, the list does not either: what counts are the users. */
function Users({ broker: { form, target } }: { readonly broker: BrokerPlace }) {
  const { t } = useTranslation();
  const pieces = form === 'fragments';
  return (
    <ol>
      <li>
        <p>{pieces ? t('authority.steps.users.pieces', { file: usersFile(target) }) : t('authority.steps.users.install')}</p>
        <p>{t('authority.steps.users.hint')}</p>
        {!pieces && <Code text={installCommand} what={t('authority.steps.command')} />}
      </li>
    </ol>
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
