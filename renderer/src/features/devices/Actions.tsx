import { IconRefresh, IconReplace, IconUsb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ActMenu, type CertificateAct } from '../../ui/acts/ActMenu.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Devices.module.css';

interface DeedsProps {
  readonly onAct: (act: CertificateAct) => void;
  readonly onExport: () => void;
}

/** The frequent acts as buttons, all of them with their meaning in the menu. */
export function Deeds({ onAct, onExport }: DeedsProps) {
  const { t } = useTranslation();
  return (
    <>
      <WriteButton
        variant="default"
        size="sm"
        leftSection={<IconRefresh size={18} stroke={1.7} aria-hidden />}
        onClick={() => onAct('renew')}
      >
        {t('acts.renew.name')}
      </WriteButton>
      <WriteButton
        variant="default"
        size="sm"
        leftSection={<IconReplace size={18} stroke={1.7} aria-hidden />}
        data-tour="replace"
        onClick={() => onAct('replace')}
      >
        {t('devices.replace.action')}
      </WriteButton>
      <WriteButton variant="default" size="sm" leftSection={<IconUsb size={18} stroke={1.7} aria-hidden />} onClick={onExport}>
        {t('devices.export')}
      </WriteButton>
      <ActMenu onAct={onAct} />
    </>
  );
}

interface Props extends DeedsProps {
  readonly count: number;
  readonly onClear: () => void;
}

/** What can be done with the chosen devices. */
export function Actions({ count, onAct, onExport, onClear }: Props) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form
    <div className={css.actions} role="group" aria-label={t('devices.actions')}>
      <span role="status">{count > 0 && t('devices.selected', { count })}</span>
      {count > 0 && (
        <>
          <button type="button" className={css.clear} onClick={onClear}>
            {t('devices.clearSelection')}
          </button>
          <Deeds onAct={onAct} onExport={onExport} />
        </>
      )}
    </div>
  );
}
