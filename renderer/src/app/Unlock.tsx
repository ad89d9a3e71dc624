import { Button, TextInput } from '@mantine/core';
import { IconFlask, IconKey } from '@tabler/icons-react';
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorReport } from '../../../shared/errors.ts';
import { useAction } from '../bridge/action.ts';
import { useLocalBroker } from '../bridge/local-broker.ts';
import { beginPractice } from '../bridge/practice.ts';
import { useLoadedSession } from '../bridge/session.ts';
import { AllWords } from '../locales/AllWords.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Mark } from '../ui/Mark.tsx';
import { PassphraseField } from '../ui/PassphraseField.tsx';
import css from './Gate.module.css';
import { TemporaryStrip } from './PracticeStrip.tsx';
import { VaultFile } from './VaultFile.tsx';
import { choosePlace, chooseVault, takeRestoreWish, unlockByKeychain, unlockVault } from './vault-actions.ts';

const RestoreBackup = lazy(async () => ({ default: (await import('./RestoreBackup.tsx')).RestoreBackup }));
const RecoverVault = lazy(async () => ({ default: (await import('./RecoverVault.tsx')).RecoverVault }));
const RestoreCopy = lazy(async () => ({ default: (await import('./RestoreCopy.tsx')).RestoreCopy }));

interface Props {
  readonly file: string;
  readonly lastOperator: string;
  /** This computer's keychain may open it. */
  readonly keychain: boolean;
}

/** What is answered by a copy, when there is one. */
const lost: ReadonlySet<ErrorReport['code']> = new Set([
  'VAULT_DAMAGED',
  'VAULT_TAMPERED',
  'VAULT_NOT_A_VAULT',
  'VAULT_NOT_FOUND',
]);

/** Ways to open a vault without its present file or its passphrase. */
type Way = 'copy' | 'backup' | 'shares';

export function Unlock(props: Props) {
  const [way, setWay] = useState<Way | null>(() => (takeRestoreWish() ? 'copy' : null));
  if (way === null) return <UnlockForm {...props} onWay={setWay} />;
  const back = () => setWay(null);
  return (
    <Suspense>
      <AllWords>
        {way === 'copy' && <RestoreCopy {...props} onBack={back} />}
        {way === 'backup' && <RestoreBackup {...props} replaces onBack={back} />}
        {way === 'shares' && <RecoverVault {...props} onBack={back} />}
      </AllWords>
    </Suspense>
  );
}

function UnlockForm({ file, lastOperator, keychain, onWay }: Props & { readonly onWay: (way: Way) => void }) {
  const { t } = useTranslation();
  const { settings } = useLoadedSession();
  // who was here last, or who this computer says it is; never a guess: the name stands in the record
  const known = lastOperator || settings.defaults.operator;
  const [operator, setOperator] = useState(known);
  const [passphrase, setPassphrase] = useState('');
  const [missing, setMissing] = useState<'operator' | 'passphrase' | null>(null);
  const operatorInput = useRef<HTMLInputElement>(null);
  const passphraseInput = useRef<HTMLInputElement>(null);
  const unlock = useAction(unlockVault);
  const byKeychain = useAction(unlockByKeychain);
  // what the keychain cannot do now is not offered again
  const offered = keychain && byKeychain.error === null;
  const broker = useLocalBroker();
  const other = useAction((ask: () => Promise<void>) => ask());
  useEffect(() => {
    document.title = t('app.windowTitle', { page: t('app.unlock.title') });
  }, [t]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (unlock.pending || byKeychain.pending) return;
    if (offered && passphrase === '') return openByKeychain();
    const lacks = operator.trim() === '' ? 'operator' : passphrase === '' ? 'passphrase' : null;
    setMissing(lacks);
    if (lacks) return (lacks === 'operator' ? operatorInput : passphraseInput).current?.focus();
    other.clear();
    // on success this page is gone and the passphrase with it
    if (!(await unlock.run(passphrase, operator))) passphraseInput.current?.select();
  };

  const openByKeychain = async () => {
    if (unlock.pending || byKeychain.pending) return;
    setMissing(operator.trim() === '' ? 'operator' : null);
    if (operator.trim() === '') return operatorInput.current?.focus();
    unlock.clear();
    other.clear();
    if (!(await byKeychain.run(operator))) passphraseInput.current?.focus();
  };

  const wrong = unlock.error?.code === 'PASSPHRASE_WRONG';
  const failure = (wrong ? null : unlock.error) ?? other.error ?? byKeychain.error;
  return (
    <main className={css.alone}>
      {broker && (
        <div className={css.running}>
          <TemporaryStrip broker={broker} />
        </div>
      )}
      <form className={css.card} onSubmit={(event) => void submit(event)} noValidate>
        <header className={css.brand}>
          <Mark size={40} />
          <h1>{t('app.unlock.title')}</h1>
        </header>
        <VaultFile file={file} />
        {failure && (
          <ErrorPanel
            error={failure}
            action={
              lost.has(failure.code) && (
                <Button size="sm" onClick={() => onWay('copy')}>
                  {t('app.restore.open')}
                </Button>
              )
            }
          />
        )}
        <TextInput
          ref={operatorInput}
          label={t('app.unlock.operator')}
          description={t('app.unlock.operatorHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={operator}
          onChange={(event) => setOperator(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          autoFocus={known === ''}
          error={missing === 'operator' && t('app.welcome.operatorMissing')}
        />
        {offered && (
          <>
            <Button
              size="lg"
              fullWidth
              autoFocus={known !== ''}
              leftSection={<IconKey size={20} stroke={1.8} aria-hidden />}
              aria-disabled={byKeychain.pending}
              data-busy={byKeychain.pending || undefined}
              onClick={() => void openByKeychain()}
            >
              {t(byKeychain.pending ? 'app.unlock.busy' : 'app.unlock.byKeychain')}
            </Button>
            <p className={css.or}>{t('app.unlock.or')}</p>
          </>
        )}
        <PassphraseField
          ref={passphraseInput}
          label={t('app.unlock.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
          autoFocus={known !== '' && !offered}
          error={
            wrong ? (
              <span role="alert">
                {t('app.unlock.wrong')} <span className={css.help}>{t('app.unlock.wrongHelp')}</span>
              </span>
            ) : (
              missing === 'passphrase' && t('app.unlock.missing')
            )
          }
        />
        <Button
          type="submit"
          size="lg"
          fullWidth
          variant={offered ? 'default' : 'filled'}
          aria-disabled={unlock.pending}
          data-busy={unlock.pending || undefined}
        >
          {unlock.pending ? t('app.unlock.busy') : t('app.unlock.submit')}
        </Button>
        <div className={css.other}>
          <Button variant="subtle" size="sm" onClick={() => onWay('shares')}>
            {t('safety.recover.open')}
          </Button>
          <Button variant="subtle" size="sm" onClick={() => onWay('backup')}>
            {t('safety.restore.open')}
          </Button>
          <Button variant="subtle" size="sm" onClick={() => void other.run(chooseVault)}>
            {t('app.unlock.openOther')}
          </Button>
          <Button variant="subtle" size="sm" onClick={() => void other.run(choosePlace)}>
            {t('app.unlock.createNew')}
          </Button>
          <Button
            variant="subtle"
            size="sm"
            leftSection={<IconFlask size={18} stroke={1.8} aria-hidden />}
            aria-disabled={other.pending}
            onClick={() => !other.pending && void other.run(beginPractice)}
          >
            {t('practice.begin.action')}
          </Button>
        </div>
      </form>
    </main>
  );
}
