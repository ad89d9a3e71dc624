import { useEffect, useState } from 'react';
import type { MediaList, Medium } from '../../../../shared/model/export.ts';
import { call } from '../../bridge/client.ts';
import { useBridgeEvent } from '../../bridge/events.ts';

/** What becomes of the chosen place when the list of drives changes: a drive that was taken out is no longer chosen. */
export function stillThere(chosen: string | null, media: readonly Medium[], folders: readonly Medium[]): string | null {
  const all = [...media, ...folders];
  if (chosen !== null && all.some((each) => each.path === chosen)) return chosen;
  // a single stick is the one that is meant
  const removable = media.filter((each) => each.removable);
  return removable.length === 1 ? (removable[0]?.path ?? null) : null;
}

/** True when it is known that the export does not fit. Unknown sizes are not held against a drive. */
export function isTooSmall(medium: Medium, bytes: number | null): boolean {
  return bytes !== null && medium.free !== null && medium.free < bytes;
}

/** The drives of this computer, live while the component is there; null until first asked. */
export function useMedia(): MediaList | null {
  const [media, setMedia] = useState<MediaList | null>(null);
  useBridgeEvent('media.changed', setMedia);
  useEffect(() => {
    call('media.watch').then(
      // an event may have been faster, and is newer
      (found) => setMedia((now) => now ?? found),
      // without drives there is still the folder dialog
      () => setMedia((now) => now ?? { told: false, media: [] }),
    );
    return () => void call('media.unwatch').catch(() => {});
  }, []);
  return media;
}
