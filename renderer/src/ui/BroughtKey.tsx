import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import css from './BroughtKey.module.css';
import { Field } from './Field.tsx';
import { PassphraseField } from './PassphraseField.tsx';

/** The key of an authority that is kept elsewhere, for one act: the text of its file, and what opens it. */
export interface BroughtKeyDraft {
  /** Name of the file, for the person. */
  readonly file: string;
  readonly pem: string;
  readonly passphrase: string;
}

export const noKey: BroughtKeyDraft = { file: '', pem: '', passphrase: '' };

/** For a call: nothing while no file was chosen. */
export const keyOf = ({ pem, passphrase }: BroughtKeyDraft) => (pem === '' ? {} : { key: { pem, passphrase } });

/** Whether it can be used; an empty one is no mistake, half of one is. */
export const isWhole = ({ pem, passphrase }: BroughtKeyDraft) => pem !== '' && passphrase !== '';
export const isHalf = ({ pem, passphrase }: BroughtKeyDraft) => (pem === '') !== (passphrase === '');

/** What is wrong with the key, not with the act: then nothing was done yet, and another try needs another key. */
export const keyErrors: readonly string[] = ['KEY_PASSPHRASE_WRONG', 'AUTHORITY_KEY_OTHER', 'FILE_MALFORMED', 'FILE_TOO_LARGE'];

interface Props {
  readonly name: string;
  readonly value: BroughtKeyDraft;
  readonly onChange: (value: BroughtKeyDraft) => void;
}

/** Asks for the key file and its passphrase. The key is used for this act and not stored. */
export function BroughtKey({ name, value, onChange }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  // while a file is read somebody may type: what is there by then is kept
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  }, [value]);
  const change = (part: Partial<BroughtKeyDraft>) => onChange({ ...latest.current, ...part });
  const take = (chosen: File | undefined) => {
    if (!chosen) change({ file: '', pem: '' });
    else void chosen.text().then((pem) => change({ file: chosen.name, pem }));
  };
  return (
    <div className={css.form}>
      <Field label={t('authority.key.file', { name })} hint={t('authority.key.hint')}>
        {(aria) => (
          // the browser's own control speaks the language of the system, not that of the window
          <span className={css.pick}>
            <Button
              {...aria}
              variant="default"
              leftSection={<IconKey size={20} stroke={1.7} aria-hidden />}
              onClick={() => input.current?.click()}
            >
              {t('broker.sign.choose')}
            </Button>
            <span className="mono" role="status">
              {value.file}
            </span>
            <input
              ref={input}
              type="file"
              hidden
              tabIndex={-1}
              accept=".pem,.key"
              onChange={(event) => take(event.currentTarget.files?.[0])}
            />
          </span>
        )}
      </Field>
      <PassphraseField
        label={t('authority.key.passphrase')}
        value={value.passphrase}
        onChange={(passphrase) => change({ passphrase })}
        autoComplete="current-password"
      />
    </div>
  );
}
