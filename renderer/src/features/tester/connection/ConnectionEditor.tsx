import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Button, Drawer } from '@mantine/core';
import { IconAlertTriangle, IconLockOpen, IconUpload } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  defaultPorts,
  isEncrypted,
  isWebSocket,
  type OwnConnection,
  type Transport,
  transports,
} from '../../../../../shared/model/own-connection.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { problemText } from '../../../ui/error-text.ts';
import { SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { Note } from '../../../ui/Note.tsx';
import { Options } from '../../../ui/Options.tsx';
import { PassphraseField } from '../../../ui/PassphraseField.tsx';
import { WriteButton } from '../../../ui/WriteButton.tsx';
import { AuthenticationFields, useAuthentication } from './AuthenticationFields.tsx';
import css from './Connection.module.css';
import {
  type ConnectionDraft,
  draftOf,
  ofVault,
  problemsOf,
  type StoredConnection,
  settingsOf,
  whoChoices,
} from './connection-draft.ts';
import { FilesField } from './FilesField.tsx';
import { FilterRows } from './FormParts.tsx';
import { MqttFields } from './MqttFields.tsx';
import { SpeakerField } from './SpeakerField.tsx';
import { TlsFields } from './TlsFields.tsx';
import { useFiles } from './use-files.ts';
import { WillFields } from './WillFields.tsx';

interface Props {
  readonly projectId: number;
  /** Null = a new one. */
  readonly stored: StoredConnection | null;
  /** A new one that begins as the stored one, with its secrets. */
  readonly copy: boolean;
  /** What a new one begins with. */
  readonly begin?: OwnConnection | undefined;
  readonly onClose: () => void;
  /** Somebody has the connection in a file of another program. */
  readonly onImport: () => void;
  readonly onSaved: (connection: StoredConnection) => void;
}

/** What the fields of a part of the form get. */
export interface PartProps {
  readonly draft: ConnectionDraft;
  readonly change: (part: Partial<ConnectionDraft>) => void;
  /** The sentence about what is wrong at a place of the settings; false before somebody has tried to save. */
  readonly wrong: (path: string) => string | false;
}

/** Everything about one connection: the simple things first, the rest folded. */
export function ConnectionEditor({ projectId, stored, copy, begin, onClose, onImport, onSaved }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [draft, setDraft] = useState<ConnectionDraft>(() => {
    const begun = draftOf(stored, begin);
    return copy ? { ...begun, name: t('connections.list.copyName', { name: begun.name }) } : begun;
  });
  const [password, setPassword] = useState('');
  const [forget, setForget] = useState(false);
  const authentication = useAuthentication();
  const [tried, setTried] = useState(false);
  const identity = useFiles('identity');
  const authorities = useFiles('authorities');
  const form = useRef<HTMLFormElement>(null);
  const change = (part: Partial<ConnectionDraft>) => setDraft((before) => ({ ...before, ...part }));
  const problems = problemsOf(draft, authorities.files.length > 0);
  const wrong = (path: string) => {
    const found = tried ? problems.get(path) : undefined;
    return found === undefined ? false : problemText(found, t, format);
  };
  const asksMore = draft.mqtt.protocol !== '3.1.1' && draft.mqtt.authenticationMethod !== '';
  const partWrong =
    (asksMore && authentication.wrong) ||
    (draft.who === 'files' && identity.look?.wrong != null) ||
    (draft.tls.trust === 'file' && authorities.look?.wrong != null);
  const certificateMissing = draft.who === 'files' && identity.files.length === 0 && draft.tls.certificate === '';
  const save = useAction(async () => {
    const given = (files: typeof identity.files) => files.map(({ name, bytes }) => ({ name, bytes }));
    const answer = await call('connection.put', {
      projectId,
      id: copy ? null : (stored?.id ?? null),
      like: copy ? (stored?.id ?? null) : null,
      settings: settingsOf(
        // the file that comes with it fills the place
        authorities.files.length > 0 ? { ...draft, tls: { ...draft.tls, ca: ' ' } } : draft,
      ),
      ...(draft.who === 'files' && identity.files.length > 0 ? { identity: given(identity.files) } : {}),
      ...(draft.tls.trust === 'file' && authorities.files.length > 0 ? { authorities: given(authorities.files) } : {}),
      ...(identity.passphrase === '' ? {} : { keyPassphrase: identity.passphrase }),
      ...(draft.who === 'none' || ofVault(draft.who) || forget ? { password: '' } : password === '' ? {} : { password }),
      ...authentication.put,
    });
    if (answer.done) onSaved(answer.connection);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problems.size > 0 || partWrong || certificateMissing || identity.pending || authorities.pending) {
      // what is wrong may lie in a part that is folded
      requestAnimationFrame(() => showFirst(form.current));
      return;
    }
    void save.run();
  };
  const transport = (next: Transport) =>
    change({
      transport: next,
      // a port that nobody chose follows
      ...(draft.port === String(defaultPorts[draft.transport]) ? { port: String(defaultPorts[next]) } : {}),
    });
  const title = stored && !copy ? t('connections.editor.change', { name: stored.settings.name }) : t('connections.editor.add');
  const part: PartProps = { draft, change, wrong };
  const encrypted = isEncrypted(draft.transport);
  // who is known by a certificate needs TLS; what was chosen before stays, and is told
  const choices = whoChoices.filter((who) => encrypted || who === 'none' || who === 'login' || draft.who === who);
  const ofItsOwn = draft.who === 'login' || draft.who === 'files';
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={640}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.drawer ?? '', overlay: css.overlay ?? '', body: css.body ?? '' }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={title} radius={0}>
        <div className={css.header}>
          <h2>{title}</h2>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('common.close')} />
        </div>
        <Drawer.Body>
          <form ref={form} noValidate onSubmit={submit} className={css.form}>
            <section aria-label={t('connections.editor.where')} className={css.part}>
              <div className={css.line}>
                <h3>{t('connections.editor.where')}</h3>
                {stored === null && (
                  <Button variant="subtle" size="sm" leftSection={<IconUpload size={18} aria-hidden />} onClick={onImport}>
                    {t('connections.list.import')}
                  </Button>
                )}
              </div>
              <TextField
                label={t('connections.editor.name')}
                placeholder={t('connections.editor.namePlaceholder')}
                value={draft.name}
                onChange={(name) => change({ name })}
                error={wrong('name')}
                maxLength={100}
              />
              <SelectField
                label={t('connections.editor.transport')}
                value={draft.transport}
                options={transports.map((value) => ({ value, label: t(`connections.editor.transports.${value}`) }))}
                onChange={transport}
              />
              <div className={css.place} data-path={isWebSocket(draft.transport) || undefined}>
                <TextField
                  label={t('connections.editor.host')}
                  value={draft.host}
                  onChange={(host) => change({ host })}
                  error={wrong('host')}
                  mono
                />
                <TextField
                  label={t('connections.editor.port')}
                  value={draft.port}
                  onChange={(port) => change({ port })}
                  error={wrong('port')}
                  maxLength={5}
                  numeric
                  mono
                />
                {isWebSocket(draft.transport) && (
                  <TextField
                    label={t('connections.editor.path')}
                    value={draft.path}
                    onChange={(path) => change({ path })}
                    error={wrong('path')}
                    maxLength={2_000}
                    mono
                  />
                )}
              </div>
              {!encrypted && (
                <Note tone="bad" icon={IconLockOpen} title={t('connections.editor.plainTitle')}>
                  <p>{t('connections.editor.plain')}</p>
                </Note>
              )}
            </section>
            <section aria-label={t('connections.editor.who')} className={css.part}>
              <h3>{t('connections.editor.who')}</h3>
              <Options
                legend={t('connections.editor.who')}
                hiddenLegend
                layout="row"
                value={draft.who}
                options={choices.map((value) => ({ value, label: t(`connections.editor.whoOptions.${value}`) }))}
                onChange={(who) => change({ who })}
              />
              {wrong('speaksAs') && (
                <p className={css.missing} aria-invalid="true">
                  {wrong('speaksAs')}
                </p>
              )}
              {ofVault(draft.who) && <SpeakerField {...part} projectId={projectId} stored={stored} />}
              {draft.who === 'files' && (
                <FilesField
                  title={t('connections.editor.identityDrop')}
                  text={t('connections.editor.identityDropText')}
                  chosen={identity}
                  kept={stored?.certificate && stored.speaker === null ? [stored.certificate] : []}
                  keyHere={stored?.has.key ?? false}
                />
              )}
              {tried && certificateMissing && (
                <p className={css.missing} aria-invalid="true">
                  {t('connections.wrong.nothing')}
                </p>
              )}
              {ofItsOwn && (
                <div className={css.two}>
                  <TextField
                    label={t('connections.editor.user')}
                    note={draft.who === 'files' ? t('connections.editor.optional') : undefined}
                    value={draft.user}
                    onChange={(user) => change({ user })}
                    error={wrong('user')}
                    maxLength={65_535}
                    mono
                  />
                  <div className={css.secret}>
                    <PassphraseField
                      label={t('connections.editor.password')}
                      value={password}
                      onChange={setPassword}
                      autoComplete="new-password"
                      description={stored?.has.password && !forget ? t('connections.editor.passwordKept') : undefined}
                    />
                  </div>
                </div>
              )}
              {ofItsOwn && stored?.has.password && (
                <Tick label={t('connections.editor.passwordForget')} checked={forget} onChange={setForget} />
              )}
            </section>
            <section className={css.part}>
              {encrypted && (
                <Fold summary={t('connections.editor.tls')}>
                  <TlsFields {...part} chosen={authorities} kept={stored?.authorities ?? []} />
                </Fold>
              )}
              <Fold summary={t('connections.editor.mqtt')}>
                <MqttFields
                  {...part}
                  authentication={
                    <AuthenticationFields
                      {...part}
                      typed={authentication.typed}
                      onTyped={authentication.setTyped}
                      tried={tried}
                      kept={stored?.has}
                    />
                  }
                />
              </Fold>
              <Fold summary={t('connections.editor.will')}>
                <WillFields {...part} />
              </Fold>
              <Fold summary={t('connections.editor.subscriptions')}>
                <FilterRows
                  values={draft.subscriptions}
                  onChange={(subscriptions) => change({ subscriptions })}
                  problem={(index) => wrong(`subscriptions[${index}].filter`)}
                />
              </Fold>
            </section>
            <footer className={css.footer}>
              <div role="status" className={css.status}>
                {tried && (problems.size > 0 || partWrong || certificateMissing) && (
                  <span className={css.missing}>
                    <IconAlertTriangle size={18} aria-hidden /> {t('connections.editor.check')}
                  </span>
                )}
              </div>
              {save.error && <ErrorPanel error={save.error} />}
              <Button variant="default" onClick={onClose}>
                {t('connections.editor.cancel')}
              </Button>
              <WriteButton type="submit" loading={save.pending}>
                {t('connections.editor.save')}
              </WriteButton>
            </footer>
          </form>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** Unfolds and focuses the first field that something is wrong with. */
function showFirst(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  first?.closest('details')?.setAttribute('open', '');
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}
