import { lazy, Suspense, use, useEffect } from 'react';
import { I18nContext } from 'react-i18next';
import { reportActivity } from '../bridge/activity.ts';
import type { Session } from '../bridge/session.ts';
import { AllWords } from '../locales/AllWords.tsx';
import { loadAllWords } from '../locales/i18n.ts';
import { onceDrawn } from './start.ts';
import { Unlock } from './Unlock.tsx';

const loadShell = () => import('./Shell.tsx');
const Shell = lazy(async () => ({ default: (await loadShell()).Shell }));
const Welcome = lazy(async () => ({ default: (await import('./Welcome.tsx')).Welcome }));

/** Which of the three faces the window shows follows from the vault, and from nothing else. */
export function Gate({ session }: { readonly session: Session }) {
  const { vault } = session;
  const i18n = use(I18nContext)?.i18n;
  const unlocked = vault.state === 'unlocked';
  useEffect(() => (unlocked ? reportActivity() : undefined), [unlocked]);
  useEffect(() => {
    performance.mark('fieldkey:ready');
    // while the passphrase is being typed there is time to load what comes after it
    return onceDrawn(() => void Promise.all([i18n && loadAllWords(i18n), loadShell()]));
  }, [i18n]);
  switch (vault.state) {
    case 'none':
      return (
        <Suspense>
          <AllWords>
            <Welcome key={vault.file} file={vault.file} />
          </AllWords>
        </Suspense>
      );
    case 'locked':
      return <Unlock key={vault.file} file={vault.file} lastOperator={vault.lastOperator} keychain={vault.keychain} />;
    case 'unlocked':
      return (
        <Suspense>
          <AllWords>
            <Shell vault={vault} />
          </AllWords>
        </Suspense>
      );
  }
}
