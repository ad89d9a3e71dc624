import type { TFunction } from 'i18next';
import type { Recording } from '../../../../shared/model/recording.ts';
import type { Format } from '../../locales/format.ts';

/** Whose connection it was. */
export function byWhom({ by }: Pick<Recording, 'by'>, t: TFunction): string {
  if (by.kind === 'observer') return t('tester.observer');
  return by.name || t('recordings.connection');
}

/** What a recording is called: as the person named it, or whose it is and when it began. */
export function nameOf(recording: Recording, t: TFunction, format: Format): string {
  if (recording.unreadable) return t('recordings.unreadable');
  if (recording.name !== '') return recording.name;
  return t('recordings.unnamed', { who: byWhom(recording, t), when: format.dateTime(recording.startedAt) });
}

/** The time only, where it ended on the day on which it began. */
export function endOf(start: number, end: number, format: Format): string {
  return format.date(start) === format.date(end) ? format.time(end) : format.dateTime(end);
}
