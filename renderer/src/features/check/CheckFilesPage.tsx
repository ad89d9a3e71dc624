import { Button } from '@mantine/core';
import { IconCheck, IconLock, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { DropFiles, type ReadFile } from '../../ui/DropFiles.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { FindingList } from '../../ui/FindingList.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import { TonePill } from '../../ui/StatePill.tsx';
import css from './Check.module.css';

type Found = CallOutput<'files.inspect'>[number];
const fileLimit = 24 * 1024 * 1024;

/** What files are, and what is wrong with them. Nothing is stored, no key is shown. */
export function CheckFilesPage() {
  const { t } = useTranslation();
  const [files, setFiles] = useState<readonly ReadFile[]>([]);
  const [passphrase, setPassphrase] = useState('');
  const [found, setFound] = useState<readonly Found[]>([]);
  const look = useAction(async (wanted: readonly ReadFile[]) => {
    const sent = wanted.slice(0, 200).map(({ name, bytes }) => ({ name, bytes }));
    setFound(await call('files.inspect', { files: sent, ...(passphrase === '' ? {} : { passphrase }) }));
  });
  const take = (next: readonly ReadFile[]) => {
    setFiles(next);
    void look.run(next);
  };
  return (
    <div className={css.page}>
      <PageHeader page={t('checking.page')} title={t('checking.title')} lead={t('checking.lead')} />
      <DropFiles
        title={t('checking.drop')}
        text={t('checking.dropText')}
        button={t('intake.choose')}
        pending={look.pending}
        limit={fileLimit}
        onFiles={take}
      />
      {look.error && <ErrorPanel error={look.error} />}
      {found.some(({ closed }) => closed) && (
        <form
          className={css.open}
          onSubmit={(event) => {
            event.preventDefault();
            void look.run(files);
          }}
        >
          <PassphraseField
            label={t('checking.passphrase')}
            value={passphrase}
            onChange={setPassphrase}
            autoComplete="current-password"
          />
          <Button type="submit" variant="default">
            {t('checking.open')}
          </Button>
        </form>
      )}
      <ul className={css.list} aria-label={t('checking.list')}>
        {found.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
          <FoundCard key={index} found={each} />
        ))}
      </ul>
    </div>
  );
}

function FoundCard({ found }: { readonly found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errors = found.findings.filter(({ severity }) => severity === 'error').length;
  const bad = errors > 0 || found.refusal !== null || found.kind === 'unknown';
  return (
    <li className={css.card}>
      <div className={css.head}>
        <div>
          <b>{t(`checking.kind.${found.kind}`)}</b> {found.name !== '' && <span className="mono">{found.name}</span>}
        </div>
        {found.closed ? (
          <TonePill tone="wait" icon={IconLock}>
            {t('checking.closed')}
          </TonePill>
        ) : bad ? (
          <TonePill tone="bad" icon={IconX}>
            {t('checking.bad')}
          </TonePill>
        ) : (
          <TonePill tone="ok" icon={IconCheck}>
            {t(found.findings.length > 0 ? 'checking.usable' : 'checking.fine')}
          </TonePill>
        )}
      </div>
      <p className={css.facts}>
        <span>{found.file}</span>
        {found.issuer !== null && <span>{t('checking.issuer', { issuer: found.issuer })}</span>}
        {found.notAfter !== null && <span>{t('importing.until', { date: format.date(found.notAfter) })}</span>}
        {found.entries !== null && <span>{t('checking.entries', { count: found.entries })}</span>}
        {found.serial !== null && <Hex value={found.serial} what={t('devices.drawer.serial')} />}
      </p>
      {found.refusal !== null && <p className={css.facts}>{t(`intake.refusal.${found.refusal}`)}</p>}
      <FindingList findings={found.findings} />
    </li>
  );
}
