import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Button, Drawer } from '@mantine/core';
import { IconCircleCheck, IconPlayerStop } from '@tabler/icons-react';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../../../shared/model/access.ts';
import { patternMaximum } from '../../../../shared/rules/pattern.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { DeviceLinesField } from '../../ui/DeviceLinesField.tsx';
import { expandEntries } from '../../ui/device-lines.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { rolesOf } from '../../ui/role-name.ts';
import { hrefOf } from '../../ui/route.ts';
import { forgetLines, linesNow, useDeviceLines } from '../../ui/useDeviceLines.ts';
import drawer from './DeviceDrawer.module.css';
import css from './Devices.module.css';

interface Props {
  readonly projectId: number;
  readonly project: string;
  readonly onClose: () => void;
  readonly onExport: () => void;
}

/** More devices for a project, typed or pasted as in the wizard. */
export function AddDevices({ projectId, project, onClose, onExport }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('device');
  const [tried, setTried] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('device.add', jobId);
  const key = useIssuerKey(projectId, 'devices');
  const access = useCall('project.overview', { projectId }).data?.access;
  const known = useMemo(() => rolesOf(access), [access]);
  const { lines, reading } = useDeviceLines(text, role, known);
  useEffect(() => forgetLines, []);
  const tooMany = lines.count > patternMaximum;
  const start = () => {
    const { entries } = linesNow(text, role, known);
    setJobId(
      startJob(
        'device.add',
        { projectId, devices: expandEntries(entries), ...key.given },
        { subject: project, href: hrefOf('devices') },
      ),
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const now = linesNow(text, role, known);
    if (!key.lacking && now.problems.length === 0 && now.count > 0 && now.count <= patternMaximum) start();
  };
  const error = tooMany
    ? t('devices.add.tooMany', { maximum: patternMaximum })
    : tried && lines.count === 0 && lines.problems.length === 0
      ? t('devices.add.missing')
      : undefined;
  const close = (
    <Button variant="default" onClick={onClose}>
      {t('common.close')}
    </Button>
  );
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={600}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.side ?? '', overlay: drawer.overlay ?? '' }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={t('devices.add.title')} radius={0}>
        <div className={css.sideHead}>
          <div>
            <h2>{t('devices.add.title')}</h2>
            <p>{t('devices.add.lead', { project })}</p>
          </div>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('devices.add.close')} />
        </div>
        <Drawer.Body p={0}>
          <div className={css.sideBody}>
            {!job ? (
              <form className={css.sideForm} onSubmit={submit} noValidate>
                <DeviceLinesField
                  text={text}
                  onText={setText}
                  role={role}
                  onRole={setRole}
                  known={known}
                  lines={lines}
                  reading={reading}
                  error={error}
                />
                {key.field}
                <div className={css.buttons}>
                  <Button type="submit" size="lg" disabled={key.lacking}>
                    {lines.count > 0 ? t('devices.add.do', { count: lines.count }) : t('devices.add.title')}
                  </Button>
                  <Button component="a" variant="default" size="lg" href={hrefOf('requests')}>
                    {t('devices.add.requests')}
                  </Button>
                </div>
              </form>
            ) : job.state === 'done' && job.result ? (
              <>
                <div role="status">
                  <Note tone="ok" icon={IconCircleCheck} title={t('devices.add.done', { count: job.result.issued })}>
                    <p>{t('devices.add.doneText')}</p>
                  </Note>
                </div>
                <div className={css.buttons}>
                  <Button onClick={onExport}>{t('devices.exportNow')}</Button>
                  {close}
                </div>
              </>
            ) : job.state === 'failed' && job.error ? (
              <ErrorPanel
                error={job.error}
                onRetry={start}
                action={
                  <Button variant="default" onClick={() => setJobId(null)}>
                    {t('devices.add.change')}
                  </Button>
                }
              />
            ) : job.state === 'cancelled' ? (
              <>
                <Note tone="due" icon={IconPlayerStop} title={t('devices.add.stopped')}>
                  <p>{t('devices.add.stoppedText', { done: Number(job.error?.params.done ?? 0) })}</p>
                </Note>
                <div className={css.buttons}>{close}</div>
              </>
            ) : (
              <JobProgress job={job} kept={t('devices.add.kept')} />
            )}
          </div>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
