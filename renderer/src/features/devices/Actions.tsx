import { Button } from '@mantine/core';
import { IconReplace, IconUsb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import css from './Devices.module.css';

interface Props {
  readonly count: number;
  readonly onExport: () => void;
  readonly onReplace: () => void;
  readonly onClear: () => void;
}

/** What can be done with the chosen devices. */
export function Actions({ count, onExport, onReplace, onClear }: Props) {
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
          <Button
            variant="default"
            size="sm"
            leftSection={<IconReplace size={18} stroke={1.7} aria-hidden />}
            onClick={onReplace}
          >
            {t('devices.replace.action')}
          </Button>
          <Button variant="default" size="sm" leftSection={<IconUsb size={18} stroke={1.7} aria-hidden />} onClick={onExport}>
            {t('devices.export')}
          </Button>
        </>
      )}
    </div>
  );
}
