import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './NetworkSheet.module.css';
import { SegmentDrawing } from './SegmentDrawing.tsx';

/** Who stands where, and which connections there are: a drawing for those who set up switches and firewalls, also on paper. */
export function NetworkSheet({ projectId, tabs }: { readonly projectId: number; readonly tabs: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const overview = useCall('project.overview', { projectId });
  const [saved, setSaved] = useState('');
  const name = overview.data?.name ?? '';
  const pdf = useAction(async () => {
    const file = await call('page.pdf', { name: t('checklist.sheet.file', { project: name }), landscape: true });
    if (file !== null) setSaved(file);
  });
  const { data } = overview;
  const broker = data?.broker ?? null;
  return (
    <>
      <PageHeader
        page={t('checklist.tabs.sheet')}
        title={t('checklist.tabs.sheet')}
        lead={t('checklist.sheet.lead')}
        aside={
          <Button variant="default" onClick={() => void pdf.run()} loading={pdf.pending} disabled={!broker}>
            {t('checklist.print')}
          </Button>
        }
      />
      {tabs}
      {pdf.error && <ErrorPanel error={pdf.error} />}
      <p role="status" className={css.saved}>
        {saved !== '' && t('checklist.saved', { file: saved })}
      </p>
      {overview.isError ? (
        <ErrorPanel error={reportOf(overview.error)} onRetry={() => void overview.refetch()} />
      ) : !data ? (
        <Waiting lines={8} />
      ) : !broker ? (
        <p>{t('checklist.fact.brokerNone')}</p>
      ) : (
        <>
          <Panel>
            <SegmentDrawing project={data} broker={broker} />
            {broker.kit.networks.length === 0 && (
              <p className={css.note}>
                {t('checklist.fact.networksNone')} <a href={hrefOf('broker')}>{t('checklist.open.broker')}</a>
              </p>
            )}
          </Panel>
          {createPortal(
            <div className={css.paper}>
              <h1>{t('checklist.sheet.title', { project: data.name })}</h1>
              <SegmentDrawing project={data} broker={broker} paper />
              <p>{`Fieldkey · ${format.dateTime(now)} · ${t('checklist.sheet.sign')}`}</p>
            </div>,
            document.body,
          )}
        </>
      )}
    </>
  );
}
