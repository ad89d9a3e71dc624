import { Button } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckPoint, ConfirmablePoint } from '../../../../shared/model/checklist.ts';
import { checkGroups, checkPoints, checkStates } from '../../../../shared/model/checklist.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { callOptions, queryClient, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf, replaceRoute, useRoute } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './Checklist.module.css';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { checklistDocument } from './checklist-document.ts';
import { NetworkSheet } from './NetworkSheet.tsx';
import { PointRow } from './PointRow.tsx';
import { StateSign } from './StateSign.tsx';

interface Props {
  readonly projectId: number | undefined;
  readonly vaultFile: string;
}

/** The security checklist of a project, and the drawing of its networks. */
export function ChecklistPage({ projectId, vaultFile }: Props) {
  const { t } = useTranslation();
  const { params } = useRoute();
  const tab = params['tab'] === 'sheet' ? 'sheet' : 'points';
  if (projectId === undefined)
    return (
      <>
        <PageHeader page={t('checklist.page')} title={t('checklist.page')} />
        <Empty
          icon={IconListCheck}
          title={t('app.top.noProject')}
          text={t('checklist.noProject')}
          action={
            <Button component="a" href={hrefOf('new-project')}>
              {t('devices.setUp')}
            </Button>
          }
        />
      </>
    );
  const tabs = (
    <nav className={css.tabs} aria-label={t('checklist.page')}>
      {(['points', 'sheet'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-current={each === tab ? 'page' : undefined}
          onClick={() => replaceRoute('checklist', each === 'sheet' ? { tab: 'sheet' } : {})}
        >
          {t(`checklist.tabs.${each}`)}
        </button>
      ))}
    </nav>
  );
  return tab === 'sheet' ? (
    <NetworkSheet projectId={projectId} tabs={tabs} />
  ) : (
    <Points projectId={projectId} vaultFile={vaultFile} tabs={tabs} />
  );
}

interface PointsProps {
  readonly projectId: number;
  readonly vaultFile: string;
  readonly tabs: ReactNode;
}

function Points({ projectId, vaultFile, tabs }: PointsProps) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const checklist = useCall('checklist.show', { projectId });
  // elsewhere a backup was written or a proof made: what was judged before is judged again
  useEffect(() => void queryClient.invalidateQueries({ queryKey: ['checklist.show'] }), []);
  const [asked, setAsked] = useState<{ point: ConfirmablePoint; withdraw: boolean } | null>(null);
  const [saved, setSaved] = useState('');
  const check = useAction(async () => {
    const shown = await call('checklist.show', { projectId, check: true });
    queryClient.setQueryData(callOptions('checklist.show', { projectId }).queryKey, shown);
  });
  const print = useAction(async () => {
    if (!checklist.data) return;
    const document = checklistDocument(checklist.data, { t, format, language: i18n.language, vaultFile });
    const written = await call('document.print', {
      name: t('checklist.report.file', { project: checklist.data.project }),
      document,
    });
    if (written) setSaved(written.file);
  });
  const { data } = checklist;
  const worst = data && checkStates.find((state) => state === 'green' || data.counts[state] > 0);
  const title =
    !data || !worst
      ? t('checklist.page')
      : worst === 'green'
        ? t('checklist.heading.green')
        : t(`checklist.heading.${worst}`, { count: data.counts[worst] });
  return (
    <>
      <PageHeader
        page={t('checklist.page')}
        title={title}
        lead={data ? t('checklist.lead', { at: format.dateTime(data.at) }) : ' '}
        aside={
          <Button variant="default" onClick={() => void print.run()} loading={print.pending} disabled={!data}>
            {t('checklist.print')}
          </Button>
        }
      />
      {tabs}
      {(print.error ?? check.error) && <ErrorPanel error={(print.error ?? check.error) as NonNullable<typeof print.error>} />}
      <p role="status" className={css.saved}>
        {saved !== '' && t('checklist.saved', { file: saved })}
      </p>
      {checklist.isError ? (
        <ErrorPanel error={reportOf(checklist.error)} onRetry={() => void checklist.refetch()} />
      ) : !data ? (
        <Waiting lines={10} />
      ) : (
        <div className={css.stack}>
          <ul className={css.counts} aria-label={t('checklist.counts')}>
            {checkStates.map((state) => (
              <li key={state} data-state={state}>
                <StateSign state={state} />
                <b>{format.number(data.counts[state])}</b>
                <span>{t(`checklist.state.${state}`)}</span>
              </li>
            ))}
          </ul>
          {checkGroups.map((group) => (
            <Panel key={group} title={t(`checklist.group.${group}`)}>
              <ul className={css.rows}>
                {data.rows
                  .filter(({ point }) => checkPoints[point as CheckPoint].group === group)
                  .map((row) => (
                    <PointRow
                      key={row.point}
                      row={row}
                      onConfirm={(point, withdraw) => setAsked({ point, withdraw })}
                      onCheck={() => void check.run()}
                      checking={check.pending}
                    />
                  ))}
              </ul>
            </Panel>
          ))}
        </div>
      )}
      {asked && (
        <ConfirmDialog
          {...asked}
          projectId={projectId}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            void checklist.refetch();
          }}
        />
      )}
    </>
  );
}
