import { IconPassword, IconRefresh, IconReplace, IconStethoscope, IconUsb, IconUsersGroup } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ActMenu, type CertificateAct } from '../../ui/acts/ActMenu.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Devices.module.css';

interface DeedsProps {
  readonly onAct: (act: CertificateAct) => void;
  readonly onExport: () => void;
  /** Nothing of it is on hold, so there is nothing to release. Not told of many: nobody looks at each of them before. */
  readonly nothingHeld?: boolean | undefined;
  /** Where the broker asks for passwords. */
  readonly onPassword?: (() => void) | undefined;
  /** Leads to the doctor; of one device only. */
  readonly onCheck?: (() => void) | undefined;
  /** Where there are several to share one. */
  readonly onShare?: (() => void) | undefined;
}

/** The frequent acts as buttons, all of them with their meaning in the menu. */
export function Deeds({ onAct, onExport, nothingHeld = false, onPassword, onCheck, onShare }: DeedsProps) {
  const { t } = useTranslation();
  const more = [
    ...(onCheck ? [{ icon: IconStethoscope, name: t('doctor.check'), what: t('doctor.lead'), onClick: onCheck }] : []),
    ...(onPassword
      ? [{ icon: IconPassword, name: t('credentials.password.make'), what: t('acts.password'), onClick: onPassword }]
      : []),
    ...(onShare
      ? [{ icon: IconUsersGroup, name: t('credentials.shared.menu'), what: t('credentials.shared.menuText'), onClick: onShare }]
      : []),
  ];
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
      <ActMenu onAct={onAct} without={nothingHeld ? ['release'] : []} more={more} />
    </>
  );
}

interface Props extends DeedsProps {
  readonly count: number;
  readonly onClear: () => void;
}

/** What can be done with the chosen devices. */
export function Actions({ count, onClear, ...deeds }: Props) {
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
          <Deeds {...deeds} />
        </>
      )}
    </div>
  );
}
