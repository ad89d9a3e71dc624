import { Button } from '@mantine/core';
import { IconCheck, IconFileDiff, IconUsb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { TonePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './Exports.module.css';
import grid from './Overview.module.css';

/** What the broker and the devices do not have yet. */
export function ChangesCard({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const state = useCall('export.state', { projectId });
  if (state.isError) {
    return (
      <Panel className={grid.wide} title={t('overview.changes.title')}>
        <ErrorPanel error={reportOf(state.error)} onRetry={() => void state.refetch()} />
      </Panel>
    );
  }
  if (state.isPending) {
    return (
      <Panel className={grid.wide} title={t('overview.changes.title')}>
        <Waiting lines={3} />
      </Panel>
    );
  }
  const { last, changedKitFiles, devicesToExport, bundlesOutdated } = state.data;
  const pending = last === null || changedKitFiles.length + devicesToExport + bundlesOutdated > 0;
  return (
    <Panel
      className={grid.wide}
      title={t('overview.changes.title')}
      aside={
        <TonePill tone={pending ? 'due' : 'ok'} icon={pending ? IconFileDiff : IconCheck}>
          {t(last === null ? 'overview.changes.never' : pending ? 'overview.changes.pending' : 'overview.changes.same')}
        </TonePill>
      }
    >
      <div className={css.changes}>
        <div>
          {last === null ? (
            <p>{t('overview.changes.neverText')}</p>
          ) : (
            <>
              {changedKitFiles.length > 0 && (
                <>
                  <p>{t('overview.changes.files', { count: changedKitFiles.length })}</p>
                  <ul className={css.files}>
                    {changedKitFiles.map((file) => (
                      <li key={file} className="mono">
                        {file}
                      </li>
                    ))}
                  </ul>
                </>
              )}
              {devicesToExport > 0 && <p>{t('overview.changes.devices', { count: devicesToExport })}</p>}
              {bundlesOutdated > 0 && <p>{t('overview.changes.bundles', { count: bundlesOutdated })}</p>}
              {!pending && <p>{t('overview.changes.nothing')}</p>}
              <p className={css.last}>
                <Time at={last.at}>
                  {t('overview.changes.last', {
                    when: format.relative(last.at, now),
                    medium: last.mediumLabel,
                    operator: last.operator,
                  })}
                </Time>
              </p>
            </>
          )}
        </div>
        <Button
          variant={pending ? 'filled' : 'default'}
          leftSection={<IconUsb size={20} stroke={1.7} aria-hidden />}
          onClick={() => {
            chooseForExport({ projectId, deviceIds: null, withBroker: true });
            window.location.hash = hrefOf('export');
          }}
        >
          {t('overview.changes.export')}
        </Button>
      </div>
    </Panel>
  );
}
