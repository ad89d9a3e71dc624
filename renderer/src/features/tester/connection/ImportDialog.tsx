import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../../shared/contract.ts';
import type { FileProblem } from '../../../../../shared/model/connection-files.ts';
import { connectionFileMaximum, type Lost } from '../../../../../shared/model/connection-import.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';
import { DropFiles, type ReadFile } from '../../../ui/DropFiles.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { Tick } from '../../../ui/Field.tsx';
import { Note } from '../../../ui/Note.tsx';
import { WriteButton } from '../../../ui/WriteButton.tsx';
import css from './Connection.module.css';
import { placeOf } from './place.ts';

/** Settings that may hold a value which MQTT does not allow, and have a name in the form. */
const fields = [
  'speaksAs',
  'host',
  'port',
  'path',
  'user',
  'clientId',
  'cleanStart',
  'keepAlive',
  'sessionExpiry',
  'receiveMaximum',
  'maximumPacketSize',
  'topicAliasMaximum',
  'userProperties',
  'authenticationMethod',
  'serverName',
  'alpn',
  'will',
  'subscriptions',
] as const;

type Review = CallOutput<'connection.review'>;

interface Props {
  readonly projectId: number;
  readonly onClose: () => void;
}

/** What another program has stored: shown first, with what is not taken over, then imported. */
export function ImportDialog({ projectId, onClose }: Props) {
  const { t } = useTranslation();
  const [bytes, setBytes] = useState<Uint8Array | null>(null);
  const [review, setReview] = useState<Review | null>(null);
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const look = useAction(async ([file]: readonly ReadFile[]) => {
    if (!file) return;
    // one that is too large comes without its bytes
    const empty = file.bytes.length === 0;
    setReview(
      empty ? { source: 'none', refusal: 'too-large' } : await call('connection.review', { projectId, bytes: file.bytes }),
    );
    setBytes(file.bytes);
    setLeft(new Set());
  });
  const found = review && review.source !== 'none' ? review.connections : [];
  const chosen = found.map((_, index) => index).filter((index) => !left.has(index));
  const take = useAction(async () => {
    if (!bytes) return;
    await call('connection.import', { projectId, bytes, chosen });
    onClose();
  });
  return (
    <Dialog title={t('connections.import.title')} onClose={onClose}>
      <div className={css.stack}>
        <p className={css.small}>{t('connections.import.text')}</p>
        <DropFiles
          title={t('connections.import.drop')}
          text={t('connections.list.importHint')}
          button={t('connections.import.choose')}
          pending={look.pending}
          limit={connectionFileMaximum}
          onFiles={(files) => void look.run(files)}
        />
        {look.error && <ErrorPanel error={look.error} />}
        {review?.source === 'none' && (
          <Note tone="bad" icon={IconAlertTriangle} title={t('connections.import.refused')}>
            <p>{t(`connections.import.refusal.${review.refusal}`)}</p>
          </Note>
        )}
        {review && review.source !== 'none' && (
          <>
            <p role="status">
              <b>
                {t('connections.import.found', {
                  source: t(`connections.import.sources.${review.source}`),
                  count: found.length,
                })}
              </b>
            </p>
            <LostList lost={review.lost} />
            <ul className={css.taken}>
              {found.map((each, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the place in the file is what tells them apart
                <li key={index}>
                  <Tick
                    label={t('connections.import.take', { name: each.settings.name })}
                    checked={!left.has(index)}
                    onChange={(wanted) => {
                      const next = new Set(left);
                      if (wanted) next.delete(index);
                      else next.add(index);
                      setLeft(next);
                    }}
                  />
                  <p>
                    {[
                      placeOf(each.settings),
                      each.has.password && t('connections.import.password'),
                      each.certificate !== null && each.has.key && t('connections.import.key', { name: each.certificate }),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </p>
                  {each.nameTaken && <p>{t('connections.import.nameTaken')}</p>}
                  <LostList lost={each.lost} />
                </li>
              ))}
            </ul>
          </>
        )}
        {take.error && <ErrorPanel error={take.error} />}
      </div>
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('connections.import.cancel')}
        </Button>
        {found.length > 0 && (
          <WriteButton loading={take.pending} disabled={chosen.length === 0} onClick={() => void take.run()}>
            {t('connections.import.submit', { count: chosen.length })}
          </WriteButton>
        )}
      </DialogActions>
    </Dialog>
  );
}

function LostList({ lost }: { readonly lost: readonly Lost[] }) {
  const { t } = useTranslation();
  const fieldName = (path: string) => {
    const known = fields.find((field) => field === path.split('.').at(-1));
    return known === undefined ? path : t(`connections.editor.${known}`);
  };
  if (lost.length === 0) return null;
  return (
    <div>
      <p>{t('connections.import.lostTitle')}</p>
      <ul>
        {lost.map(({ what, detail }) => (
          <li key={`${what} ${detail}`}>
            {t(`connections.import.lost.${what}`, {
              detail:
                what === 'unreadable'
                  ? t(`connections.wrong.${detail as FileProblem}`)
                  : what === 'value'
                    ? fieldName(detail)
                    : detail,
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
