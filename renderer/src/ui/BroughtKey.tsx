import { useTranslation } from 'react-i18next';
import css from './BroughtKey.module.css';
import fieldCss from './Field.module.css';
import { Field } from './Field.tsx';
import { PassphraseField } from './PassphraseField.tsx';

/** The key of an authority that is kept elsewhere, for one act: the text of its file, and what opens it. */
export interface BroughtKeyDraft {
  readonly pem: string;
  readonly passphrase: string;
}

export const noKey: BroughtKeyDraft = { pem: '', passphrase: '' };

/** For a call: nothing while no file was chosen. */
export const keyOf = (draft: BroughtKeyDraft) => (draft.pem === '' ? {} : { key: draft });

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
  return (
    <div className={css.form}>
      <Field label={t('authority.key.file', { name })} hint={t('authority.key.hint')}>
        {(aria) => (
          <input
            {...aria}
            type="file"
            accept=".pem,.key"
            className={`${fieldCss.input} ${css.file}`}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (!file) onChange({ ...value, pem: '' });
              else void file.text().then((pem) => onChange({ ...value, pem }));
            }}
          />
        )}
      </Field>
      <PassphraseField
        label={t('authority.key.passphrase')}
        value={value.passphrase}
        onChange={(passphrase) => onChange({ ...value, passphrase })}
        autoComplete="current-password"
      />
    </div>
  );
}
