import { lazy, Suspense, useEffect } from 'react';
import { reportActivity } from '../bridge/activity.ts';
import type { Session } from '../bridge/session.ts';
import { Unlock } from './Unlock.tsx';

const loadShell = () => import('./Shell.tsx');
const Shell = lazy(async () => ({ default: (await loadShell()).Shell }));
const Welcome = lazy(async () => ({ default: (await import('./Welcome.tsx')).Welcome }));

/** Which of the three faces the window shows follows from the vault, and from nothing else. */
export function Gate({ session }: { readonly session: Session }) {
  const { vault } = session;
  const unlocked = vault.state === 'unlocked';
  useEffect(() => (unlocked ? reportActivity() : undefined), [unlocked]);
  useEffect(() => {
    performance.mark('fieldkey:ready');
    // while the passphrase is being typed there is time to load what comes after it
    const idle = requestIdleCallback(() => void loadShell());
    return () => cancelIdleCallback(idle);
  }, []);
  switch (vault.state) {
    case 'none':
      return (
        <Suspense>
          <Welcome key={vault.file} file={vault.file} />
        </Suspense>
      );
    case 'locked':
      return <Unlock key={vault.file} file={vault.file} lastOperator={vault.lastOperator} keychain={vault.keychain} />;
    case 'unlocked':
      return (
        <Suspense>
          <Shell vault={vault} />
        </Suspense>
      );
  }
}
