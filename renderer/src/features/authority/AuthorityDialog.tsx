import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFolder } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { queryClient } from '../../bridge/queries.ts';
import { BroughtKey, isWhole, keyOf, noKey } from '../../ui/BroughtKey.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import type { Authority } from './AuthoritiesPanel.tsx';
import css from './Authority.module.css';

/** Acts that are over in a moment; replacing and re-issuing have dialogs of their own. */
export type QuickAct = 'site' | 'renew' | 'offline' | 'retire';

interface Props {
  readonly act: QuickAct;
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
  const needed = act === 'offline' || act === 'retire' ? null : act === 'site' ? authority : signer;
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
      case 'retire':
        await call('authority.retire', { authorityId });
        setDone('');
        break;
      case 'offline': {
        const { directory, passphrase } = text;
        setDone((await call('authority.takeOffline', { authorityId, directory, passphrase })).file);
      }
    }
    await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app.start' });
  });
  const folder = useAction(async () => {
    const found = await call('media.choose');
    if (found) setText((old) => ({ ...old, directory: found.path }));
  });
  const differs = act === 'offline' && text.again !== '' && text.again !== text.passphrase;
  const ready =
    (act !== 'offline' || (text.directory !== '' && text.passphrase !== '' && text.again === text.passphrase)) &&
    (!asked || isWhole(key));
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
