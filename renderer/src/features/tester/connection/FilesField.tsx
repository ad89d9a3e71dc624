import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCertificate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { DropFiles } from '../../../ui/DropFiles.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { Note } from '../../../ui/Note.tsx';
import { PassphraseField } from '../../../ui/PassphraseField.tsx';
import css from './Connection.module.css';
import type { StoredConnection } from './connection-draft.ts';
import type { ChosenFiles } from './use-files.ts';

/** Certificates and keys stay far below. */
const limit = 1024 * 1024;

interface Props {
  readonly title: string;
  readonly text: string;
  readonly chosen: ChosenFiles;
  /** What is stored already, and stays as long as nothing is chosen. */
  readonly kept: readonly NonNullable<StoredConnection['certificate']>[];
  /** Of the certificate that is stored: whether its key is, too. Null where none belongs to it. */
  readonly keyHere: boolean | null;
}

/** Files that are told apart by what is in them; what is wrong with them is said here, before anything is sent. */
export function FilesField({ title, text, chosen, kept, keyHere }: Props) {
  const { t } = useTranslation();
  const { look, files, pending, error } = chosen;
  const found = look && !look.wrong ? [...look.certificates, ...look.authorities] : [];
  const shown = files.length > 0 ? found : kept;
  const closed = look?.wrong?.problem.startsWith('passphrase');
  return (
    <div className={css.files}>
      {shown.length > 0 && <Certificates lines={shown} authorities={keyHere === null} />}
      {files.length === 0 && kept.length > 0 && keyHere !== null && (
        <p className={keyHere ? css.small : css.missing}>
          {t(keyHere ? 'connections.editor.keyHere' : 'connections.editor.keyMissing')}
        </p>
      )}
      {look?.wrong && (
        <Note tone="bad" icon={IconAlertTriangle} title={files.map(({ name }) => name).join(', ')}>
          <p>
            {look.wrong.file === '' || files.length === 1
              ? t(`connections.wrong.${look.wrong.problem}`)
              : t('connections.wrong.file', {
                  file: look.wrong.file,
                  problem: t(`connections.wrong.${look.wrong.problem}`),
                })}
          </p>
        </Note>
      )}
      {closed && (
        <div className={css.passphrase}>
          <PassphraseField
            label={t('connections.editor.keyPassphrase')}
            value={chosen.passphrase}
            onChange={chosen.setPassphrase}
            autoComplete="current-password"
          />
          <Button variant="default" loading={pending} onClick={chosen.open}>
            {t('connections.editor.checkFiles')}
          </Button>
        </div>
      )}
      {error && <ErrorPanel error={error} />}
      <div role="status" className="visually-hidden">
        {pending ? t('connections.editor.checking') : ''}
      </div>
      <DropFiles
        title={title}
        text={text}
        button={t(shown.length > 0 ? 'connections.editor.otherFiles' : 'connections.editor.choose')}
        pending={pending}
        limit={limit}
        onFiles={chosen.choose}
      />
    </div>
  );
}

interface LinesProps {
  readonly lines: Props['kept'];
  /** They are a list of their own; otherwise the first one is meant and the others stand above it. */
  readonly authorities: boolean;
}

function Certificates({ lines, authorities }: LinesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [now] = [Date.now()];
  return (
    <ul className={css.certificates}>
      {(authorities ? lines : lines.slice(0, 1)).map((each) => (
        <li key={each.fingerprint}>
          <IconCertificate size={22} stroke={1.7} aria-hidden />
          <div>
            <b>{t('connections.editor.found', { name: each.name, date: format.date(each.notAfter) })}</b>
            <span>{t('connections.editor.foundIssuer', { issuer: each.issuer })}</span>
            {!authorities && lines.length > 1 && <span>{t('connections.editor.foundMore', { count: lines.length - 1 })}</span>}
            {each.notAfter < now && (
              <span className={css.missing}>{t('connections.editor.expired', { date: format.date(each.notAfter) })}</span>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
