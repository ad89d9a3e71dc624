import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { compileAcl } from '../../../shared/rules/access-mosquitto.ts';
import { checkAccessForTarget, hasPartLevelDevice } from '../../../shared/rules/access-target.ts';
import { mosquittoConf } from './config.ts';
import { brokerReadme } from './readme.ts';

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
  /**
   * PEM texts. `ca` is every certificate that clients may be checked against (root and site CAs), `crl` one list per issuing
   * CA. `key` is null when somebody else made it and keeps it: the kit then has no key.
   */
  readonly tls: { readonly ca: string; readonly certificate: string; readonly key: string | null; readonly crl: string };
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
  });
  const readme = brokerReadme({
    project,
    settings,
    deviceCount: input.deviceCount,
    gaps: acl.gaps,
    partLevelDevice: access.some((rule) => rule.role === 'device' && [...rule.write, ...rule.read].some(hasPartLevelDevice)),
    keyElsewhere: tls.key === null,
    issuer: input.issuer,
    notAfter: input.notAfter,
    crlNextUpdate: input.crlNextUpdate,
    crlCount: tls.crl.split('-----END X509 CRL-----').length - 1,
  });
  return [
    file('mosquitto.conf', mosquittoConf(settings, input.deviceCount)),
    file('acl', acl.text),
    file('certs/ca.crt', pem(tls.ca, 'CERTIFICATE')),
    file('certs/server.crt', pem(tls.certificate, 'CERTIFICATE')),
    ...(tls.key === null ? [] : [file('certs/server.key', pem(tls.key, 'PRIVATE KEY'), true)]),
    file('certs/crl.pem', pem(tls.crl, 'X509 CRL')),
    file('README.txt', readme),
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
