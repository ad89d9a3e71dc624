import { Button } from '@mantine/core';
import { IconInfoCircle, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { IdentityMode } from '../../../../shared/model/kit.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Broker.module.css';
import { FilesToCopy } from './FilesToCopy.tsx';
import users from './Users.module.css';

interface Props {
  readonly projectId: number;
  readonly identity: IdentityMode;
}

/** Who is known to the broker by a password, who is about to change theirs, and who shares a certificate. */
export function UsersPanel({ projectId, identity }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useCall('password.show', { projectId });
  const shared = useCall('certificate.shared', { projectId });
  const [files, setFiles] = useState<readonly string[] | null>(null);
  const [asking, setAsking] = useState<'all' | 'observer' | null>(null);
  const finish = useAction(async (deviceIds: number[], keep: 'new' | 'old') =>
    setFiles((await call('password.finish', { projectId, deviceIds, keep })).filesToCopy),
  );
  const rotate = useAction(async (what: 'all' | 'observer') => {
    const whom = what === 'all' ? { deviceIds: null } : { deviceIds: [], observer: true };
    setFiles((await call('password.make', { projectId, ...whom, overlap: what === 'all', show: false })).filesToCopy);
    setAsking(null);
  });
  const groups = shared.data ?? [];
  if (identity === 'certificate') {
    if (groups.length === 0) return null;
    return (
      <Panel className={css.wide} title={t('credentials.shared.list')}>
        <Groups groups={groups} />
      </Panel>
    );
  }
  const changing = view.data?.changing ?? [];
  const error = finish.error ?? rotate.error;
  return (
    <Panel className={css.wide} title={t('credentials.users.title')} aside={t(`credentials.users.lead.${identity}`)}>
      {view.isError && <ErrorPanel error={reportOf(view.error)} onRetry={() => void view.refetch()} />}
      {view.data && (
        <div className={css.form}>
          <p className={users.text}>
            {t('credentials.users.all', { count: view.data.one + changing.length })}{' '}
            {view.data.none > 0 && t('credentials.users.none', { count: view.data.none })} {t('credentials.users.adding')}
          </p>
          {changing.length > 0 && (
            <section aria-label={t('credentials.users.changing')}>
              <h3 className={users.head}>{t('credentials.users.changing')}</h3>
              <ul className={users.list}>
                {changing.slice(0, listed).map((device) => (
                  <li key={device.deviceId}>
                    <span>
                      <b>{device.id}</b>
                      <span>
                        {t('credentials.users.pair', { ...device, when: format.date(device.since) })} ·{' '}
                        {t(device.exported ? 'credentials.users.exported' : 'credentials.users.notExported')}
                      </span>
                    </span>
                    <span className={css.actions}>
                      <WriteButton
                        size="sm"
                        variant={device.exported ? 'filled' : 'default'}
                        aria-label={`${device.id}: ${t('credentials.users.finish')}`}
                        onClick={() => void finish.run([device.deviceId], 'new')}
                      >
                        {t('credentials.users.finish')}
                      </WriteButton>
                      <WriteButton
                        size="sm"
                        variant="default"
                        aria-label={`${device.id}: ${t('credentials.users.undo')}`}
                        onClick={() => void finish.run([device.deviceId], 'old')}
                      >
                        {t('credentials.users.undo')}
                      </WriteButton>
                    </span>
                  </li>
                ))}
                {changing.length > listed && <li>{t('acts.renew.more', { count: changing.length - listed })}</li>}
              </ul>
            </section>
          )}
          <div className={css.actions}>
            {changing.length > 1 && (
              <WriteButton
                variant="default"
                onClick={() =>
                  void finish.run(
                    changing.map(({ deviceId }) => deviceId),
                    'new',
                  )
                }
              >
                {t('credentials.users.finishAll')}
              </WriteButton>
            )}
            {changing.length === 0 && (
              <WriteButton variant="default" onClick={() => setAsking('all')}>
                {t('credentials.users.rotate')}
              </WriteButton>
            )}
            <WriteButton variant="default" onClick={() => setAsking('observer')}>
              {t('credentials.users.observer')}
            </WriteButton>
          </div>
          {groups.length > 0 && <Groups groups={groups} />}
        </div>
      )}
      <div role="status">{files && <FilesToCopy files={files} />}</div>
      {error && !asking && <ErrorPanel error={error} />}
      {asking && (
        <Dialog
          title={t('credentials.dialog.title', {
            name:
              asking === 'observer'
                ? t('credentials.dialog.observer')
                : t('credentials.dialog.devices', { count: (view.data?.one ?? 0) + (view.data?.none ?? 0) }),
          })}
          onClose={() => setAsking(null)}
        >
          <p>{t(asking === 'observer' ? 'credentials.dialog.observerNote' : 'credentials.dialog.overlap.text')}</p>
          {asking === 'all' && (
            <Note tone="wait" icon={IconInfoCircle}>
              {t('credentials.dialog.session')}
            </Note>
          )}
          {rotate.error && <ErrorPanel error={rotate.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setAsking(null)}>
              {t('credentials.dialog.cancel')}
            </Button>
            <Button loading={rotate.pending} onClick={() => void rotate.run(asking)}>
              {asking === 'observer'
                ? t('credentials.dialog.submit')
                : t('credentials.dialog.submitMany', { count: (view.data?.one ?? 0) + (view.data?.none ?? 0) })}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Panel>
  );
}

const listed = 8;

function Groups({ groups }: { readonly groups: CallOutput<'certificate.shared'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Note tone="due" icon={IconUsersGroup} title={t('credentials.shared.list')}>
      <ul className={users.groups}>
        {groups.map(({ holderId, holder, devices }) => (
          <li key={holderId}>{t('credentials.shared.group', { holder, others: format.list(devices.map(({ id }) => id)) })}</li>
        ))}
      </ul>
      <p>{t('credentials.shared.warning')}</p>
    </Note>
  );
}
