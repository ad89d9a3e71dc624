import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFingerprint, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { softwareOf } from '../../../../shared/model/broker.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { queryClient } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { AnswerFiles, useAnswer } from '../../ui/AnswerFiles.tsx';
import { useBrokerPlace } from '../../ui/broker-target.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { hrefOf } from '../../ui/route.ts';
import type { Authority } from './AuthoritiesPanel.tsx';

interface Props {
  readonly projectId: number;
  /** Whose fleet may move to the new authority; null when it is on the move already. */
  readonly old: Authority | null;
  readonly onClose: () => void;
}

/** What a company sent back for our authority: the chain, the root to compare, and what becomes of the present authority. */
export function AuthorityAnswerDialog({ projectId, old, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { target } = useBrokerPlace(projectId);
  const [becomes, setBecomes] = useState<'move' | 'stay'>(old ? 'move' : 'stay');
  const [done, setDone] = useState<CallOutput<'authority.takeAnswer'> | null>(null);
  const answer = useAnswer((files) => call('authority.reviewAnswer', { projectId, files }));
  const { review, files } = answer;
  const usable = review !== null && review.refusal === null;
  const root = review?.chain.at(-1);
  const take = useAction(async () => {
    const replaces = old && becomes === 'move' && review?.renews === null ? old.authorityId : null;
    setDone(await call('authority.takeAnswer', { projectId, files, replaces }));
    await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app.start' });
  });
  if (done) {
    const moves = done.moveId !== null;
    return (
      <Dialog title={t('authority.company.answerTitle')} onClose={onClose}>
        <div role="status">
          <Note tone="ok" icon={IconCircleCheck} title={t('authority.company.done')}>
            <p>{t(moves ? 'authority.act.replace.next' : 'authority.company.doneNext')}</p>
            {done.filesToCopy.length > 0 && (
              <p>
                {t(softwareOf(target) === 'mosquitto' ? 'due.own.copy' : 'due.own.install', {
                  files: format.list([...done.filesToCopy]),
                })}
              </p>
            )}
          </Note>
        </div>
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          <Button
            component="a"
            href={hrefOf('export')}
            onClick={() => chooseForExport({ projectId, deviceIds: null, withBroker: true })}
          >
            {t('acts.list.export')}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('authority.company.answerTitle')} onClose={onClose}>
      <AnswerFiles answer={answer} chain={t('authority.company.chain')}>
        {usable && root && (
          <Note tone="wait" icon={IconFingerprint} title={t('authority.company.compare', { name: root.name })}>
            <Hex value={root.fingerprint} what={t('authority.certificate.fingerprint')} />
          </Note>
        )}
        {review !== null && review.constraints.length > 0 && (
          <Note tone="due" icon={IconInfoCircle} title={t('authority.company.constraints')}>
            <p className="mono">{review.constraints.join(', ')}</p>
          </Note>
        )}
        {usable && (
          <Note tone="wait" icon={IconInfoCircle}>
            <p>{t('authority.company.lists')}</p>
          </Note>
        )}
        {usable && review.missing.length > 0 && (
          <Note tone="due" icon={IconAlertTriangle} title={t('authority.company.missing')}>
            <p>{review.missing.join(', ')}</p>
          </Note>
        )}
        {usable && review.renews !== null && (
          <Note tone="wait" icon={IconInfoCircle}>
            <p>{t('authority.company.renews', { name: review.renews })}</p>
          </Note>
        )}
      </AnswerFiles>
      {usable && review.renews === null && old && (
        <Options
          legend={t('authority.company.choice', { name: old.name })}
          value={becomes}
          onChange={setBecomes}
          options={(['move', 'stay'] as const).map((each) => ({
            value: each,
            label: t(`authority.company.becomes.${each}`),
            text: t(`authority.company.becomesText.${each}`, { name: old.name }),
          }))}
        />
      )}
      {take.error && <ErrorPanel error={take.error} />}
      <DialogActions>
        <Button variant="default" size="lg" onClick={onClose}>
          {t('safety.cancel')}
        </Button>
        <Button size="lg" disabled={!usable} loading={take.pending} onClick={() => void take.run()}>
          {t('authority.company.take')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
