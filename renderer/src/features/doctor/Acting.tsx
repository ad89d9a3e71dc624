import { useState } from 'react';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { RenewDialog } from '../../ui/acts/RenewDialog.tsx';
import { ReplaceDialog } from '../../ui/acts/ReplaceDialog.tsx';
import { RevokeDialog } from '../../ui/acts/RevokeDialog.tsx';
import type { NamedDevice } from '../../ui/acts/target.ts';
import { hrefOf } from '../../ui/route.ts';

interface Props {
  readonly projectId: number;
  readonly act: 'renew' | 'rekey' | 'replace';
  readonly device: NamedDevice;
  /** Something was begun; the dialog has said what came of it. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The same dialogs as on the page of the devices, for the one that cannot connect. */
export function Acting({ projectId, act, device, onDone, onClose }: Props) {
  const [revoking, setRevoking] = useState<readonly number[] | null>(null);
  const toExport = (withBroker: boolean) => {
    chooseForExport({ projectId, deviceIds: [device.deviceId], withBroker });
    window.location.hash = hrefOf('export');
  };
  const close = () => {
    onDone();
    onClose();
  };
  if (revoking) {
    return (
      <RevokeDialog
        projectId={projectId}
        act="revoke"
        devices={[device]}
        certificateIds={revoking}
        page="doctor"
        onClose={close}
        onExportKit={() => toExport(true)}
      />
    );
  }
  if (act === 'replace')
    return <ReplaceDialog projectId={projectId} devices={[device]} onClose={close} onExport={() => toExport(true)} />;
  return (
    <RenewDialog
      projectId={projectId}
      devices={[device]}
      mode={act}
      page="doctor"
      onClose={close}
      onExport={() => toExport(false)}
      onRevoke={(_devices, certificateIds) => setRevoking(certificateIds)}
    />
  );
}
