import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLoadedSession } from '../bridge/session.ts';
import css from './TopBar.module.css';

/** The way to the palette for those who do not know its keys, and the place where they learn them. */
export function Finder() {
  const { t } = useTranslation();
  const { platform } = useLoadedSession();
  return (
    <button type="button" className={css.finder} aria-keyshortcuts="Control+K Meta+K" onClick={spotlight.open}>
      <IconSearch size={18} stroke={1.8} aria-hidden />
      <span>{t('palette.placeholder')}</span>
      <kbd aria-hidden>{t(platform === 'darwin' ? 'palette.shortcutMac' : 'palette.shortcut')}</kbd>
    </button>
  );
}
