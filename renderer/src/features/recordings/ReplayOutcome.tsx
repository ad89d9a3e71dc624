import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReplayResult } from '../../../../shared/model/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { DialogActions } from '../../ui/Dialog.tsx';
import { Note } from '../../ui/Note.tsx';
import { LeftOut } from './LeftOut.tsx';

interface Props {
  readonly result: ReplayResult;
  readonly prefix: string;
  readonly onClose: () => void;
}

/** MQTT 5 §2.4: not authorized. */
const notAuthorized = 135;

/** What the broker took, and what it did not. */
export function ReplayOutcome({ result, prefix, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { published, refused, unreadable } = result;
  const sum = refused.reduce((total, { count }) => total + count, 0);
  return (
    <>
      <div role="status">
        <Note
          tone={sum > 0 ? 'bad' : 'ok'}
          icon={sum > 0 ? IconAlertTriangle : IconCircleCheck}
          title={t('recordings.replay.published', { count: published, messages: format.number(published) })}
        >
          {refused.map(({ reasonCode, count }) => (
            <p key={reasonCode}>
              {reasonCode === notAuthorized
                ? t('recordings.replay.notAuthorized', { count, messages: format.number(count) })
                : t('recordings.replay.refused', { count, messages: format.number(count), code: reasonCode })}
            </p>
          ))}
          {refused.some(({ reasonCode }) => reasonCode === notAuthorized) && prefix !== '' && (
            <p>{t('recordings.replay.prefixRefused', { prefix })}</p>
          )}
        </Note>
        <LeftOut count={unreadable} />
      </div>
      <DialogActions>
        <Button size="lg" onClick={onClose}>
          {t('common.close')}
        </Button>
      </DialogActions>
    </>
  );
}
