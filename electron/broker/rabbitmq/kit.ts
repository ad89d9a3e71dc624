import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { compileRabbitmqAccess } from '../../../shared/rules/access-rabbitmq.ts';
import { firewallFiles } from '../host/firewall.ts';
import { type KitList, type LeftOutList, listsScript, listsScriptName } from '../host/kit-lists.ts';
import { aliasesOf, type KitUser, withoutPassword } from '../host/kit-user.ts';
import { shippingFile } from '../host/log-shipping.ts';
import { proxyFile } from '../host/proxy-file.ts';
import { maxConnections, wantsPasswords } from '../mosquitto/config.ts';
import { enabledPlugins, isWhole, type RabbitmqLimits, rabbitmqConf, wantsLists } from './config.ts';
import { definitionsJson } from './definitions.ts';
import { composeFile, logrotateRule, rabbitmqEnv, systemdDropIn } from './host-files.ts';
import { installScript } from './install.ts';
import { userHash } from './password.ts';
import { confName, rabbitmqPaths } from './paths.ts';
import { rabbitmqReadme } from './readme.ts';
import { advancedConfig } from './tls.ts';

export interface RabbitmqKitInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly access: readonly AccessRule[];
  readonly exceptions?: readonly AccessException[] | undefined;
  /** Everybody, devices as well. */
  readonly members: readonly DeviceRequest[];
  /** Id of the project's observer identity. */
  readonly observer: string;
  /** Everybody whom the broker takes by password; only where it asks for passwords. */
  readonly users?: readonly KitUser[] | undefined;
  /**
   * PEM texts. `ca` is every certificate that clients may be checked against, `crls` one list per issuing CA, `leftOut` those that
   * are not in it on purpose. `outsideAbove`: there are authorities of somebody else above ours, whose lists we do not have. `key` is null when somebody else keeps it.
   */
  readonly tls: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string | null;
    readonly crls: readonly KitList[];
    readonly leftOut: readonly LeftOutList[];
    readonly outsideAbove: boolean;
  };
  /** Name of the authority of somebody else that issued the broker's certificate. */
  readonly issuer?: string | undefined;
  /** End of the broker's certificate and of the first revocation list that ends, in ms. */
  readonly notAfter?: number | undefined;
  readonly crlNextUpdate?: number | undefined;
}

/**
 * The files of `broker/` for RabbitMQ. A new device changes definitions.json and nothing else, until the fleet outgrows the
 * number of connections.
 */
export function rabbitmqKit(input: RabbitmqKitInput): ExportFile[] {
  const { settings, tls } = input;
  const { kit } = settings;
  const users = wantsPasswords(kit) ? (input.users ?? []) : [];
  const limits = { ...kit, maxConnections: maxConnections(kit, input.members.length) };
  const rights = compileRabbitmqAccess({ ...input, aliases: aliasesOf(users), deviceIs: kit.deviceIs });
  const keyElsewhere = tls.key === null;
  const definitions = definitionsJson(rights, {
    maxQueuedMessages: limits.maxQueuedMessages,
    // a virtual host that others use as well has its own limit
    maxConnections: isWhole(kit) ? limits.maxConnections : undefined,
    hashes: new Map(
      users.flatMap((user): [string, string][] => {
        const hash = userHash(user);
        return hash === null ? [] : [[user.user, hash]];
      }),
    ),
  });
  return [
    file(confName[kit.form], rabbitmqConf(settings, limits)),
    file('advanced.config', advancedConfig(settings, tls.outsideAbove)),
    // hashes of passwords can be guessed at; without them it holds nothing but names
    { ...file('definitions.json', definitions, users.length > 0), shown: withoutHashes(definitions) },
    ...(isWhole(kit)
      ? [file('enabled_plugins', enabledPlugins(settings)), file('rabbitmq-env.conf', rabbitmqEnv(settings))]
      : []),
    ...(wantsLists(settings) ? [file('certs/ca.crt', pem(tls.ca, 'CERTIFICATE'))] : []),
    file('certs/server.crt', pem(tls.certificate, 'CERTIFICATE')),
    ...(tls.key === null ? [] : [file('certs/server.key', pem(tls.key, 'PRIVATE KEY'), true)]),
    ...(wantsLists(settings)
      ? [
          ...crlFiles(tls.crls),
          file(listsScriptName, listsScript({ project: input.project, lists: tls.crls, leftOut: tls.leftOut, files: 'each' })),
        ]
      : []),
    ...hostFiles(input, limits),
    file(
      'README.txt',
      rabbitmqReadme({
        ...input,
        crlCount: tls.crls.length,
        outsideAbove: tls.outsideAbove,
        keyElsewhere,
        limits,
        strangers: withoutPassword(users),
      }),
    ),
  ];
}

function withoutHashes(definitions: string): string {
  return definitions.replace(/"password_hash":"[^"]+"/g, '"password_hash":"…"');
}

/** What the machine around the broker needs; whoever keeps a broker of their own has all but the firewall. */
function hostFiles(input: RabbitmqKitInput, limits: RabbitmqLimits): ExportFile[] {
  const { project, settings, tls } = input;
  const { kit, port } = settings;
  const published = kit.form === 'container' && kit.connectionRate === null;
  const firewall = firewallFiles({ project, port, networks: kit.networks, container: published }).map(({ name, text }) =>
    file(`firewall/${name}`, text),
  );
  if (kit.form === 'fragments') return firewall;
  const systemd = kit.form === 'container' ? undefined : systemdDropIn(settings, limits);
  const { logFile } = rabbitmqPaths(settings);
  const { shipping, shippingTarget: target } = kit;
  const shipped = shippingFile({ project, program: 'rabbitmq', logFile, shipping, target });
  return [
    ...(kit.form === 'container' ? [file('docker-compose.yml', composeFile(settings, limits))] : []),
    ...(systemd === undefined ? [] : [file('systemd.conf', systemd)]),
    file('logrotate', logrotateRule(settings, limits)),
    ...firewall,
    ...(kit.connectionRate === null ? [] : [file('haproxy.cfg', proxyFile(project, settings, limits.maxConnections, true))]),
    ...(shipped ? [file(shipped.name, shipped.text)] : []),
    file(
      'install.sh',
      installScript({
        settings,
        keyElsewhere: tls.key === null,
        systemd: systemd !== undefined,
      }),
    ),
  ];
}

/**
 * One list a file, numbered from 0 for each name (erlang.org/doc/man/ssl, ssl_crl_hash_dir): two authorities of the same
 * name, as after a root was replaced, have r0 and r1, and Erlang takes the one whose signature fits.
 */
function crlFiles(crls: readonly KitList[]): ExportFile[] {
  if (crls.length === 0) throw new FieldkeyError('INTERNAL', { detail: 'no revocation list for the broker kit' });
  const next = new Map<string, number>();
  return crls.map(({ pem: list, issuerHash }) => {
    const number = next.get(issuerHash) ?? 0;
    next.set(issuerHash, number + 1);
    if (!/^[0-9a-f]{8}$/.test(issuerHash)) throw new FieldkeyError('INTERNAL', { detail: 'hash of an issuer' });
    return file(`crls/${issuerHash}.r${number}`, pem(list, 'X509 CRL'));
  });
}

function pem(text: string, label: string): string {
  if (!text.includes(`${label}-----`)) throw new FieldkeyError('INTERNAL', { detail: `no ${label} for the broker kit` });
  return text.endsWith('\n') ? text : `${text}\n`;
}

const encoder = new TextEncoder();

function file(path: string, content: string, secret = false): ExportFile {
  return { path: `broker/${path}`, content: encoder.encode(content), secret };
}
