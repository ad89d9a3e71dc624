import { Button } from '@mantine/core';
import { IconCircleCheck, IconTestPipe } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { useAction } from '../../bridge/action.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import css from './Authority.module.css';

interface Props {
  readonly report: CallOutput<'authority.rehearse'> | null;
  readonly rehearse: ReturnType<typeof useAction<[]>>;
  readonly disabled: boolean;
  /** The next thing to do is to rehearse. */
  readonly first?: boolean;
}

/** The button that tries everything and keeps nothing, and what came of it. */
export function Rehearsal({ report, rehearse, disabled, first = false }: Props) {
  const { t } = useTranslation();
  return (
    <div className={css.form}>
      <div>
        <Button
          variant={first ? 'filled' : 'default'}
          size={first ? 'lg' : 'md'}
          disabled={disabled}
          leftSection={<IconTestPipe size={20} stroke={1.7} aria-hidden />}
          onClick={() => !rehearse.pending && void rehearse.run()}
        >
          {t(rehearse.pending ? 'authority.rehearsal.running' : 'authority.rehearsal.do')}
        </Button>
      </div>
      <div role="status">{report && <Rehearsed report={report} />}</div>
      {rehearse.error && <ErrorPanel error={rehearse.error} />}
    </div>
  );
}

/** What it would make and how long the devices would take; nothing of it is kept. */
function Rehearsed({ report }: { readonly report: CallOutput<'authority.rehearse'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { newAuthorities, devices, skipped, broker, seconds } = report;
  return (
    <Note tone="ok" icon={IconCircleCheck} title={t('authority.rehearsal.title')}>
      <p>
        {newAuthorities.length > 0 && `${t('authority.rehearsal.makes', { names: format.list(newAuthorities) })} `}
        {t('authority.rehearsal.devices', { count: devices, seconds: Math.max(1, Math.ceil(seconds)) })}
        {broker && ` ${t('authority.rehearsal.own')}`}
        {skipped.length > 0 && ` ${t('acts.renew.skipped', { count: skipped.length })}.`}
      </p>
    </Note>
  );
}
