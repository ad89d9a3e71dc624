import { Button } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import { ConnectionField } from './ConnectionField.tsx';
import { type Choice, type choiceProblem, trusts } from './choice.ts';
import css from './Doctor.module.css';

interface Props {
  readonly projectId: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
  readonly problem: ReturnType<typeof choiceProblem>;
}

/** What an identity needs besides its kind: the device, files, a login, whom to trust. */
export function IdentityFields({ projectId, choice, onChange, problem }: Props) {
  const { t } = useTranslation();
  const { kind, device } = choice;
  if (kind === 'observer') return null;
  if (kind === 'own')
    return <ConnectionField projectId={projectId} choice={choice} onChange={onChange} missing={problem === 'own'} />;
  if (kind === 'device') {
    return (
      <div className={css.device}>
        <span>{t('doctor.form.device')}</span>
        {device ? <b className="mono">{device.id}</b> : <span>{t('doctor.form.noDevice')}</span>}
        {device && (
          <Button variant="default" size="sm" onClick={() => onChange({ device: null })}>
            {t('doctor.form.otherDevice')}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className={css.identity}>
      {kind === 'files' && (
        <>
          <FileField
            label={t('doctor.form.certificate')}
            path={choice.certificate}
            onChange={(certificate) => onChange({ certificate })}
            error={problem === 'certificate' ? t('doctor.form.missing') : null}
          />
          <FileField label={t('doctor.form.key')} path={choice.key} onChange={(key) => onChange({ key })} />
          <PassphraseField
            label={t('doctor.form.passphrase')}
            value={choice.passphrase}
            onChange={(passphrase) => onChange({ passphrase })}
            autoComplete="current-password"
          />
        </>
      )}
      {kind === 'password' && (
        <>
          <TextField
            label={t('doctor.form.user')}
            value={choice.username}
            onChange={(username) => onChange({ username })}
            error={problem === 'username' && t('doctor.form.missingUser')}
          />
          <PassphraseField
            label={t('doctor.form.password')}
            value={choice.password}
            onChange={(password) => onChange({ password })}
            autoComplete="current-password"
          />
        </>
      )}
      <TextField
        label={t('doctor.form.clientId')}
        hint={t('doctor.form.clientIdHint')}
        value={choice.clientId}
        onChange={(clientId) => onChange({ clientId })}
        mono
      />
      {trusts(kind) && (
        <SelectField
          label={t('doctor.form.trust')}
          value={choice.trust}
          options={(['project', 'public', 'file'] as const).map((value) => ({
            value,
            label: t(`doctor.form.trustKind.${value}`),
          }))}
          onChange={(trust) => onChange({ trust })}
        />
      )}
      {choice.trust === 'file' && (
        <FileField
          label={t('doctor.form.authority')}
          path={choice.authority}
          onChange={(authority) => onChange({ authority })}
          error={problem === 'authority' ? t('doctor.form.missingAuthority') : null}
        />
      )}
    </div>
  );
}

interface FileProps {
  readonly label: string;
  /** Empty = none. */
  readonly path: string;
  readonly onChange: (path: string) => void;
  readonly error?: string | null;
}

/** A file of this computer, by its path: main reads it when the check begins, the page never does. */
function FileField({ label, path, onChange, error = null }: FileProps) {
  const { t } = useTranslation();
  const id = useId();
  const choose = useAction(async () => {
    const chosen = await call('import.choose', { what: 'file' });
    if (chosen) onChange(chosen.path);
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form
    <div className={css.file} role="group" aria-labelledby={id}>
      <b id={id}>{label}</b>
      <div>
        <span className={path === '' ? css.quiet : 'mono'}>{path === '' ? t('doctor.form.noFile') : path}</span>
        <Button variant="default" size="sm" onClick={() => void choose.run()}>
          {t('doctor.form.choose')}
        </Button>
        {path !== '' && (
          <Button variant="subtle" size="sm" onClick={() => onChange('')}>
            {t('doctor.form.remove')}
          </Button>
        )}
      </div>
      {error !== null && (
        <p className={css.wrong} role="alert">
          {error}
        </p>
      )}
      {choose.error && <ErrorPanel error={choose.error} />}
    </div>
  );
}
