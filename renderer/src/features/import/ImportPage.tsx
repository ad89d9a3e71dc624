import { Button } from '@mantine/core';
import { IconCircleCheck, IconFile, IconFolder } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { isIpAddress } from '../../../../shared/rules/host.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { queryClient } from '../../bridge/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Import.module.css';
import { Review } from './Review.tsx';

type Shown = CallOutput<'import.review'>;

/** An authority that is there already becomes a project: looked at first, then taken as a whole. */
export function ImportPage({ onCreated }: { readonly onCreated: (name: string) => void }) {
  const { t } = useTranslation();
  const [path, setPath] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [review, setReview] = useState<Shown | null>(null);
  const [project, setProject] = useState('');
  const [hosts, setHosts] = useState('');
  const [port, setPort] = useState('8883');
  const [done, setDone] = useState<CallOutput<'import.run'> | null>(null);
  const secret = passphrase === '' ? {} : { passphrase };
  const look = useAction(async (from: string) => {
    const shown = await call('import.review', { path: from, ...secret });
    setReview(shown);
    setProject(shown.project);
    setHosts([...shown.broker.names, ...shown.broker.addresses].join(', '));
  });
  const choose = useAction(async (what: 'folder' | 'file') => {
    const chosen = await call('import.choose', { what });
    if (!chosen) return;
    setPath(chosen.path);
    setReview(null);
    await look.run(chosen.path);
  });
  const take = useAction(async () => {
    if (!review || path === null) return;
    const all = hosts.split(/[\s,;]+/).filter((host) => host !== '');
    const report = await call('import.run', {
      path,
      ...secret,
      digest: review.digest,
      project: project.trim(),
      names: all.filter((host) => !isIpAddress(host)),
      addresses: all.filter(isIpAddress),
      port: Number(port),
      roles: {},
    });
    setPassphrase('');
    await queryClient.invalidateQueries({ queryKey: ['project.list'] });
    setDone(report);
  });
  const canIssue = review?.authorities.some(({ issues }) => issues) === true;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void take.run();
  };
  return (
    <div className={css.page}>
      <PageHeader page={t('importing.page')} title={t('importing.title')} lead={t('importing.lead')} />
      {done ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('importing.done', { project: project.trim() })}>
              <p>{t('importing.doneText', { devices: done.devices, certificates: done.certificates, revoked: done.revoked })}</p>
              <p>{t('importing.next')}</p>
            </Note>
          </div>
          <div className={css.buttons}>
            <Button
              onClick={() => {
                onCreated(project.trim());
                window.location.hash = hrefOf('overview');
              }}
            >
              {t('importing.open')}
            </Button>
          </div>
        </>
      ) : (
        <>
          <Panel title={t('importing.from')}>
            <p className={css.quiet}>{t('importing.fromText')}</p>
            <div className={css.buttons}>
              <Button
                variant={path === null ? 'filled' : 'default'}
                leftSection={<IconFolder size={20} aria-hidden />}
                onClick={() => void choose.run('folder')}
              >
                {t('importing.folder')}
              </Button>
              <Button variant="default" leftSection={<IconFile size={20} aria-hidden />} onClick={() => void choose.run('file')}>
                {t('importing.file')}
              </Button>
            </div>
            {path !== null && (
              <form
                className={css.again}
                onSubmit={(event) => {
                  event.preventDefault();
                  void look.run(path);
                }}
              >
                <p className={css.path}>{path}</p>
                <PassphraseField
                  label={t('importing.passphrase')}
                  value={passphrase}
                  onChange={setPassphrase}
                  autoComplete="current-password"
                />
                <Button type="submit" variant="default" loading={look.pending}>
                  {t('importing.again')}
                </Button>
              </form>
            )}
          </Panel>
          {(look.error ?? choose.error) && <ErrorPanel error={(look.error ?? choose.error) as NonNullable<typeof look.error>} />}
          {review && <Review review={review} />}
          {review && canIssue && (
            <Panel title={t('importing.becomes')}>
              <form className={css.form} onSubmit={submit}>
                <TextField label={t('importing.project')} value={project} onChange={setProject} maxLength={63} mono />
                <TextField label={t('importing.hosts')} hint={t('importing.hostsHint')} value={hosts} onChange={setHosts} mono />
                <TextField label={t('importing.port')} value={port} onChange={setPort} numeric maxLength={5} />
                {take.error && <ErrorPanel error={take.error} />}
                <div className={css.buttons}>
                  <WriteButton type="submit" size="lg" loading={take.pending}>
                    {t('importing.take')}
                  </WriteButton>
                </div>
              </form>
            </Panel>
          )}
        </>
      )}
    </div>
  );
}
