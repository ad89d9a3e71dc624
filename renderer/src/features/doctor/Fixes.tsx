import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { doctorTransports } from '../../../../shared/model/doctor.ts';
import type { DoctorFinding, DoctorFix } from '../../../../shared/model/doctor-findings.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { queryClient } from '../../bridge/queries.ts';
import { type IssuerKey, useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { type About, looseWords } from '../../ui/diagnosis-words.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { Acting } from './Acting.tsx';
import type { Choice } from './choice.ts';
import { Fixed, type FixResult } from './Fixed.tsx';
import { changedBroker } from './reissue.ts';
import type { Run } from './run-store.ts';
import css from './Steps.module.css';

interface Props {
  readonly finding: DoctorFinding;
  readonly run: Run;
  readonly about: About;
  readonly overview: CallOutput<'project.overview'>;
  readonly choice: Choice;
  readonly onRun: (choice: Choice) => void;
  readonly onChoose: (change?: Partial<Choice>) => void;
}

/** Leads to the export with the broker's kit; the devices' bundles on the medium stay as they are. */
export function exportKit(projectId: number): void {
  chooseForExport({ projectId, deviceIds: [], withBroker: true });
  window.location.hash = hrefOf('export');
}

const device = ({ params }: DoctorFix) => ({
  deviceId: Number(params['deviceId']),
  id: String(params['device'] ?? ''),
  serial: null,
});

/** What helps, as buttons that do it; the first one is the way to go. Afterwards: what came of it, and checking again. */
export function Fixes({ finding, run, about, overview, choice, onRun, onChoose }: Props) {
  const { t } = useTranslation();
  const { projectId, broker } = overview;
  const [result, setResult] = useState<FixResult | null>(null);
  const [act, setAct] = useState<DoctorFix | null>(null);
  const offered = (...fixes: readonly DoctorFix['fix'][]) => finding.fixes.some(({ fix }) => fixes.includes(fix));
  const theirs = broker?.origin.issuer != null;
  const key = useIssuerKey(
    projectId,
    ...(offered('reissue-broker', 'renew-broker') && !theirs ? (['broker'] as const) : []),
    ...(offered('renew-observer') ? (['devices'] as const) : []),
  );
  const work = useAction(async (fix: DoctorFix) => {
    setResult(await runFix(fix, projectId, broker, key.given));
    key.forget();
    await queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'app.start' });
  });
  // nothing is put right on the way, and what is under way sees the state before
  if (run.state !== 'done') return null;
  const texts = finding.fixes.filter(({ fix }) => fix === 'set-clock');
  // what was foreseen and then came: its fix stands where it came
  const { cause } = run.report?.verdict ?? { cause: null };
  const there = new Set(cause && cause.code !== finding.code ? cause.fixes.map((each) => JSON.stringify(each)) : []);
  const deeds = finding.fixes.filter((each) => each.fix !== 'set-clock' && !there.has(JSON.stringify(each)));
  const press = (fix: DoctorFix): void => {
    const { params } = fix;
    switch (fix.fix) {
      case 'reissue-broker':
      case 'renew-broker':
        // somebody else signs it: the request is made on the page of the broker
        if (theirs) window.location.hash = hrefOf('broker');
        else void work.run(fix);
        return;
      case 'publish-list':
      case 'renew-observer':
        void work.run(fix);
        return;
      case 'renew-device':
      case 'rekey-device':
      case 'replace-device':
        setAct(fix);
        return;
      case 'export-kit':
        exportKit(projectId);
        return;
      case 'other-device':
      case 'as-device':
        onRun({ ...choice, kind: 'device', device: null });
        return;
      case 'as-observer':
        onRun({ ...choice, kind: 'observer', device: null });
        return;
      case 'enter-passphrase':
      case 'choose-files':
        onChoose();
        return;
      case 'change-connection':
        window.location.hash = hrefOf('test', { edit: String(params['connectionId']) });
        return;
      case 'choose-authority':
        onChoose({ trust: 'file' });
        return;
      case 'enter-login':
        onChoose(choice.kind === 'files' ? {} : { kind: 'password' });
        return;
      case 'other-client-id':
        onChoose({ clientId: '' });
        return;
      case 'use-port': {
        const transport = doctorTransports.find((each) => each === params['transport']) ?? choice.transport;
        onRun({ ...choice, port: String(params['port']), transport });
        return;
      }
      case 'use-address':
        onRun({ ...choice, host: String(params['address']) });
        return;
      case 'server-name':
        // which one is for a person to say
        if (params['name'] === '') onChoose();
        else onRun({ ...choice, serverName: String(params['name']) });
        return;
      case 'compare-log':
        window.location.hash = hrefOf('broker-log');
        return;
      case 'set-clock':
        return;
    }
  };
  return (
    <>
      {texts.map(({ fix }) => (
        <p key={fix} className={css.remedy}>
          {t(`doctor.fix.${fix}`)}
        </p>
      ))}
      {deeds.length > 0 && !result && key.field}
      {deeds.length > 0 && !result && (
        <div className={css.fixes}>
          {deeds.map((fix, place) => (
            <FixButton
              key={`${fix.fix} ${JSON.stringify(fix.params)}`}
              fix={fix}
              first={place === 0 && finding.weight === 'error'}
              pending={work.pending}
              lacking={key.lacking && issuing.has(fix.fix)}
              theirs={theirs}
              onPress={() => press(fix)}
            />
          ))}
        </div>
      )}
      {work.error && <ErrorPanel error={work.error} />}
      <div role="status">
        {result && <Fixed result={result} projectId={projectId} device={about.kind === 'device'} onAgain={() => onRun(choice)} />}
      </div>
      {act && (
        <Acting
          projectId={projectId}
          act={act.fix === 'renew-device' ? 'renew' : act.fix === 'rekey-device' ? 'rekey' : 'replace'}
          device={device(act)}
          onDone={() => setResult({ kind: 'device', ...device(act) })}
          onClose={() => setAct(null)}
        />
      )}
    </>
  );
}

/** Those that end in an entry of the record. */
const writing: ReadonlySet<DoctorFix['fix']> = new Set([
  'reissue-broker',
  'renew-broker',
  'publish-list',
  'renew-observer',
  'renew-device',
  'rekey-device',
  'replace-device',
]);

/** Those that need the key of who issues, and have no dialog that asks for it. */
const issuing: ReadonlySet<DoctorFix['fix']> = new Set(['reissue-broker', 'renew-broker', 'renew-observer']);

interface ButtonProps {
  readonly fix: DoctorFix;
  readonly first: boolean;
  readonly pending: boolean;
  readonly lacking: boolean;
  readonly theirs: boolean;
  readonly onPress: () => void;
}

function FixButton({ fix: { fix, params }, first, pending, lacking, theirs, onPress }: ButtonProps) {
  const { t } = useTranslation();
  const texts = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
  const signed = fix === 'reissue-broker' || fix === 'renew-broker';
  const label =
    signed && theirs
      ? t('doctor.fixed.toBroker')
      : fix === 'server-name' && params['name'] === ''
        ? t('doctor.form.serverName')
        : looseWords(t)(`doctor.fix.${fix}`, texts);
  const Kind = writing.has(fix) && !(signed && theirs) ? WriteButton : Button;
  return (
    <Kind
      variant={first ? 'filled' : 'default'}
      classNames={{ root: css.fix ?? '', label: css.fixLabel ?? '' }}
      data-fix={fix}
      disabled={lacking && !(signed && theirs)}
      onClick={() => !pending && onPress()}
    >
      {pending && writing.has(fix) ? t('doctor.fixed.busy') : label}
    </Kind>
  );
}

async function runFix(
  { fix, params }: DoctorFix,
  projectId: number,
  broker: Props['overview']['broker'],
  key: IssuerKey['given'],
): Promise<FixResult | null> {
  switch (fix) {
    case 'reissue-broker': {
      if (!broker) return null;
      const settings = changedBroker(broker, String(params['name'] ?? ''));
      const { reissued, filesToCopy } = await call('broker.change', { projectId, settings, ...key });
      return { kind: 'broker', reissued, files: filesToCopy, names: [...settings.names, ...settings.addresses] };
    }
    case 'renew-broker': {
      const { filesToCopy } = await call('broker.renew', { projectId, mode: 'renew', ...key });
      return { kind: 'broker', reissued: true, files: filesToCopy, names: [] };
    }
    case 'publish-list': {
      const { published, offline, ended } = await call('crl.publish', { projectId });
      return { kind: 'list', published, offline, ended };
    }
    case 'renew-observer':
      await call('observer.renew', { projectId, mode: 'rekey', ...key });
      return { kind: 'observer' };
    default:
      return null;
  }
}
