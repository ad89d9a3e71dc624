import { IconHourglass } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Note } from '../../ui/Note.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Authority.module.css';
import { AuthorityAnswerDialog } from './AuthorityAnswerDialog.tsx';
import { RequestDialog } from './RequestDialog.tsx';
import { fleetOf } from './tree.ts';

interface Props {
  readonly projectId: number;
  readonly list: CallOutput<'authority.list'>;
}

/** An authority of ours below that of a company: the request goes out, the answer comes in. */
export function CompanySection({ projectId, list }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<'request' | 'answer' | null>(null);
  const { request } = list;
  const renews = list.authorities.find(({ authorityId }) => authorityId === request?.authorityId) ?? null;
  return (
    <section className={css.company} aria-label={t('authority.company.title')}>
      <h3>{t('authority.company.title')}</h3>
      <p className={css.small}>{t('authority.company.text')}</p>
      {request && (
        <Note
          tone="wait"
          icon={IconHourglass}
          title={t('authority.company.waiting', { name: request.name, date: format.date(request.at) })}
        >
          <p>{t('broker.origin.waitingText')}</p>
        </Note>
      )}
      <div className={css.acts}>
        <WriteButton variant="default" size="sm" onClick={() => setOpen('request')}>
          {t(request ? 'broker.origin.other.again' : 'authority.company.request')}
        </WriteButton>
        {request && (
          <WriteButton size="sm" onClick={() => setOpen('answer')}>
            {t('broker.origin.other.answer')}
          </WriteButton>
        )}
      </div>
      {open === 'request' && (
        <RequestDialog
          projectId={projectId}
          renews={renews}
          name={renews ? '' : (request?.name ?? '')}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'answer' && <AuthorityAnswerDialog projectId={projectId} old={fleetOf(list)} onClose={() => setOpen(null)} />}
    </section>
  );
}
