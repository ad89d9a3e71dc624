import { IconAlertTriangle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isEncrypted } from '../../../../shared/model/own-connection.ts';
import type { ClientAct, CopiedClient } from '../../../../shared/rules/client-acts.ts';
import {
  type ClientConnection,
  mosquittoCommand,
  nodeScript,
  opensslCommand,
  pythonScript,
} from '../../../../shared/rules/client-commands.ts';
import {
  type OwnClient,
  ownMosquittoCommand,
  ownOpensslCommand,
  passwordVariable,
} from '../../../../shared/rules/own-commands.ts';
import { ownNodeScript, ownPythonScript } from '../../../../shared/rules/own-scripts.ts';
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
  /** Null: what is written there cannot be sent as it stands. */
  readonly publish: ClientAct | null;
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
  // a handshake needs no message
  const copied = act || tool === 'openssl' ? copiedAs(tool, shell, { connection, own, act: act ?? subscribe }) : null;
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
      {copied ? (
        <Code text={copied.text} what={t('tester.copyAs.text')} block={tool === 'node' || tool === 'python'} />
      ) : (
        <p className={css.hint}>{missing(t, tool, act)}</p>
      )}
      {copied && copied.notCarried.length > 0 && (
        <div className={css.without}>
          <IconAlertTriangle size={20} stroke={1.8} aria-hidden />
          <div>
            <strong>{t('tester.copyAs.without')}</strong>
            <ul>
              {copied.notCarried.map((part) => (
                <li key={part}>{t(`tester.copyAs.parts.${part}`)}</li>
              ))}
            </ul>
          </div>
        </div>
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

/** Null: this program does not speak on such a connection. */
function copiedAs(
  tool: Tool,
  shell: Shell,
  {
    connection,
    own,
    act,
  }: { readonly connection: ClientConnection; readonly own: OwnClient | undefined; readonly act: ClientAct },
): CopiedClient | null {
  switch (tool) {
    case 'mosquitto':
      return own ? ownMosquittoCommand(shell, own, act) : mosquittoCommand(shell, connection, act);
    case 'openssl':
      return own ? ownOpensslCommand(shell, own) : opensslCommand(shell, connection);
    case 'node':
      return own ? ownNodeScript(own, act) : nodeScript(connection, act);
    case 'python':
      return own ? ownPythonScript(own, act) : pythonScript(connection, act);
  }
}

/** Why there is no line. */
function missing(t: TFunction, tool: Tool, act: ClientAct | null): string {
  if (tool === 'openssl') return t('connections.copyAs.openssl');
  return act ? t('connections.copyAs.mosquitto') : t('tester.copyAs.unsendable');
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
