import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { DropFiles, type ReadFile } from '../../ui/DropFiles.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Tick } from '../../ui/Field.tsx';
import { FindingList } from '../../ui/FindingList.tsx';
import { Note } from '../../ui/Note.tsx';
import css from './Origin.module.css';

interface Props {
  readonly projectId: number;
  readonly onDone: (filesToCopy: readonly string[]) => void;
  readonly onClose: () => void;
}

type Review = CallOutput<'broker.reviewRequest'>;
type Name = Review['names'][number];

const fileLimit = 4 * 1024 * 1024;

/** The request of whoever runs the broker: what it asks for, the names a person grants, and nothing else. */
export function SignDialog({ projectId, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const [review, setReview] = useState<Review | null>(null);
  const [chosen, setChosen] = useState<readonly Name[]>([]);
  const look = useAction(async ([file]: readonly ReadFile[]) => {
    if (!file) return;
    setReview(null);
    const found = await call('broker.reviewRequest', { projectId, file: { name: file.name, bytes: file.bytes } });
    setReview(found);
    // what devices know the broker by; further names are granted by hand
    setChosen(found.names.filter(({ inProject }) => inProject));
  });
  const key = useIssuerKey(projectId, 'broker');
  const sign = useAction(async ({ pem }: Review) => {
    const of = (kind: Name['kind']) => chosen.filter((each) => each.kind === kind).map(({ value }) => value);
    const request = { projectId, pem, names: of('dns'), addresses: of('ip'), ...key.given };
    onDone((await call('broker.signRequest', request)).filesToCopy);
  });
  const dropped = review?.names.filter((each) => each.inProject && !chosen.includes(each)) ?? [];
  return (
    <Dialog title={t('broker.sign.title')} onClose={onClose}>
      <div className={css.stack}>
        <DropFiles
          title={t('broker.sign.drop')}
          text={t('broker.sign.dropText')}
          button={t('broker.sign.choose')}
          pending={look.pending}
          limit={fileLimit}
          onFiles={(files) => void look.run(files)}
        />
        {look.error && <ErrorPanel error={look.error} />}
        {review && (
          <>
            <dl className={css.asks}>
              <dt>{t('intake.asks')}</dt>
              <dd className="mono">{review.subject === '' ? t('intake.noName') : review.subject}</dd>
              <dd>{[review.key, ...review.extensions].join(' · ')}</dd>
              {review.wantsCa && <dd>{t('intake.wantsCa')}</dd>}
              <dt>{t('intake.gets')}</dt>
              <dd>{t('broker.sign.gets', { days: review.days, authority: review.authority })}</dd>
            </dl>
            <FindingList findings={review.findings} />
            {review.refusal ? (
              <Note tone="bad" icon={IconAlertTriangle} title={t('intake.standing.refused')}>
                <p>{t(`intake.refusal.${review.refusal}`)}</p>
              </Note>
            ) : (
              <>
                <fieldset className={css.names}>
                  <legend>{t('broker.sign.names')}</legend>
                  {review.names.map((name) => (
                    <Tick
                      key={`${name.kind} ${name.value}`}
                      label={name.value}
                      hint={t(`broker.sign.from.${name.inProject ? (name.inRequest ? 'both' : 'project') : 'request'}`)}
                      checked={chosen.includes(name)}
                      onChange={(checked) =>
                        setChosen(review.names.filter((each) => (each === name ? checked : chosen.includes(each))))
                      }
                    />
                  ))}
                </fieldset>
                {dropped.length > 0 && (
                  <Note tone="due" icon={IconAlertTriangle} title={t('broker.sign.dropped')}>
                    <p>{dropped.map(({ value }) => value).join(', ')}</p>
                  </Note>
                )}
                <Note tone="wait" icon={IconInfoCircle}>
                  <p>{t('broker.sign.noKey')}</p>
                </Note>
                {key.field}
              </>
            )}
          </>
        )}
        {sign.error && <ErrorPanel error={sign.error} />}
      </div>
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('safety.cancel')}
        </Button>
        <Button
          disabled={!review || review.refusal !== null || chosen.length === 0 || key.lacking}
          loading={sign.pending}
          onClick={() => review && void sign.run(review)}
        >
          {t('broker.sign.do')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
