import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { compileRabbitmqAccess } from '../../../shared/rules/access-rabbitmq.ts';
import { firewallFiles } from '../host/firewall.ts';
import { maxConnections } from '../mosquitto/config.ts';
import { advancedConfig, enabledPlugins, logrotateRule, rabbitmqConf, rabbitmqEnv } from './config.ts';
import { definitionsJson } from './definitions.ts';
import { installScript } from './install.ts';
import { rabbitmqReadme } from './readme.ts';

/** One revocation list. */
export interface IssuerCrl {
  readonly pem: string;
  /** Hash of its issuer's name (pki/name-hash.ts): Erlang finds the list by it. */
  readonly issuerHash: string;
}

export interface RabbitmqKitInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly access: readonly AccessRule[];
  /** Everybody, devices as well. */
  readonly members: readonly DeviceRequest[];
  /** Id of the project's observer identity. */
  readonly observer: string;
  /** PEM texts. `ca` is every certificate that clients may be checked against. `key` is null when somebody else keeps it. */
  readonly tls: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string | null;
    readonly crls: readonly IssuerCrl[];
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
  const { project, settings, tls } = input;
  const limits = { ...settings.kit, maxConnections: maxConnections(settings.kit, input.members.length) };
  const rights = compileRabbitmqAccess(input);
  const keyElsewhere = tls.key === null;
  return [
    file('rabbitmq.conf', rabbitmqConf(settings, limits)),
    file('advanced.config', advancedConfig(settings, limits)),
    file('definitions.json', definitionsJson(rights, limits.maxQueuedMessages)),
    file('enabled_plugins', enabledPlugins),
    file('rabbitmq-env.conf', rabbitmqEnv(settings)),
    file('logrotate', logrotateRule(settings, limits)),
    file('certs/ca.crt', pem(tls.ca, 'CERTIFICATE')),
    file('certs/server.crt', pem(tls.certificate, 'CERTIFICATE')),
    ...(tls.key === null ? [] : [file('certs/server.key', pem(tls.key, 'PRIVATE KEY'), true)]),
    ...crlFiles(tls.crls),
    ...firewallFiles({ project, port: settings.port, networks: settings.kit.networks, container: false }).map(({ name, text }) =>
      file(`firewall/${name}`, text),
    ),
    file('install.sh', installScript({ settings, keyElsewhere })),
    file('README.txt', rabbitmqReadme({ ...input, crlCount: tls.crls.length, keyElsewhere })),
  ];
}

/**
 * One list a file, numbered from 0 for each name (erlang.org/doc/man/ssl, ssl_crl_hash_dir): two authorities of the same
 * name, as after a root was replaced, have r0 and r1, and Erlang takes the one whose signature fits.
 */
function crlFiles(crls: readonly IssuerCrl[]): ExportFile[] {
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
