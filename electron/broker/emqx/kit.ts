import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { compileEmqxAccess, emqxAclText } from '../../../shared/rules/access-emqx.ts';
import { firewallFiles } from '../host/firewall.ts';
import { maxConnections } from '../mosquitto/config.ts';
import { emqxCompose, emqxConf, emqxInstall } from './config.ts';
import { emqxReadme } from './readme.ts';

export interface EmqxKitInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly access: readonly AccessRule[];
  readonly exceptions?: readonly AccessException[] | undefined;
  /** Only those whose role is not `device`: devices are never named in the kit. */
  readonly members: readonly DeviceRequest[];
  /** Devices whose certificates are all revoked; EMQX cannot be told otherwise. */
  readonly blocked: readonly string[];
  readonly deviceCount: number;
  readonly observer: string;
  /** PEM texts. `key` is null when somebody else keeps it. */
  readonly tls: { readonly ca: string; readonly certificate: string; readonly key: string | null };
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
}

/** The files of `broker/` for EMQX 5: the same bytes however many devices there are, in tiers (maxConnections). */
export function emqxKit(input: EmqxKitInput): ExportFile[] {
  const { project, settings, tls } = input;
  const limits = { ...settings.kit, maxConnections: maxConnections(settings.kit, input.deviceCount) };
  const keyElsewhere = tls.key === null;
  const { rules, gaps } = compileEmqxAccess(input);
  return [
    file('docker-compose.yml', emqxCompose(settings)),
    file('emqx.conf', emqxConf(settings, limits)),
    file('acl.conf', emqxAclText(rules, project).text),
    file('certs/ca.crt', pem(tls.ca, 'CERTIFICATE')),
    file('certs/server.crt', pem(tls.certificate, 'CERTIFICATE')),
    ...(tls.key === null ? [] : [file('certs/server.key', pem(tls.key, 'PRIVATE KEY'), true)]),
    ...firewallFiles({ project, port: settings.port, networks: settings.kit.networks, container: true }).map(({ name, text }) =>
      file(`firewall/${name}`, text),
    ),
    file('install.sh', emqxInstall(settings, keyElsewhere)),
    file('README.txt', emqxReadme({ ...input, gaps, keyElsewhere })),
  ];
}

function pem(text: string, label: string): string {
  if (!text.includes(`${label}-----`)) throw new FieldkeyError('INTERNAL', { detail: `no ${label} for the broker kit` });
  return text.endsWith('\n') ? text : `${text}\n`;
}

const encoder = new TextEncoder();

function file(path: string, content: string, secret = false): ExportFile {
  return { path: `broker/${path}`, content: encoder.encode(content), secret };
}
