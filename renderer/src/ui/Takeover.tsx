import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DevicePicker, type PickedDevice } from './DevicePicker.tsx';
import { Dialog, DialogActions } from './Dialog.tsx';
import css from './Takeover.module.css';

interface Props {
  readonly projectId: number;
  /** Null = let the person choose first. */
  readonly device: PickedDevice | null;
  /** Devices whose place is taken already. */
  readonly taken: readonly number[];
  readonly onAccept: (deviceId: number, id: string) => void;
  readonly onClose: () => void;
}

/** Which device, and then what that does to it. Nothing happens before the last button; Esc and Cancel are always "no". */
export function Takeover({ projectId, device, taken, onAccept, onClose }: Props) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<PickedDevice | null>(device);
  if (picked === null) {
    return (
      <Dialog title={t('tester.takeover.pick')} onClose={onClose}>
        <DevicePicker projectId={projectId} taken={taken} onPick={setPicked} />
      </Dialog>
    );
  }
  const name = picked.id;
  return (
    <Dialog title={t('tester.takeover.title', { device: name })} onClose={onClose}>
      <div className={css.warning}>
        <IconAlertTriangle size={24} stroke={1.8} aria-hidden />
        <div>
          <p>{t('tester.takeover.text', { device: name })}</p>
          <ul>
            <li>{t('tester.takeover.points.out', { device: name })}</li>
            <li>{t('tester.takeover.points.will', { device: name })}</li>
            <li>{t('tester.takeover.points.session', { device: name })}</li>
          </ul>
        </div>
      </div>
      <p>{t('tester.takeover.after')}</p>
      <DialogActions>
        {/* the safe answer has the focus */}
        <Button data-autofocus autoFocus onClick={onClose}>
          {t('tester.takeover.cancel')}
        </Button>
        <Button variant="default" onClick={() => onAccept(picked.deviceId, name)}>
          {t('tester.takeover.accept', { device: name })}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
