import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { keepRestore, useLastRestore } from '../../bridge/restored.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Time } from '../../ui/Time.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { BackupDialog } from './BackupDialog.tsx';
import { CheckBackup } from './CheckBackup.tsx';
import { DrillDialog } from './DrillDialog.tsx';
import { KeychainPanel } from './KeychainPanel.tsx';
import { MakeShares } from './MakeShares.tsx';
import { PassphraseDialog } from './PassphraseDialog.tsx';
import { RestoredNote } from './RestoredNote.tsx';
import css from './Safety.module.css';
import { State } from './State.tsx';
import { TakeLists } from './TakeLists.tsx';

type Safety = CallOutput<'safety.show'>;
type Open = 'backup' | 'check' | 'lists' | 'make' | 'drill' | 'passphrase';

const day = 86_400_000;
/** A backup, or a drill, older than this is told as old. */
const backupDays = 30;
const drillDays = 366;

/** What keeps the authority alive when a disk dies or a passphrase is forgotten. */
export function SafetyPage() {
  const { t } = useTranslation();
  const safety = useCall('safety.show', undefined);
  const [open, setOpen] = useState<Open | null>(null);
  const restored = useLastRestore();
  const now = useNow();
  const { lastBackup = null, shares = null } = safety.data ?? {};
  // one main thing at a time: a backup first, cards when there is a fresh one
  const backupFirst = lastBackup === null || now - lastBackup > backupDays * day || shares !== null;
  const close = () => {
    setOpen(null);
    void safety.refetch();
  };
  const button = (which: Open, label: string, { main = false, writes = true } = {}) => {
    const Kind = writes ? WriteButton : Button;
    return (
      <Kind variant={main ? 'filled' : 'default'} onClick={() => setOpen(which)}>
        {label}
      </Kind>
    );
  };
  return (
    <div className={css.page}>
      <PageHeader page={t('safety.page')} title={t('safety.page')} lead={t('safety.lead')} />
      {restored && <RestoredNote restored={restored} onDone={() => keepRestore(null)} onLists={() => setOpen('lists')} />}
      {safety.isError && <ErrorPanel error={reportOf(safety.error)} onRetry={() => void safety.refetch()} />}
      {safety.isPending && <Waiting lines={5} />}
      {safety.data && (
        <>
          <Panel title={t('safety.backup.title')}>
            <BackupState {...safety.data} />
            <p className={css.text}>{t('safety.backup.text')}</p>
            <div className={css.actions}>
              {button('backup', t('safety.backup.now'), { main: backupFirst })}
              {button('check', t('safety.backup.check'), { writes: false })}
              {button('lists', t('safety.lists.open'))}
            </div>
          </Panel>
          <Panel title={t('safety.shares.title')}>
            <SharesState shares={safety.data.shares} />
            <p className={css.text}>{t('safety.shares.text')}</p>
            <div className={css.actions}>
              {button('make', t(safety.data.shares ? 'safety.shares.makeNew' : 'safety.shares.make'), {
                main: !backupFirst,
              })}
              {safety.data.shares && button('drill', t('safety.shares.drill'))}
            </div>
          </Panel>
          <Panel title={t('safety.passphrase.title')}>
            <p className={css.text}>{t('safety.passphrase.text')}</p>
            <div className={css.actions}>{button('passphrase', t('safety.passphrase.change'))}</div>
          </Panel>
          <KeychainPanel />
        </>
      )}
      {open === 'backup' && <BackupDialog onClose={close} />}
      {open === 'check' && <CheckBackup onClose={close} />}
      {open === 'lists' && <TakeLists onTaken={(taken) => restored && keepRestore({ ...restored, ...taken })} onClose={close} />}
      {open === 'make' && <MakeShares replaces={safety.data?.shares !== null} onClose={close} />}
      {open === 'drill' && <DrillDialog threshold={safety.data?.shares?.threshold ?? 2} onClose={close} />}
      {open === 'passphrase' && <PassphraseDialog onClose={close} />}
    </div>
  );
}

function BackupState({ lastBackup }: Safety) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (lastBackup === null) return <State tone="bad">{t('safety.backup.never')}</State>;
  const values = { when: format.relative(lastBackup, now), date: format.date(lastBackup) };
  const old = now - lastBackup > backupDays * day;
  return (
    <State tone={old ? 'due' : 'ok'}>
      <Time at={lastBackup}>{t(old ? 'safety.backup.old' : 'safety.backup.last', values)}</Time>
    </State>
  );
}

function SharesState({ shares }: Pick<Safety, 'shares'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (!shares) return <State tone="due">{t('safety.shares.none')}</State>;
  const { threshold, count, madeAt, lastDrill } = shares;
  const made = t('safety.shares.made', { threshold, count, date: format.date(madeAt) });
  if (lastDrill === null) return <State tone="due">{`${made} ${t('safety.shares.neverDrilled')}`}</State>;
  const when = format.relative(lastDrill, now);
  return (
    <State tone={now - lastDrill > drillDays * day ? 'due' : 'ok'}>{`${made} ${t('safety.shares.drilled', { when })}`}</State>
  );
}
