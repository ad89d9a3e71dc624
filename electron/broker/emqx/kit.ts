import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { compileEmqxAccess, emqxAclText } from '../../../shared/rules/access-emqx.ts';
import { firewallFiles } from '../host/firewall.ts';
import { aliasesOf, type KitUser } from '../host/kit-user.ts';
import { shippingFile } from '../host/log-shipping.ts';
import { proxyFile } from '../host/proxy-file.ts';
import { maxConnections, wantsCertificates, wantsPasswords } from '../mosquitto/config.ts';
import { type EmqxLimits, emqxConf, emqxFragment } from './config.ts';
import { emqxCompose, systemdDropIn } from './host-files.ts';
import { emqxInstall } from './install.ts';
import { usersCsv, withoutHash } from './password.ts';
import { confName, emqxPaths } from './paths.ts';
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
  /** Everybody whom the broker takes by password; only where it asks for passwords. */
  readonly users?: readonly KitUser[] | undefined;
  /** PEM texts. `key` is null when somebody else keeps it. */
  readonly tls: { readonly ca: string; readonly certificate: string; readonly key: string | null };
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
}

/**
 * The files of `broker/` for EMQX 5: the same bytes however many devices there are, in tiers (maxConnections), but for users.csv
 * where the broker asks for passwords.
 */
export function emqxKit(input: EmqxKitInput): ExportFile[] {
  const { project, settings, tls } = input;
  const { kit } = settings;
  const users = wantsPasswords(kit) ? (input.users ?? []) : [];
  const limits = { ...kit, maxConnections: maxConnections(kit, input.deviceCount) };
  const keyElsewhere = tls.key === null;
  const { rules, gaps } = compileEmqxAccess({ ...input, aliases: aliasesOf(users), deviceIs: kit.deviceIs });
  const conf = kit.form === 'fragments' ? emqxFragment(settings, limits) : emqxConf(settings, limits);
  return [
    ...(kit.form === 'container' ? [file('docker-compose.yml', emqxCompose(settings, limits))] : []),
    file(confName[kit.form], conf),
    file('acl.conf', emqxAclText(rules, project).text),
    ...(wantsPasswords(kit) ? [file('users.csv', usersCsv(users), true)] : []),
    ...(wantsCertificates(kit) ? [file('certs/ca.crt', pem(tls.ca, 'CERTIFICATE'))] : []),
    file('certs/server.crt', pem(tls.certificate, 'CERTIFICATE')),
    ...(tls.key === null ? [] : [file('certs/server.key', pem(tls.key, 'PRIVATE KEY'), true)]),
    ...hostFiles(input, limits),
    file('README.txt', emqxReadme({ ...input, gaps, keyElsewhere, strangers: withoutHash(users) })),
  ];
}

/** What the machine around the broker needs; whoever keeps a broker of their own has all but the firewall. */
function hostFiles({ project, settings, tls }: EmqxKitInput, limits: EmqxLimits): ExportFile[] {
  const { kit, port } = settings;
  const published = kit.form === 'container' && kit.connectionRate === null;
  const firewall = firewallFiles({ project, port, networks: kit.networks, container: published }).map(({ name, text }) =>
    file(`firewall/${name}`, text),
  );
  if (kit.form === 'fragments') return firewall;
  const { shipping, shippingTarget: target } = kit;
  const shipped = shippingFile({ project, program: 'emqx', logFile: emqxPaths(settings).logFiles, shipping, target });
  return [
    ...(kit.form === 'whole' ? [file('systemd.conf', systemdDropIn(settings, limits))] : []),
    ...firewall,
    ...(kit.connectionRate === null ? [] : [file('haproxy.cfg', proxyFile(project, settings, limits.maxConnections, true))]),
    ...(shipped ? [file(shipped.name, shipped.text)] : []),
    file('install.sh', emqxInstall(settings, tls.key === null)),
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
