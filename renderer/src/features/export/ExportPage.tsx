import { Button } from '@mantine/core';
import { IconUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exportChoice, takeUnseen } from '../../bridge/export-choice.ts';
import { Empty } from '../../ui/Empty.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { ExportFlow } from './ExportFlow.tsx';
import { InventoryPanel } from './InventoryPanel.tsx';

/** The export as a page of its own; what is exported was chosen where one came from. */
export function ExportPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const [choice] = useState(() => (projectId === undefined ? null : exportChoice(projectId)));
  const [fresh] = useState(takeUnseen);
  if (!choice) {
    return (
      <>
        <PageHeader page={t('exporting.page')} title={t('exporting.page')} />
        <Empty
          icon={IconUsb}
          title={t('app.top.noProject')}
          text={t('exporting.noProject')}
          action={
            <Button component="a" href={hrefOf('new-project')}>
              {t('exporting.setUp')}
            </Button>
          }
        />
      </>
    );
  }
  return (
    <>
      <PageHeader page={t('exporting.page')} title={t('exporting.title')} lead={t('exporting.lead')} />
      <ExportFlow
        projectId={choice.projectId}
        deviceIds={choice.deviceIds}
        withBroker={choice.withBroker}
        acceptance={choice.acceptance}
        fresh={fresh}
        onDone={() => {
          window.location.hash = hrefOf('overview');
        }}
      />
      <InventoryPanel projectId={choice.projectId} />
    </>
  );
}
