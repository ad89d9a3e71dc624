import { type ReactNode, useState } from 'react';
import { useCall } from '../../bridge/queries.ts';
import { isHalf, isWhole, keyOf, noKey } from '../BroughtKey.tsx';
import { BringKey } from './SignList.tsx';

/** The key of who issues, where it is kept elsewhere: asked for before an act that cannot be done without it. */
export interface IssuerKey {
  /** The key file and its passphrase; null where every key that is needed is in the vault. */
  readonly field: ReactNode;
  /** For the call. */
  readonly given: ReturnType<typeof keyOf>;
  /** The act would end with AUTHORITY_OFFLINE, or half of a key was given. */
  readonly lacking: boolean;
  /** After the act: it was for this once. */
  readonly forget: () => void;
}

/** For certificates of devices and of the observer, or of the broker. */
export function useIssuerKey(projectId: number, ...purposes: readonly ('devices' | 'broker')[]): IssuerKey {
  const list = useCall('authority.list', { projectId });
  const [key, setKey] = useState(noKey);
  const offline = (list.data?.authorities ?? []).filter(
    ({ state, keyHere, outside, issuesDevices, issuesBroker }) =>
      state === 'active' &&
      !keyHere &&
      !outside &&
      purposes.some((purpose) => (purpose === 'devices' ? issuesDevices : issuesBroker)),
  );
  const asked = offline.length > 0;
  return {
    field: asked ? <BringKey authorities={offline} issuing value={key} onChange={setKey} /> : null,
    given: asked ? keyOf(key) : {},
    lacking: asked && (!isWhole(key) || isHalf(key)),
    forget: () => setKey(noKey),
  };
}
