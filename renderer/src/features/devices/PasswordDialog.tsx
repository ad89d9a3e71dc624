import { Button } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { shownAtOnce } from '../../../../shared/model/password.ts';
import { checkPassword } from '../../../../shared/rules/password.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { problemText } from '../../ui/error-text.ts';
import { Tick } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import css from './Password.module.css';

interface Props {
  readonly projectId: number;
  readonly devices: readonly { readonly deviceId: number; readonly id: string }[];
  readonly onClose: () => void;
  readonly onExport: () => void;
}

/** New passwords. What was made is shown in this dialog once, and never again on any page. */
export function PasswordDialog({ projectId, devices, onClose, onExport }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [kind, setKind] = useState<'random' | 'typed'>('random');
  const [typed, setTyped] = useState('');
  const [old, setOld] = useState<'overlap' | 'once'>('overlap');
  const few = devices.length <= shownAtOnce;
  const [show, setShow] = useState(false);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<CallOutput<'password.make'> | null>(null);
  const single = devices.length === 1 ? devices[0] : undefined;
  const name = single?.id ?? t('credentials.dialog.devices', { count: devices.length });
  const [wrong] = kind === 'typed' && single ? checkPassword(typed) : [];
  const make = useAction(async () => {
    const secret = kind === 'typed' && single ? { typed } : {};
    const deviceIds = devices.map(({ deviceId }) => deviceId);
    setMade(
      await call('password.make', {
        projectId,
        deviceIds,
        ...secret,
        overlap: old === 'overlap',
        show: show && kind === 'random',
      }),
    );
    setTyped('');
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrong && !make.pending) void make.run();
  };
  const title = t('credentials.dialog.title', { name });
  if (made) {
    return (
      <Dialog title={title} onClose={onClose}>
        <div role="status">
          <Note tone="ok" icon={IconCircleCheck} title={t('credentials.dialog.made', { count: made.made })}>
            <p>{t(made.shown.length > 0 ? 'credentials.dialog.onceOnly' : 'credentials.dialog.inBundles')}</p>
          </Note>
        </div>
        {made.shown.length > 0 && (
          <ul className={css.shown}>
            {made.shown.map((each) => (
              <li key={each.id}>
                <span>
                  {t('credentials.dialog.user')} <b className="mono">{each.user}</b>
                </span>
                <CopyButton text={each.user} what={t('credentials.dialog.copyUser', { name: each.id })} />
                <span className="mono">{each.password}</span>
                <CopyButton text={each.password} what={t('credentials.dialog.copyPassword', { name: each.id })} />
              </li>
            ))}
          </ul>
        )}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('credentials.dialog.close')}
          </Button>
          <Button onClick={onExport}>{t('credentials.dialog.export')}</Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={css.form} onSubmit={submit} noValidate>
        {single && (
          <Options
            legend={t('credentials.dialog.what')}
            value={kind}
            onChange={setKind}
            options={(['random', 'typed'] as const).map((value) => ({
              value,
              label: t(`credentials.dialog.${value}.label`),
              text: t(`credentials.dialog.${value}.text`),
            }))}
          />
        )}
        {single && kind === 'typed' && (
          <PassphraseField
            label={t('credentials.dialog.field')}
            value={typed}
            onChange={setTyped}
            autoComplete="new-password"
            error={tried && wrong && problemText(wrong, t, format)}
          />
        )}
        <Options
          legend={t('credentials.dialog.when')}
          value={old}
          onChange={setOld}
          options={(['overlap', 'once'] as const).map((value) => ({
            value,
            label: t(`credentials.dialog.${value}.label`),
            text: t(`credentials.dialog.${value}.text`),
          }))}
        />
        {old === 'overlap' && (
          <Note tone="wait" icon={IconInfoCircle}>
            {t('credentials.dialog.session')}
          </Note>
        )}
        {few && kind === 'random' && <Tick label={t('credentials.dialog.show')} checked={show} onChange={setShow} />}
        {make.error && <ErrorPanel error={make.error} />}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('credentials.dialog.cancel')}
          </Button>
          <Button type="submit">
            {make.pending
              ? t('credentials.dialog.busy')
              : single
                ? t('credentials.dialog.submit')
                : t('credentials.dialog.submitMany', { count: devices.length })}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
