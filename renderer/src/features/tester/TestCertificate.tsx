import { IconCertificate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { connect } from './connect.ts';
import type { Pane } from './panes.ts';
import css from './TestCertificate.module.css';

interface Props {
  readonly pane: Pane;
  readonly deviceId: number;
  readonly id: string;
}

/** Nobody can speak as a device that keeps its key itself; a certificate for a day can, and here it is explained and issued. */
export function TestCertificate({ pane, deviceId, id }: Props) {
  const { t } = useTranslation();
  const key = useIssuerKey(pane.projectId, 'devices');
  const issue = useAction(async () => {
    await call('device.issueTest', { projectId: pane.projectId, deviceId, ...key.given });
    key.forget();
    // the takeover was accepted for this very attempt, and nothing was sent yet
    await connect(pane.key, pane.host, pane.port);
  });
  return (
    <div className={css.offer} role="alert">
      <IconCertificate className={css.sign} size={24} stroke={1.7} aria-hidden />
      <div className={css.words}>
        <p className={css.title}>{t('tester.testCertificate.title', { device: id })}</p>
        <p>{t('tester.testCertificate.text')}</p>
        <ul>
          <li>{t('tester.testCertificate.points.day')}</li>
          <li>{t('tester.testCertificate.points.name', { device: id })}</li>
          <li>{t('tester.testCertificate.points.apart')}</li>
          <li>{t('tester.testCertificate.points.revoke')}</li>
        </ul>
        {key.field}
        <WriteButton
          disabled={key.lacking}
          classNames={{ root: css.button ?? '', label: css.label ?? '' }}
          loading={issue.pending}
          onClick={() => void issue.run()}
        >
          {t('tester.testCertificate.issue')}
        </WriteButton>
        {issue.error && <ErrorPanel error={issue.error} />}
      </div>
    </div>
  );
}
