import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isEncrypted } from '../../../../shared/model/own-connection.ts';
import {
  type ClientAct,
  type ClientConnection,
  mosquittoCommand,
  nodeScript,
  opensslCommand,
  pythonScript,
} from '../../../../shared/rules/client-commands.ts';
import {
  type OwnClient,
  ownMosquittoCommand,
  ownNodeScript,
  ownOpensslCommand,
  ownPythonScript,
  passwordVariable,
} from '../../../../shared/rules/own-commands.ts';
import { type Shell, shells } from '../../../../shared/rules/shell-words.ts';
import { Code } from '../../ui/Code.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Options } from '../../ui/Options.tsx';
import css from './CopyAs.module.css';

const tools = ['mosquitto', 'openssl', 'node', 'python'] as const;
type Tool = (typeof tools)[number];

interface Props {
  readonly who: string;
  readonly connection: ClientConnection;
  /** A connection of one's own, in place of it. */
  readonly own?: OwnClient | undefined;
  readonly publish: ClientAct;
  readonly subscribe: ClientAct;
  readonly onClose: () => void;
}

/** What this connection does, as a line or a script for another program, to be run in the exported folder of a device. */
export function CopyAs({ who, connection, own, publish, subscribe, onClose }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<ClientAct['kind']>('subscribe');
  const [tool, setTool] = useState<Tool>('mosquitto');
  const [shell, setShell] = useState<Shell>('sh');
  const act = kind === 'publish' ? publish : subscribe;
  const text = own
    ? {
        mosquitto: () => ownMosquittoCommand(shell, own, act),
        openssl: () => ownOpensslCommand(shell, own),
        node: () => ownNodeScript(own, act),
        python: () => ownPythonScript(own, act),
      }[tool]()
    : {
        mosquitto: () => mosquittoCommand(shell, connection, act),
        openssl: () => opensslCommand(shell, connection),
        node: () => nodeScript(connection, act),
        python: () => pythonScript(connection, act),
      }[tool]();
  const device = connection.clientId;
  return (
    <Dialog title={t('tester.copyAs.title', { who })} onClose={onClose}>
      <div className={css.choices}>
        <SelectField
          label={t('tester.copyAs.tool')}
          value={tool}
          options={tools.map((value) => ({ value, label: t(`tester.copyAs.tools.${value}`) }))}
          onChange={setTool}
        />
        {(tool === 'mosquitto' || tool === 'openssl') && (
          <SelectField
            label={t('tester.copyAs.shell')}
            value={shell}
            options={shells.map((value) => ({ value, label: t(`tester.copyAs.shells.${value}`) }))}
            onChange={setShell}
          />
        )}
      </div>
      {tool !== 'openssl' && (
        <Options
          legend={t('tester.copyAs.act')}
          hiddenLegend
          layout="row"
          value={kind}
          options={(['subscribe', 'publish'] as const).map((value) => ({ value, label: t(`tester.copyAs.acts.${value}`) }))}
          onChange={setKind}
        />
      )}
      {text === null ? (
        <p className={css.hint}>{t(tool === 'openssl' ? 'connections.copyAs.openssl' : 'connections.copyAs.mosquitto')}</p>
      ) : (
        <Code text={text} what={t('tester.copyAs.text')} block={tool === 'node' || tool === 'python'} />
      )}
      <p className={css.hint}>
        {own
          ? ownFiles(t, own)
          : device === null
            ? t('tester.copyAs.whereObserver')
            : t('tester.copyAs.where', { folder: `devices/${device}` })}
        {` ${t(`tester.copyAs.needs.${tool}`)}`}
      </p>
    </Dialog>
  );
}

/** Which files and which password it needs, for somebody who runs it elsewhere. */
function ownFiles(t: TFunction, { settings, password }: OwnClient): string {
  const { tls, transport } = settings;
  const encrypted = isEncrypted(transport);
  const files = [
    ...(encrypted && tls.trust !== 'system' ? ['ca.crt'] : []),
    ...(encrypted && tls.certificate !== '' ? ['client.crt', 'client.key'] : []),
  ];
  return [
    files.length > 0 && t('connections.copyAs.files', { files: files.join(', ') }),
    password && t('connections.copyAs.password', { variable: passwordVariable }),
  ]
    .filter(Boolean)
    .join(' ');
}
