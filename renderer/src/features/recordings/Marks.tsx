import { useTranslation } from 'react-i18next';
import type { RecordingMark } from '../../../../shared/model/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Time } from '../../ui/Time.tsx';
import css from './Recordings.module.css';

/** What happened besides messages: the connection was lost, came back; messages that are missing. */
export function Marks({ marks }: { readonly marks: readonly RecordingMark[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (marks.length === 0) return null;
  return (
    <Fold summary={t('recordings.marks.title', { count: marks.length })}>
      <ol className={css.marks}>
        {marks.map((mark, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be of the same moment
          <li key={index}>
            <Time at={mark.at}>{`${format.date(mark.at)}, ${format.clock(mark.at)}`}</Time>
            <span>
              {t(`recordings.marks.${mark.kind}`)}
              {mark.count > 0 && ` (${t('recordings.marks.count', { count: mark.count })})`}
            </span>
          </li>
        ))}
      </ol>
    </Fold>
  );
}
