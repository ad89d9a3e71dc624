import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import css from './Audit.module.css';
import { DayField } from './Filters.tsx';
import { dayOf, type Range, rangeOf } from './period.ts';
import { reportDocument } from './report-document.ts';

interface Props {
  readonly range: Range;
  readonly vaultFile: string;
  readonly onClose: () => void;
  readonly onSaved: (file: string) => void;
}

/** Asks for the period of the evidence report, and saves it as PDF. */
export function ReportDialog({ range, vaultFile, onClose, onSaved }: Props) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [from, setFrom] = useState(range.since === undefined ? '' : dayOf(range.since));
  const [to, setTo] = useState(range.until === undefined ? '' : dayOf(range.until - 1));
  const save = useAction(async () => {
    const { since = null, until = null } = rangeOf({ name: 'custom', from, to }, 0);
    const report = await call('audit.report', { since, until });
    const document = reportDocument(report, { t, format, language: i18n.language, vaultFile });
    const saved = await call('document.print', { name: t('audit.report.file'), document });
    if (saved) onSaved(saved.file);
  });
  return (
    <Dialog title={t('audit.report.title')} onClose={onClose}>
      <p>{t('audit.report.text')}</p>
      <div className={css.days}>
        <DayField label={t('audit.report.from')} value={from} onChange={setFrom} />
        <DayField label={t('audit.report.to')} value={to} onChange={setTo} />
      </div>
      {save.error && <ErrorPanel error={save.error} />}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('audit.report.cancel')}
        </Button>
        <Button aria-disabled={save.pending} onClick={() => !save.pending && void save.run()}>
          {save.pending ? t('audit.save.busy') : t('audit.report.submit')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
