import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../shared/errors.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { InView } from '../../ui/InView.tsx';
import { Note } from '../../ui/Note.tsx';

interface Props {
  readonly report: CallOutput<'authority.rehearse'> | null;
  readonly error: ErrorReport | null;
}

/** What a rehearsal would have made, and how long the devices would take; nothing of it is kept. Or what is missing. */
export function Rehearsed({ report, error }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <div role="status">
        {report && (
          <InView>
            <Note tone="ok" icon={IconCircleCheck} title={t('authority.rehearsal.title')}>
              <p>
                {report.newAuthorities.length > 0 &&
                  `${t('authority.rehearsal.makes', { names: format.list(report.newAuthorities) })} `}
                {t('authority.rehearsal.devices', { count: report.devices, seconds: Math.max(1, Math.ceil(report.seconds)) })}
                {report.broker && ` ${t('authority.rehearsal.own')}`}
                {report.skipped.length > 0 && ` ${t('acts.renew.skipped', { count: report.skipped.length })}.`}
              </p>
            </Note>
          </InView>
        )}
      </div>
      {error && (
        <InView>
          <ErrorPanel error={error} />
        </InView>
      )}
    </>
  );
}
