import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Note } from '../../ui/Note.tsx';

/** Says that messages are not what was recorded, and were left out. Nothing when there are none. */
export function LeftOut({ count }: { readonly count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <Note tone="due" icon={IconAlertTriangle}>
      <p>{t('recordings.search.unreadable', { count })}</p>
    </Note>
  );
}
