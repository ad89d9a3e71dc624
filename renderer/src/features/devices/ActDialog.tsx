import type { CertificateAct } from '../../ui/acts/ActMenu.tsx';
import { RenewDialog } from '../../ui/acts/RenewDialog.tsx';
import { ReplaceDialog } from '../../ui/acts/ReplaceDialog.tsx';
import { RevokeDialog } from '../../ui/acts/RevokeDialog.tsx';
import type { Chosen } from './selection.ts';

/** What somebody is about to do, to whom; `certificateIds` = only these of their certificates. */
export interface Acting {
  readonly act: CertificateAct;
  readonly devices: readonly Chosen[];
  readonly certificateIds: readonly number[] | null;
}

interface Props {
  readonly projectId: number;
  readonly acting: Acting;
  readonly onActing: (acting: Acting) => void;
  readonly onClose: () => void;
  readonly onExport: (deviceIds: readonly number[], withBroker: boolean) => void;
}

/** The dialog of an act on devices. One leads to the next: after renewing, what about the predecessor. */
export function ActDialog({ projectId, acting: { act, devices, certificateIds }, onActing, onClose, onExport }: Props) {
  switch (act) {
    case 'renew':
    case 'rekey':
      return (
        <RenewDialog
          projectId={projectId}
          devices={devices}
          mode={act}
          page="devices"
          onClose={onClose}
          onExport={(deviceIds) => onExport(deviceIds, false)}
          onRevoke={(renewed, ids) => onActing({ act: 'revoke', devices: renewed, certificateIds: ids })}
        />
      );
    case 'replace':
      return (
        <ReplaceDialog
          projectId={projectId}
          devices={devices}
          onClose={onClose}
          // the broker has to get the new revocation list too
          onExport={() =>
            onExport(
              devices.map((each) => each.deviceId),
              true,
            )
          }
        />
      );
    default:
      return (
        <RevokeDialog
          key={act}
          projectId={projectId}
          act={act}
          devices={devices}
          certificateIds={certificateIds}
          page="devices"
          onClose={onClose}
          onExportKit={() => onExport([], true)}
        />
      );
  }
}
