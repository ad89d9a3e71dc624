import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFolder, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { queryClient } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import type { Authority } from './AuthoritiesPanel.tsx';
import css from './Authority.module.css';
import { BroughtKey, keyOf, noKey } from './BroughtKey.tsx';

export type AuthorityAct = 'site' | 'renew' | 'offline' | 'replace';

interface Props {
  readonly act: AuthorityAct;
  readonly authority: Authority;
  /** Who signs what is made: the authority above, or the root itself. */
  readonly signer: Authority;
  readonly onClose: () => void;
}

/** One act on an authority: what it does, what it needs, and what has to follow. */
export function AuthorityDialog({ act, authority, signer, onClose }: Props) {
  const { t } = useTranslation();
  const { authorityId, name } = authority;
  const [text, setText] = useState({ name: '', years: act === 'site' ? '5' : '', passphrase: '', again: '', directory: '' });
  const [key, setKey] = useState(noKey);
  const [done, setDone] = useState<string | null>(null);
  const [rehearsal, setRehearsal] = useState<CallOutput<'authority.rehearse'> | null>(null);
  // a new root signs itself with its new key; everything else is signed by whoever is above, or by the authority itself
  const needed =
    act === 'offline' || (act === 'replace' && authority.parentId === null) ? null : act === 'site' ? authority : signer;
  const asked = needed && !needed.keyHere ? needed : null;
  const years = /^\d+$/.test(text.years) ? { years: Number(text.years) } : {};
  const run = useAction(async () => {
    switch (act) {
      case 'site':
        await call('authority.createSite', {
          parentId: authorityId,
          ...(text.name.trim() === '' ? {} : { name: text.name.trim() }),
          ...years,
          ...keyOf(key),
        });
        setDone('');
        break;
      case 'renew':
        await call('authority.renew', { authorityId, ...years, ...keyOf(key) });
        setDone('');
        break;
      case 'offline': {
        const { directory, passphrase } = text;
        setDone((await call('authority.takeOffline', { authorityId, directory, passphrase })).file);
        break;
      }
      case 'replace':
        await call('authority.replace', { authorityId, ...keyOf(key) });
        setDone('');
    }
    await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app.start' });
  });
  const rehearse = useAction(async () => setRehearsal(await call('authority.rehearse', { authorityId, ...keyOf(key) })));
  const folder = useAction(async () => {
    const found = await call('media.choose');
    if (found) setText((old) => ({ ...old, directory: found.path }));
  });
  const differs = act === 'offline' && text.again !== '' && text.again !== text.passphrase;
  const ready =
    (act !== 'offline' || (text.directory !== '' && text.passphrase !== '' && text.again === text.passphrase)) &&
    (!asked || (key.pem !== '' && key.passphrase !== ''));
  return (
    <Dialog title={t(`authority.act.${act}.title`, { name })} onClose={onClose}>
      {done !== null ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t(`authority.act.${act}.done`, { name })}>
              {done !== '' && <p className="mono">{done}</p>}
              <p>{t(`authority.act.${act}.next`)}</p>
            </Note>
          </div>
          <DialogActions>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </DialogActions>
        </>
      ) : (
        <>
          <p>{t(`authority.act.${act}.text`, { name })}</p>
          <ul>
            <li>{t(`authority.act.${act}.after`)}</li>
            <li>{t(`authority.act.${act}.broker`)}</li>
          </ul>
          {act === 'site' && (
            <TextField
              label={t('authority.act.site.field')}
              hint={t('authority.act.site.fieldHint')}
              value={text.name}
              maxLength={64}
              onChange={(value) => setText({ ...text, name: value })}
            />
          )}
          {(act === 'site' || act === 'renew') && (
            <TextField
              label={t('authority.act.years')}
              hint={act === 'renew' ? t('authority.act.yearsHint') : undefined}
              numeric
              maxLength={2}
              value={text.years}
              onChange={(value) => setText({ ...text, years: value.replace(/\D/g, '') })}
            />
          )}
          {act === 'offline' && (
            <div className={css.form}>
              <div className={css.folder}>
                <Button
                  variant="default"
                  leftSection={<IconFolder size={20} stroke={1.7} aria-hidden />}
                  onClick={() => void folder.run()}
                >
                  {t('authority.act.offline.folder')}
                </Button>
                {text.directory !== '' && <span className="mono">{text.directory}</span>}
              </div>
              <PassphraseField
                label={t('authority.act.offline.passphrase')}
                value={text.passphrase}
                onChange={(passphrase) => setText({ ...text, passphrase })}
                autoComplete="new-password"
              />
              <PassphraseField
                label={t('authority.act.offline.again')}
                value={text.again}
                onChange={(again) => setText({ ...text, again })}
                autoComplete="new-password"
                error={differs ? t('authority.act.offline.differs') : undefined}
              />
            </div>
          )}
          {asked && <BroughtKey name={asked.name} value={key} onChange={setKey} />}
          {act === 'offline' && (
            <Note tone="due" icon={IconAlertTriangle} title={t('authority.act.offline.warning')}>
              {t('authority.act.offline.warningText')}
            </Note>
          )}
          {act === 'replace' && (
            <div className={css.form}>
              <div>
                <Button
                  variant="default"
                  disabled={!ready}
                  leftSection={<IconTestPipe size={20} stroke={1.7} aria-hidden />}
                  onClick={() => !rehearse.pending && void rehearse.run()}
                >
                  {t(rehearse.pending ? 'authority.rehearsal.running' : 'authority.rehearsal.do')}
                </Button>
              </div>
              <div role="status">{rehearsal && <Rehearsed report={rehearsal} />}</div>
              {rehearse.error && <ErrorPanel error={rehearse.error} />}
            </div>
          )}
          {run.error && <ErrorPanel error={run.error} />}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose} data-autofocus>
              {t('authority.act.keep')}
            </Button>
            <Button size="lg" disabled={!ready} onClick={() => !run.pending && void run.run()}>
              {t(run.pending ? 'authority.act.busy' : `authority.act.${act}.do`)}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}

/** What replacing would make and how long the devices would take; nothing of it is kept. */
function Rehearsed({ report }: { readonly report: CallOutput<'authority.rehearse'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { newAuthorities, devices, skipped, seconds } = report;
  return (
    <Note tone="ok" icon={IconCircleCheck} title={t('authority.rehearsal.title')}>
      <p>
        {newAuthorities.length > 0 && `${t('authority.rehearsal.makes', { names: format.list(newAuthorities) })} `}
        {t('authority.rehearsal.devices', { count: devices, seconds: Math.max(1, Math.ceil(seconds)) })}
        {skipped.length > 0 && ` ${t('acts.renew.skipped', { count: skipped.length })}.`}
      </p>
    </Note>
  );
}
