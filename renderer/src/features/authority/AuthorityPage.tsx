import { Button } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { brokerPlace } from '../../ui/broker-target.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { AuthoritiesPanel } from './AuthoritiesPanel.tsx';
import css from './Authority.module.css';
import { CertificatePanel } from './CertificatePanel.tsx';
import { ChainDrawing } from './ChainDrawing.tsx';
import { CrlPanel } from './CrlPanel.tsx';
import { treeOf } from './tree.ts';

/** Who vouches for whom, and the list of those who are not vouched for any more. */
export function AuthorityPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  return (
    <>
      <PageHeader page={t('authority.page')} title={t('authority.title')} lead={overview.data?.name} />
      {projectId === undefined ? (
        <Empty
          icon={IconCertificate}
          title={t('app.top.noProject')}
          text={t('authority.noProject')}
          action={
            <Button component="a" href={hrefOf('overview')}>
              {t('authority.toOverview')}
            </Button>
          }
        />
      ) : overview.isError ? (
        <ErrorPanel error={reportOf(overview.error)} onRetry={() => void overview.refetch()} />
      ) : overview.isPending ? (
        <Waiting lines={6} />
      ) : (
        <Content overview={overview.data} />
      )}
    </>
  );
}

function Content({ overview }: { readonly overview: CallOutput<'project.overview'> }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const list = useCall('authority.list', { projectId: overview.projectId });
  const issuer = list.data?.authorities.find(({ issuesDevices, state }) => issuesDevices && state === 'active');
  const tree = treeOf(overview, issuer?.authorityId);
  const all = tree.flatMap(({ authority, signed }) => [
    { name: authority.name, certificate: authority.certificate },
    ...signed.map(({ certificate }) => ({ name: certificate.commonName, certificate })),
  ]);
  const shown = all.find(({ certificate }) => certificate.id === chosen) ?? all[0];
  return (
    <div className={css.grid}>
      <ChainDrawing tree={tree} devices={overview.devices} chosen={shown?.certificate.id ?? null} onChoose={setChosen} />
      <CrlPanel projectId={overview.projectId} authorities={overview.authorities} broker={brokerPlace(overview.broker)} />
      <AuthoritiesPanel projectId={overview.projectId} />
      {shown && <CertificatePanel key={shown.certificate.id} certificateId={shown.certificate.id} name={shown.name} />}
    </div>
  );
}
