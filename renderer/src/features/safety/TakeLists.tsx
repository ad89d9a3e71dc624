import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { DeployedLists } from '../../ui/DeployedLists.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { ListsTaken } from './ListsTaken.tsx';
import css from './Safety.module.css';

type Taken = CallOutput<'crl.takeOver'>;

interface Props {
  readonly onTaken: (taken: Taken) => void;
  readonly onClose: () => void;
}

/** Takes over what a broker's lists revoke, for whoever restored without them. */
export function TakeLists({ onTaken, onClose }: Props) {
  const { t } = useTranslation();
  const [files, setFiles] = useState<readonly string[]>([]);
  const [taken, setTaken] = useState<Taken | null>(null);
  const take = useAction(async () => {
    const done = await call('crl.takeOver', { crls: [...files] });
    setTaken(done);
    onTaken(done);
  });
  return (
    <Dialog title={t('safety.lists.title')} onClose={onClose}>
      {taken ? (
        <div className={css.form} role="status">
          <ul className={css.list}>
            <ListsTaken {...taken} />
          </ul>
          <p className={css.text}>{t('safety.lists.next')}</p>
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t('safety.done')}
            </Button>
            <Button component="a" href={hrefOf('export')}>
              {t('safety.restored.export')}
            </Button>
          </DialogActions>
        </div>
      ) : (
        <div className={css.form}>
          <p className={css.text}>{t('safety.lists.text')}</p>
          {take.error && <ErrorPanel error={take.error} />}
          <DeployedLists files={files} onChange={setFiles} warns={false} />
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t('safety.cancel')}
            </Button>
            <WriteButton disabled={files.length === 0} onClick={() => !take.pending && void take.run()}>
              {t(take.pending ? 'safety.lists.busy' : 'safety.lists.submit')}
            </WriteButton>
          </DialogActions>
        </div>
      )}
    </Dialog>
  );
}
