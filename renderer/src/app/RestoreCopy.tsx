import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { reportOf } from '../bridge/client.ts';
import { useCall } from '../bridge/queries.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import { DeployedLists } from '../ui/DeployedLists.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Options } from '../ui/Options.tsx';
import { PassphraseField } from '../ui/PassphraseField.tsx';
import { Time } from '../ui/Time.tsx';
import css from './Gate.module.css';
import { VaultFile } from './VaultFile.tsx';
import { restoreVault } from './vault-actions.ts';

interface Props {
  readonly file: string;
  readonly lastOperator: string;
  readonly onBack: () => void;
}

/** Chooses one of the copies that lie beside the vault; it is checked before it takes the vault's place. */
export function RestoreCopy({ file, lastOperator, onBack }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const copies = useCall('vault.copies', undefined);
  const [chosen, setChosen] = useState<string | null>(null);
  const [operator, setOperator] = useState(lastOperator);
  const [passphrase, setPassphrase] = useState('');
  const [crls, setCrls] = useState<readonly string[]>([]);
  const [missing, setMissing] = useState<'operator' | 'passphrase' | null>(null);
  const operatorInput = useRef<HTMLInputElement>(null);
  const passphraseInput = useRef<HTMLInputElement>(null);
  const restore = useAction(restoreVault);
  useEffect(() => {
    document.title = t('app.windowTitle', { page: t('app.restore.title') });
  }, [t]);

  const list = copies.data ?? [];
  const name = chosen ?? list[0]?.name ?? null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (restore.pending || name === null) return;
    const lacks = operator.trim() === '' ? 'operator' : passphrase === '' ? 'passphrase' : null;
    setMissing(lacks);
    if (lacks) return (lacks === 'operator' ? operatorInput : passphraseInput).current?.focus();
    const input = { name, passphrase, operator: operator.trim(), crls: [...crls] };
    if (!(await restore.run(input))) passphraseInput.current?.select();
  };
  const wrong = restore.error?.code === 'PASSPHRASE_WRONG';
  return (
    <main className={css.alone}>
      <form className={css.card} onSubmit={(event) => void submit(event)} noValidate>
        <header className={css.brand}>
          <Mark size={40} />
          <h1>{t('app.restore.title')}</h1>
        </header>
        <VaultFile file={file} />
        {copies.error && <ErrorPanel error={reportOf(copies.error)} onRetry={() => void copies.refetch()} />}
        {copies.data && list.length === 0 && <p className={css.text}>{t('app.restore.none')}</p>}
        {list.length > 0 && (
          <>
            <p className={css.text}>{t('app.restore.text')}</p>
            {restore.error && !wrong && <ErrorPanel error={restore.error} />}
            <Options
              legend={t('app.restore.copies')}
              value={name}
              onChange={setChosen}
              options={list.map((copy, index) => ({
                value: copy.name,
                label: format.dateTime(copy.at),
                text: <Time at={copy.at}>{t(`app.restore.kind.${copy.kind}`)}</Time>,
                note: index === 0 ? t('app.restore.newest') : format.bytes(copy.size),
              }))}
            />
            <TextInput
              ref={operatorInput}
              label={t('app.unlock.operator')}
              value={operator}
              onChange={(event) => setOperator(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
              error={missing === 'operator' && t('app.welcome.operatorMissing')}
            />
            <PassphraseField
              ref={passphraseInput}
              label={t('app.restore.passphrase')}
              value={passphrase}
              onChange={setPassphrase}
              autoComplete="current-password"
              autoFocus
              error={
                wrong ? <span role="alert">{t('app.restore.wrong')}</span> : missing === 'passphrase' && t('app.unlock.missing')
              }
            />
            <DeployedLists files={crls} onChange={setCrls} />
            <Button type="submit" size="lg" fullWidth aria-disabled={restore.pending} data-busy={restore.pending || undefined}>
              {t(restore.pending ? 'app.restore.busy' : 'app.restore.submit')}
            </Button>
          </>
        )}
        <div className={css.other}>
          <Button variant="subtle" size="sm" onClick={onBack}>
            {t('app.restore.back')}
          </Button>
        </div>
      </form>
    </main>
  );
}
