import { IconAlertTriangle, IconCheck, IconLock, IconPlayerRecordFilled, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../../shared/model/recording.ts';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';

const looks = {
  stopped: { tone: 'ok', icon: IconCheck },
  closed: { tone: 'ok', icon: IconCheck },
  locked: { tone: 'gone', icon: IconLock },
  full: { tone: 'bad', icon: IconAlertTriangle },
  failed: { tone: 'bad', icon: IconAlertTriangle },
  interrupted: { tone: 'due', icon: IconAlertTriangle },
} as const;

/** How it ended, or that it goes on. */
export function EndPill({ recording: { ended, unreadable, reason } }: { readonly recording: Recording }) {
  const { t } = useTranslation();
  const look: { readonly tone: Tone; readonly icon: typeof IconX } = unreadable
    ? { tone: 'bad', icon: IconX }
    : ended === null
      ? { tone: 'bad', icon: IconPlayerRecordFilled }
      : looks[ended];
  const word = unreadable ? 'unreadable' : (ended ?? 'live');
  return (
    <TonePill tone={look.tone} icon={look.icon}>
      <span title={reason || t(`recordings.endedHint.${word}`)}>{t(`recordings.ended.${word}`)}</span>
    </TonePill>
  );
}
