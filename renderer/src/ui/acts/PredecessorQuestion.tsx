import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { shortHex } from '../hex.ts';
import css from './Acts.module.css';

interface Props {
  readonly done: CallOutput<'certificate.renew'>['done'];
  readonly onRevoke: (certificateIds: readonly number[]) => void;
}

/** What renewing leaves open, asked on its own: whether the certificate before shall be revoked. It names which. */
export function PredecessorQuestion({ done, onRevoke }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [answered, setAnswered] = useState(false);
  const predecessors = done.flatMap(({ predecessorId }) => (predecessorId === null ? [] : [predecessorId]));
  const only = predecessors.length === 1 ? (predecessors[0] ?? 0) : 0;
  const shown = useCall('certificate.show', { certificateId: only }, { enabled: only !== 0 });
  if (predecessors.length === 0 || answered || (only !== 0 && !shown.data)) return null;
  const title = shown.data
    ? t('acts.renew.predecessor.one', {
        serial: shortHex(shown.data.serial),
        id: shown.data.commonName,
        issued: format.date(shown.data.issuedAt),
      })
    : t('acts.renew.predecessor.many', { count: predecessors.length });
  return (
    <section className={css.question} aria-label={title}>
      <h3>{title}</h3>
      <p>{t('acts.renew.predecessor.text')}</p>
      <div>
        <Button variant="default" size="sm" onClick={() => setAnswered(true)}>
          {t('acts.renew.predecessor.leave')}
        </Button>
        <Button variant="default" size="sm" onClick={() => onRevoke(predecessors)}>
          {t('acts.renew.predecessor.do')}
        </Button>
      </div>
    </section>
  );
}
