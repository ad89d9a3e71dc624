import { Button } from '@mantine/core';
import { IconCircleCheck, IconTestPipe } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
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
}

/** What a rehearsal would have made, and how long the devices would take; nothing of it is kept. Or what is missing. */
export function Rehearsed({ report, rehearse }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  const { error } = rehearse;
  // it stands below what was read last
  useEffect(() => {
    if (report || error) place.current?.scrollIntoView({ block: 'nearest' });
  }, [report, error]);
  return (
    <div ref={place} className={css.rehearsed}>
      <div role="status">
        {report && (
          <Note tone="ok" icon={IconCircleCheck} title={t('authority.rehearsal.title')}>
            <p>
              {report.newAuthorities.length > 0 &&
                `${t('authority.rehearsal.makes', { names: format.list(report.newAuthorities) })} `}
              {t('authority.rehearsal.devices', { count: report.devices, seconds: Math.max(1, Math.ceil(report.seconds)) })}
              {report.broker && ` ${t('authority.rehearsal.own')}`}
              {report.skipped.length > 0 && ` ${t('acts.renew.skipped', { count: report.skipped.length })}.`}
            </p>
          </Note>
        )}
      </div>
      {error && <ErrorPanel error={error} />}
    </div>
  );
}

interface ButtonProps {
  readonly rehearse: Props['rehearse'];
  readonly disabled: boolean;
  /** It is the next step, not an offer. */
  readonly first?: boolean;
}

/** Tries everything and keeps nothing. */
export function RehearseButton({ rehearse, disabled, first = false }: ButtonProps) {
  const { t } = useTranslation();
  return (
    <Button
      variant={first ? 'filled' : 'default'}
      size={first ? 'lg' : 'md'}
      disabled={disabled}
      leftSection={<IconTestPipe size={20} stroke={1.7} aria-hidden />}
      onClick={() => !rehearse.pending && void rehearse.run()}
    >
      {t(rehearse.pending ? 'authority.rehearsal.running' : 'authority.rehearsal.do')}
    </Button>
  );
}
