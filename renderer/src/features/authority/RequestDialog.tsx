import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
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
import type { Authority } from './AuthoritiesPanel.tsx';

interface Props {
  readonly projectId: number;
  /** The authority that is to be certified anew; null = a new one. */
  readonly renews: Authority | null;
  /** The name in the request that waits; empty when none does. */
  readonly name: string;
  readonly onClose: () => void;
}

/** The request for an authority of ours below that of a company. Its key stays here. */
export function RequestDialog({ projectId, renews, name: pending, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(pending);
  const [key, setKey] = useState(noKey);
  const [saved, setSaved] = useState<string | null>(null);
  const asked = renews && !renews.keyHere ? renews : null;
  const save = useAction(async () => {
    const wanted = name.trim() === '' ? {} : { name: name.trim() };
    const what = renews ? { authorityId: renews.authorityId } : wanted;
    const request = await call('authority.request', { projectId, ...what, ...keyOf(key) });
    await queryClient.invalidateQueries({ queryKey: ['authority.list'] });
    setSaved((await call('text.save', { name: request.name, text: request.pem }))?.file ?? null);
  });
  return (
    <Dialog
      title={renews ? t('authority.company.renewTitle', { name: renews.name }) : t('authority.company.requestTitle')}
      onClose={onClose}
    >
      {saved !== null ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCheck} title={t('broker.origin.saved')}>
              <p className="mono">{saved}</p>
              <p>{t('authority.company.savedNext')}</p>
            </Note>
          </div>
          <DialogActions>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </DialogActions>
        </>
      ) : (
        <>
          <p>{t(renews ? 'authority.company.renewText' : 'authority.company.requestText')}</p>
          <ul>
            <li>{t('authority.company.askFor')}</li>
            <li>{t('authority.company.askYears')}</li>
            <li>{t('authority.company.askChain')}</li>
          </ul>
          {!renews && (
            <TextField
              label={t('authority.act.site.field')}
              hint={t('authority.act.site.fieldHint')}
              value={name}
              maxLength={64}
              onChange={setName}
            />
          )}
          {asked && <BroughtKey name={asked.name} value={key} onChange={setKey} />}
          {save.error && <ErrorPanel error={save.error} />}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('safety.cancel')}
            </Button>
            <Button size="lg" disabled={asked !== null && !isWhole(key)} loading={save.pending} onClick={() => void save.run()}>
              {t('broker.origin.other.request')}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
