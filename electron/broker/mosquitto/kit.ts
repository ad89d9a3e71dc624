import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { compileAcl, type UserAlias } from '../../../shared/rules/access-mosquitto.ts';
import { checkAccessForTarget, hasPartLevelDevice } from '../../../shared/rules/access-target.ts';
import { firewallFiles } from '../host/firewall.ts';
import { type KitList, type LeftOutList, listsScript, listsScriptName } from '../host/kit-lists.ts';
import { aliasesOf, type KitUser } from '../host/kit-user.ts';
import { shippingFile } from '../host/log-shipping.ts';
import { proxyFile } from '../host/proxy-file.ts';
import { maxConnections, mosquittoConf, ownClientIds, readsProxyLine, wantsCertificates, wantsPasswords } from './config.ts';
import { composeFile, logrotateConf, systemdDropIn } from './host-files.ts';
import { installScript } from './install-script.ts';
import { passwordFile } from './password-hash.ts';
import { brokerPaths } from './paths.ts';
import { brokerReadme } from './readme.ts';

/** A device (`device`) with the certificate of another one (`holder`). */
export interface SharedUser {
  readonly device: DeviceRequest;
  readonly holder: DeviceRequest;
}

export interface MosquittoKitInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly access: readonly AccessRule[];
  readonly exceptions?: readonly AccessException[] | undefined;
  /** Only those whose role is not `device`: devices are never named in the kit. */
  readonly members: readonly DeviceRequest[];
  /** Devices of the project; decides between a few sizes of the broker. */
  readonly deviceCount: number;
  /** Id of the project's observer identity. */
  readonly observer: string;
  /** Devices that show the certificate of another one. */
  readonly sharers?: readonly SharedUser[] | undefined;
  /** Everybody whom the broker takes by password; only where it asks for passwords. */
  readonly users?: readonly KitUser[] | undefined;
  /**
   * PEM texts. `ca` is every certificate that clients may be checked against (root and site CAs), `crls` one list per issuing
   * CA, `leftOut` those that are not in it on purpose. `key` is null when somebody else made it and keeps it: the kit then
   * has no key.
   */
  readonly tls: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string | null;
    readonly crls: readonly KitList[];
    readonly leftOut: readonly LeftOutList[];
  };
  /** Name of the authority of somebody else that issued the broker's certificate. */
  readonly issuer?: string | undefined;
  /** End of the broker's certificate and of the revocation list, in ms; named in the README. */
  readonly notAfter?: number | undefined;
  readonly crlNextUpdate?: number | undefined;
}

/**
 * The files of `broker/`. The same bytes for one device and for two thousand: what depends on the fleet does so in
 * tiers (connectionTier). Throws INPUT_INVALID for access rules that the target cannot express.
 */
export function mosquittoKit(input: MosquittoKitInput): ExportFile[] {
  const { project, settings, access, tls } = input;
  const { kit } = settings;
  const problems = checkAccessForTarget(access, settings.target);
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
  if (input.members.some((member) => member.role === 'device')) {
    throw new FieldkeyError('INTERNAL', { detail: 'a device among the members of the broker kit' });
  }
  const acl = compileAcl({
    project,
    access,
    exceptions: input.exceptions,
    members: input.members,
    observer: input.observer,
    aliases: kitAliases(kit, input),
    deviceIs: kit.deviceIs,
    ownClientIds: ownClientIds(kit, input.sharers ?? []),
  });
  const clients = wantsCertificates(kit);
  return [
    ...mosquittoConf(settings, input.deviceCount, ownClientIds(kit, input.sharers ?? [])).map(({ name, text }) =>
      file(name, text),
    ),
    file('acl', acl.text),
    // where the certificate says who it is nobody reads it: a file that does nothing is not written
    ...(wantsPasswords(kit) ? [file('passwd', passwordFile(input.users ?? []), true)] : []),
    // where clients need no certificate there is nobody to check and nothing to revoke
    ...(clients ? [file('certs/ca.crt', pem(tls.ca, 'CERTIFICATE'))] : []),
    file('certs/server.crt', pem(tls.certificate, 'CERTIFICATE')),
    ...(tls.key === null ? [] : [file('certs/server.key', pem(tls.key, 'PRIVATE KEY'), true)]),
    ...(clients ? listFiles(input) : []),
    ...hostFiles(input),
    file(
      'README.txt',
      brokerReadme({
        ...input,
        gaps: acl.gaps,
        partLevelDevice: access.some((rule) => rule.role === 'device' && [...rule.write, ...rule.read].some(hasPartLevelDevice)),
        keyElsewhere: tls.key === null,
        crlCount: tls.crls.length,
      }),
    ),
  ];
}

function listFiles({ project, tls: { crls, leftOut } }: MosquittoKitInput): ExportFile[] {
  return [
    file('certs/crl.pem', pem(crls.map((list) => pem(list.pem, 'X509 CRL')).join(''), 'X509 CRL')),
    file(listsScriptName, listsScript({ project, lists: crls, leftOut, files: 'one' })),
  ];
}

/** What the machine around the broker needs; whoever keeps a broker of their own has all but the firewall. */
function hostFiles(input: MosquittoKitInput): ExportFile[] {
  const { project, settings, deviceCount } = input;
  const { kit, port } = settings;
  // behind a proxy of the machine itself, the machine's own rules are met
  const published = kit.form === 'container' && kit.connectionRate === null;
  const firewall = firewallFiles({ project, port, networks: kit.networks, container: published }).map(({ name, text }) =>
    file(`firewall/${name}`, text),
  );
  if (kit.form === 'fragments') return firewall;
  const container = kit.form === 'container';
  const systemd = container ? undefined : systemdDropIn(settings, deviceCount);
  const { logFile } = brokerPaths(settings);
  const { shipping, shippingTarget: target } = kit;
  const shipped = shippingFile({ project, program: 'mosquitto', logFile, shipping, target });
  return [
    ...(container ? [file('docker-compose.yml', composeFile(settings, deviceCount))] : []),
    ...(systemd === undefined ? [] : [file('systemd.conf', systemd)]),
    file('logrotate.conf', logrotateConf(settings)),
    ...firewall,
    ...(kit.connectionRate === null
      ? []
      : [file('haproxy.cfg', proxyFile(project, settings, maxConnections(kit, deviceCount), readsProxyLine(settings)))]),
    ...(shipped ? [file(shipped.name, shipped.text)] : []),
    file(
      'install.sh',
      installScript({
        project,
        settings,
        crlCount: input.tls.crls.length,
        keyElsewhere: input.tls.key === null,
        systemd: systemd !== undefined,
      }),
    ),
  ];
}

/** The user names of the access list that stand for devices of another id, or for several. */
export function kitAliases(
  kit: KitSettings,
  {
    users,
    sharers,
  }: {
    readonly users?: readonly Pick<KitUser, 'user' | 'device'>[] | undefined;
    readonly sharers?: readonly SharedUser[] | undefined;
  },
): UserAlias[] {
  return wantsPasswords(kit) ? aliasesOf(users ?? []) : sharedAliases(sharers ?? []);
}

/** The broker sees one user for all who show a certificate: it may do what each of them may. */
function sharedAliases(sharers: readonly SharedUser[]): UserAlias[] {
  const holders = new Map(sharers.map(({ holder }) => [holder.id, holder]));
  return [
    ...[...holders.values()].map((holder) => ({ user: holder.id, id: holder.id, role: holder.role, shared: true })),
    ...sharers.map(({ device, holder }) => ({ user: holder.id, id: device.id, role: device.role, shared: true })),
  ];
}

/** An empty or wrong file here stops the broker or, for the revocation list at a reload, lets everybody in. */
function pem(text: string, label: string): string {
  if (!text.includes(`${label}-----`)) throw new FieldkeyError('INTERNAL', { detail: `no ${label} for the broker kit` });
  return text.endsWith('\n') ? text : `${text}\n`;
}

const encoder = new TextEncoder();

function file(path: string, content: string, secret = false): ExportFile {
  return { path: `broker/${path}`, content: encoder.encode(content), secret };
}
