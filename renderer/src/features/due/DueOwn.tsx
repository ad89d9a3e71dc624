import { Button } from '@mantine/core';
import { type Icon, IconCertificate, IconCheck, IconEye, IconListCheck, IconServer2, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../shared/errors.ts';
import { softwareOf } from '../../../../shared/model/broker.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { queryClient } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { revocationFile } from '../../ui/broker-commands.ts';
import { useBrokerPlace } from '../../ui/broker-target.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Due.module.css';
import { DueWhen } from './DueWhen.tsx';

type Item = CallOutput<'due.list'>['own'][number];

const icons: Readonly<Record<Item['kind'], Icon>> = {
  root: IconShieldCheck,
  site: IconCertificate,
  broker: IconServer2,
  observer: IconEye,
  crl: IconListCheck,
  device: IconCertificate,
  canary: IconCertificate,
  test: IconCertificate,
};

/** What is left to do after an act: files for the broker, or nothing. */
type Outcome = { readonly kind: 'broker' | 'observer' | 'crl'; readonly files: readonly string[] };

/** The broker's and the observer's certificate, the authorities and their lists, each with its button. */
export function DueOwn({ projectId, items }: { readonly projectId: number; readonly items: readonly Item[] }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const { target } = useBrokerPlace(projectId);
  // those of somebody else are asked for there
  const issued = items.filter(({ outside }) => outside === null);
  const purposes = [
    ...(issued.some(({ kind }) => kind === 'broker') ? (['broker'] as const) : []),
    ...(issued.some(({ kind }) => kind === 'observer') ? (['devices'] as const) : []),
  ];
  const key = useIssuerKey(projectId, ...purposes);
  const act = useAction(async (kind: Item['kind']) => {
    setOutcome(null);
    if (kind === 'broker') {
      setOutcome({ kind, files: (await call('broker.renew', { projectId, mode: 'renew', ...key.given })).filesToCopy });
    } else if (kind === 'observer') {
      await call('observer.renew', { projectId, mode: 'renew', ...key.given });
      setOutcome({ kind, files: [] });
    } else {
      const { published } = await call('crl.publish', { projectId });
      setOutcome({ kind: 'crl', files: published.length > 0 ? [revocationFile(target)] : [] });
    }
    await queryClient.invalidateQueries({ queryKey: ['due.list'] });
  });
  const request = useAction(async () => {
    const { pem, name } = await call('broker.request', { projectId });
    setSaved((await call('text.save', { name, text: pem }))?.file ?? null);
  });
  return (
    <Panel title={t('due.own.title')}>
      {items.length === 0 && !outcome ? (
        <p className={css.empty}>{t('due.own.none')}</p>
      ) : (
        <ul className={css.list}>
          {items.map((item) => (
            <Line
              key={`${item.kind} ${item.name}`}
              item={item}
              busy={act.pending || request.pending}
              lacking={key.lacking}
              onAct={() => void act.run(item.kind)}
              onRequest={() => void request.run()}
            />
          ))}
        </ul>
      )}
      <div className={css.after}>
        {key.field}
        {outcome && <Done projectId={projectId} outcome={outcome} />}
        {saved !== null && (
          <div role="status">
            <Note tone="ok" icon={IconCheck} title={t('due.own.outside.saved')}>
              <p className="mono">{saved}</p>
            </Note>
          </div>
        )}
        {(act.error ?? request.error) && <ErrorPanel error={(act.error ?? request.error) as ErrorReport} />}
      </div>
    </Panel>
  );
}

interface LineProps {
  readonly item: Item;
  readonly busy: boolean;
  /** The key of who issues has to be brought first. */
  readonly lacking: boolean;
  readonly onAct: () => void;
  readonly onRequest: () => void;
}

function Line({ item, busy, lacking, onAct, onRequest }: LineProps) {
  const { t } = useTranslation();
  const { kind, name, automatic, offline, outside } = item;
  const Sign = icons[kind];
  const elsewhere = offline || kind === 'root' || kind === 'site';
  const what = () => {
    // one of theirs: there is nothing to ask for but its successor
    if (outside !== null && elsewhere)
      return t(outside === name ? 'due.own.outside.theirs' : 'due.own.outside.authority', { issuer: outside });
    if (outside !== null) return t('due.own.outside.broker', { issuer: outside });
    if (offline) return t('due.own.offline');
    if (automatic) return t('due.own.automatic');
    return t(`due.own.what.${kind === 'crl' ? 'crl' : elsewhere ? 'authority' : 'broker'}`);
  };
  return (
    <li>
      <Sign size={22} stroke={1.6} aria-hidden />
      <span>
        <b>
          {kind === 'observer'
            ? t('tester.observer')
            : t(`due.own.kind.${kind === 'device' || kind === 'canary' || kind === 'test' ? 'broker' : kind}`, { name })}
        </b>
        <span className={css.small}>{what()}</span>
      </span>
      <DueWhen item={item} />
      {elsewhere ? (
        <Button component="a" variant="default" size="sm" href={hrefOf('authority')}>
          {t('due.own.toAuthority')}
        </Button>
      ) : outside !== null ? (
        <div className={css.asks}>
          <WriteButton variant="default" size="sm" aria-disabled={busy} onClick={() => !busy && onRequest()}>
            {t('due.own.outside.ask')}
          </WriteButton>
          <Button component="a" variant="default" size="sm" href={hrefOf('broker')}>
            {t('due.own.outside.take')}
          </Button>
        </div>
      ) : (
        <WriteButton
          variant={automatic ? 'default' : 'filled'}
          size="sm"
          disabled={lacking && kind !== 'crl'}
          aria-disabled={busy}
          onClick={() => !busy && onAct()}
        >
          {t(kind === 'crl' ? 'due.own.publish' : 'due.own.renew')}
        </WriteButton>
      )}
    </li>
  );
}

function Done({ projectId, outcome: { kind, files } }: { readonly projectId: number; readonly outcome: Outcome }) {
  const { target } = useBrokerPlace(projectId);
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="status">
      <Note tone="ok" icon={IconCheck} title={t(`due.own.done.${kind}`)}>
        {files.length === 0 ? (
          <p>{t('due.own.nothing')}</p>
        ) : (
          <>
            <p>{t(softwareOf(target) === 'mosquitto' ? 'due.own.copy' : 'due.own.install', { files: format.list(files) })}</p>
            <Button
              component="a"
              variant="default"
              size="sm"
              href={hrefOf('export')}
              onClick={() => chooseForExport({ projectId, deviceIds: [], withBroker: true })}
            >
              {t('acts.list.export')}
            </Button>
          </>
        )}
      </Note>
    </div>
  );
}
