import { Button } from '@mantine/core';
import { IconHourglass, IconKey, IconPassword } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Medium } from '../../../../shared/model/export.ts';
import { passphraseMinimum } from '../../../../shared/model/vault.ts';
import { usesPasswords } from '../../../../shared/rules/password.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useLoadedSession } from '../../bridge/session.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Tick } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Export.module.css';
import { isTooSmall, stillThere, useMedia } from './media.ts';
import { Places } from './Places.tsx';

/** Everything that an export is started with. */
export interface Entered {
  readonly medium: Medium;
  readonly withBroker: boolean;
  /** The acceptance report goes along, where there is one. */
  readonly withReport: boolean;
  /** Null = the device keys stay readable. */
  readonly keyPassphrase: string | null;
}

interface Props {
  readonly projectId: number;
  readonly deviceIds: readonly number[] | null;
  readonly withBroker: boolean;
  readonly fixed: boolean;
  /** Whose connection was tried, where its report may go along. */
  readonly reportAbout: string | null;
  readonly reportOfDevice: boolean;
  readonly withReport: boolean;
  /** Where an earlier try went to; it is chosen already. */
  readonly before: Medium | null;
  readonly onStart: (entered: Entered) => void;
  /** Another way on, without an export. */
  readonly onLater: (() => void) | null;
}

export function ExportForm(props: Props) {
  const { projectId, deviceIds, withBroker: wanted, before, fixed, reportAbout, onStart, onLater } = props;
  const { t } = useTranslation();
  const broker = useCall('project.overview', { projectId }).data?.broker;
  const passwords = broker != null && usesPasswords(broker.kit);
  const drives = useMedia();
  const media = drives?.media ?? null;
  const [folders, setFolders] = useState<readonly Medium[]>(() => (before && !before.removable ? [before] : []));
  const [clicked, setChosen] = useState(before?.path ?? null);
  const [kitWanted, setWithBroker] = useState(wanted);
  // there is no kit as long as the broker waits for its certificate
  const awaits = broker?.origin.awaits ?? null;
  const withBroker = kitWanted && awaits === null;
  const [withReport, setWithReport] = useState(props.withReport);
  const [encrypt, setEncrypt] = useState(useLoadedSession().settings.defaults.encryptKeys);
  const [passphrase, setPassphrase] = useState('');
  const [repeat, setRepeat] = useState('');
  const [tried, setTried] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempts === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    wrong?.focus({ preventScroll: true });
    // not only into sight: from under the bar with the button
    wrong?.scrollIntoView({ block: 'center' });
  }, [attempts]);
  const where = useRef<HTMLDivElement>(null);
  const chosen = stillThere(clicked, media ?? [], folders);
  const place = [...(media ?? []), ...folders].find((each) => each.path === chosen) ?? null;
  const input = { projectId, withBroker, deviceIds: deviceIds === null ? null : [...deviceIds] };
  const measure = useCall('export.measure', input, { keepPrevious: true });
  const bytes = measure.data?.bytes ?? null;
  // nothing is asked for but the report of a tried connection: what lies there stays, and no key is written
  const onlyReport = reportAbout !== null && deviceIds?.length === 0 && !withBroker;
  const encrypting = encrypt && !onlyReport;
  const tooShort = encrypting && [...passphrase].length < passphraseMinimum;
  const different = encrypting && !tooShort && passphrase !== repeat;
  const nothing = onlyReport ? !withReport : measure.data?.files === 0;
  // without a drive in sight there is only one place to ask for: choosing it is the same decision as exporting
  const folderOnly = media !== null && media.length + folders.length === 0;
  const addFolder = (folder: Medium) => {
    setFolders((old) => [...old.filter((each) => each.path !== folder.path), folder]);
    setChosen(folder.path);
  };
  const folder = useAction(async () => {
    const found = await call('media.choose');
    if (found) addFolder(found);
  });
  const ask = useAction(async () => {
    const found = await call('media.choose');
    if (!found) return;
    addFolder(found);
    if (!isTooSmall(found, bytes))
      onStart({ medium: found, withBroker, withReport, keyPassphrase: encrypting ? passphrase : null });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (folderOnly) {
      if (tooShort || different) {
        setTried(true);
        setAttempts((count) => count + 1);
      } else if (!nothing && !ask.pending) void ask.run();
      return;
    }
    setTried(true);
    if (!place || isTooSmall(place, bytes)) {
      // where the mistake is; the sentence about it stands there too
      where.current?.querySelector<HTMLElement>('input, button')?.focus();
      where.current?.scrollIntoView({ block: 'start' });
      return;
    }
    if (tooShort || different) {
      setAttempts((count) => count + 1);
      return;
    }
    if (nothing) return;
    onStart({ medium: place, withBroker, withReport, keyPassphrase: encrypting ? passphrase : null });
  };
  return (
    <form ref={form} className={css.page} onSubmit={submit} noValidate>
      <div ref={where}>
        <Panel title={t('exporting.where')}>
          <Places
            media={media}
            told={drives?.told ?? true}
            folders={folders}
            chosen={chosen}
            bytes={bytes}
            onChoose={setChosen}
            folder={folder}
          />
          {tried && !place && !folderOnly && (
            <p className={css.wrong} role="alert">
              {t('exporting.noPlace')}
            </p>
          )}
        </Panel>
      </div>
      <Panel title={t('exporting.what')}>
        {measure.isError ? (
          <ErrorPanel error={reportOf(measure.error)} onRetry={() => void measure.refetch()} />
        ) : (
          <Amount data={measure.data} withBroker={withBroker} chosen={deviceIds !== null} onlyReport={onlyReport && withReport} />
        )}
        {awaits !== null && (
          <Note tone="wait" icon={IconHourglass} title={t('exporting.noKit.title')}>
            <p>{t(`exporting.noKit.${awaits}`)}</p>
          </Note>
        )}
        {!fixed && awaits === null && (
          <Tick
            label={t('exporting.withBroker')}
            hint={t('exporting.withBrokerHint')}
            checked={withBroker}
            onChange={setWithBroker}
          />
        )}
        {reportAbout !== null && (
          <Tick
            label={t('exporting.withReport', { who: reportAbout })}
            hint={t(props.reportOfDevice ? 'exporting.withReportHint' : 'exporting.withReportHintOther')}
            checked={withReport}
            onChange={setWithReport}
          />
        )}
      </Panel>
      {!onlyReport && (
        <Panel title={t('exporting.who')}>
          <div className={css.stack}>
            {withBroker && (
              <Note tone="due" icon={IconKey} title={t('exporting.brokerKey')}>
                {t('exporting.brokerKeyText')}
              </Note>
            )}
            {passwords && (
              <Note tone="due" icon={IconPassword} title={t('credentials.readable.title')}>
                {t('credentials.readable.text')}
              </Note>
            )}
            <Tick label={t('exporting.encrypt')} hint={t('exporting.encryptHint')} checked={encrypt} onChange={setEncrypt} />
            {encrypt && (
              <div className={css.pair}>
                <PassphraseField
                  label={t('exporting.passphrase')}
                  value={passphrase}
                  onChange={setPassphrase}
                  autoComplete="new-password"
                  error={tried && tooShort && t('app.welcome.tooShort', { minimum: passphraseMinimum })}
                />
                <PassphraseField
                  label={t('exporting.repeat')}
                  value={repeat}
                  onChange={setRepeat}
                  autoComplete="new-password"
                  error={tried && different && t('app.welcome.different')}
                />
              </div>
            )}
          </div>
        </Panel>
      )}
      {ask.error && <ErrorPanel error={ask.error} />}
      <div className={css.actions}>
        {onLater ? (
          <Button variant="default" size="lg" onClick={onLater}>
            {t('exporting.later')}
          </Button>
        ) : (
          <span />
        )}
        {/* while a folder is being chosen the button still names the place before */}
        <WriteButton type="submit" size="lg" data-tour="export" loading={folder.pending || ask.pending}>
          {place
            ? t('exporting.start', { label: place.label })
            : t(folderOnly ? 'exporting.chooseAndStart' : 'exporting.startNowhere')}
        </WriteButton>
      </div>
    </form>
  );
}

interface AmountProps {
  readonly data: { readonly files: number; readonly bytes: number; readonly devices: number } | undefined;
  readonly withBroker: boolean;
  readonly chosen: boolean;
  /** Nothing is written but the acceptance report. */
  readonly onlyReport: boolean;
}

function Amount({ data, withBroker, chosen, onlyReport }: AmountProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!data) return <p className={css.amount}>{t('exporting.measuring')}</p>;
  if (onlyReport) return <p className={css.amount}>{t('exporting.onlyReport')}</p>;
  const devices = t(chosen ? 'exporting.chosenDevices' : 'exporting.allDevices', { count: data.devices });
  return (
    <div className={css.amount} role="status">
      <p>{withBroker ? (chosen && data.devices === 0 ? t('exporting.kitOnly') : t('exporting.kitAnd', { devices })) : devices}</p>
      <p className={css.small}>
        {data.files === 0 ? t('exporting.empty') : t('exporting.size', { count: data.files, size: format.bytes(data.bytes) })}
      </p>
    </div>
  );
}
