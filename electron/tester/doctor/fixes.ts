import { X509Certificate } from 'node:crypto';
import type { ConnectionCause } from '../../../shared/model/connection.ts';
import type { DoctorStep } from '../../../shared/model/doctor.ts';
import type { DoctorCode, DoctorFix, DoctorFixKind } from '../../../shared/model/doctor-findings.ts';
import { defaultPorts } from '../../../shared/model/own-connection.ts';
import { editConnection, fix, renewalOf } from './findings.ts';
import { type LinkedOrder, promised } from './order.ts';

/** Where a cause belongs; what is not listed belongs to MQTT. */
const stepOfCause: Readonly<Partial<Record<ConnectionCause, DoctorStep>>> = {
  'file-unreadable': 'files',
  'key-unsupported': 'files',
  'key-mismatch': 'files',
  'passphrase-missing': 'files',
  'passphrase-wrong': 'files',
  'authority-unreadable': 'files',
  'authority-is-no-authority': 'files',
  'name-not-found': 'dns',
  'name-server-silent': 'dns',
  refused: 'tcp',
  unreachable: 'tcp',
  'no-answer': 'tls',
  'plain-port': 'tls',
  'not-tls': 'tls',
  'broker-untrusted': 'tls',
  'broker-other-root': 'tls',
  'broker-authority-recreated': 'tls',
  'broker-chain-incomplete': 'tls',
  'broker-self-signed': 'tls',
  'broker-expired': 'tls',
  'broker-not-yet-valid': 'tls',
  'broker-name-mismatch': 'tls',
  'broker-purpose': 'tls',
  'broker-key-usage': 'tls',
  'handshake-failure': 'tls',
  'no-common-cipher': 'tls',
  'protocol-version': 'tls',
  alpn: 'tls',
  'server-name-refused': 'tls',
  'closed-during-tls': 'tls',
  'client-certificate-required': 'admission',
  'client-certificate-unknown-authority': 'admission',
  'client-certificate-expired': 'admission',
  'client-certificate-not-yet-valid': 'admission',
  'client-certificate-weak': 'admission',
  'broker-list-ended': 'admission',
  'client-certificate-revoked': 'admission',
  'client-certificate-unsupported': 'admission',
  'client-certificate-rejected': 'admission',
};

export function causeStep(cause: ConnectionCause): DoctorStep {
  return stepOfCause[cause] ?? 'connack';
}

/** What looks exactly the same from here as a cause; the words for the cause say so as well. */
export function alternativesOf(
  cause: ConnectionCause,
  order: LinkedOrder,
  seen: { readonly protocolVersion: 4 | 5; readonly chainShort: boolean; readonly disconnect: number | null },
): DoctorCode[] {
  switch (cause) {
    case 'broker-untrusted':
      // with the project's own authorities at hand a missing link would have been recognised
      return order.project === null ? ['broker-chain-incomplete'] : [];
    case 'client-certificate-unknown-authority':
      return seen.chainShort ? ['chain-short'] : [];
    case 'broker-list-ended':
      // the broker's clock, as the broker would say it
      return ['client-certificate-expired'];
    case 'not-authorized':
      // Mosquitto answers 5 for everything when asked with 3.1.1
      return seen.protocolVersion === 4 ? ['credentials', 'client-id-rejected'] : [];
    case 'taken-over':
      return seen.disconnect === 142 ? [] : ['closed-by-broker'];
    case 'closed-before-connack':
      return ['server-busy', 'client-certificate-rejected'];
    case 'closed-during-tls':
      return order.identity.certificate === null ? [] : ['client-certificate-rejected'];
    case 'refused':
      return [];
    default:
      return [];
  }
}

/** What a connection that is kept says, and another identity says in the form of the page. */
const ofConnection: readonly DoctorFixKind[] = [
  'enter-passphrase',
  'choose-files',
  'choose-authority',
  'enter-login',
  'other-client-id',
];

/** What helps against a cause, the most likely first. The vault can do some of it; the others are settings of this very test. */
export function fixesOf(cause: ConnectionCause, order: LinkedOrder): DoctorFix[] {
  const found = usualFixes(cause, order);
  if (!order.connection) return found;
  const others = found.filter(({ fix: kind }) => !ofConnection.includes(kind));
  return others.length < found.length ? [...editConnection(order), ...others] : found;
}

function usualFixes(cause: ConnectionCause, order: LinkedOrder): DoctorFix[] {
  const { project, identity, host, port } = order;
  const ours = promised(order);
  const kit = project === null ? [] : [fix('export-kit')];
  const choose = identity.kind === 'observer' || identity.kind === 'device' ? [] : [fix('choose-authority')];
  const own = (act: Parameters<typeof renewalOf>[1]) => renewalOf(order, act);
  switch (cause) {
    case 'name-not-found':
    case 'name-server-silent':
      return (project?.places ?? []).filter((place) => place !== host).map((address) => fix('use-address', { address }));
    case 'refused':
    case 'unreachable':
    case 'no-answer':
    case 'closed-during-tls':
    case 'not-tls':
    case 'not-mqtt':
    case 'plain-port':
    case 'no-connack':
    case 'websocket-refused': {
      const usual = project?.port ?? defaultPorts[order.link.transport];
      return usual === port ? [fix('compare-log')] : [fix('use-port', { port: usual, transport: order.link.transport })];
    }
    case 'tls-port':
      return [fix('use-port', { port, transport: order.link.transport === 'ws' ? 'wss' : 'mqtts' })];
    case 'broker-untrusted':
    case 'broker-other-root':
    case 'broker-authority-recreated':
    case 'broker-chain-incomplete':
    case 'broker-self-signed':
      return [...kit, ...choose];
    case 'broker-expired':
      return [
        ...(project === null ? [] : [ownEnded(project.broker) ? fix('renew-broker') : fix('export-kit')]),
        fix('set-clock'),
      ];
    case 'broker-not-yet-valid':
      return [fix('set-clock')];
    case 'broker-name-mismatch': {
      if (project === null) return [fix('server-name', { name: '' })];
      // the newest certificate may have the name, and not be on the broker yet
      return [
        ownHas(project.broker, host) ? fix('export-kit') : fix('reissue-broker', { name: host }),
        fix('server-name', { name: project.places[0] ?? '' }),
      ];
    }
    case 'broker-purpose':
    case 'broker-key-usage':
      return project === null ? [fix('compare-log')] : [fix('export-kit'), fix('renew-broker')];
    case 'client-certificate-required':
      return project === null ? [fix('choose-files')] : [fix('as-observer'), fix('as-device')];
    case 'client-certificate-unknown-authority':
      return ours ? kit : [fix('choose-files')];
    case 'broker-list-ended':
      return project === null ? [fix('compare-log')] : [fix('publish-list'), fix('export-kit')];
    case 'client-certificate-expired':
    case 'client-certificate-not-yet-valid':
    case 'client-certificate-rejected':
      return own('renew-device');
    case 'client-certificate-weak':
    case 'client-certificate-unsupported':
    case 'key-mismatch':
    case 'key-unsupported':
      return own('rekey-device');
    case 'client-certificate-revoked':
      return [...own('replace-device'), ...(identity.kind === 'device' ? [fix('other-device')] : [])];
    case 'file-unreadable':
      return [fix('choose-files')];
    case 'passphrase-missing':
    case 'passphrase-wrong':
      return [fix('enter-passphrase')];
    case 'authority-unreadable':
    case 'authority-is-no-authority':
      return [fix('choose-authority')];
    case 'credentials':
    case 'authentication-method':
    case 'authentication-unanswered':
      return ours ? kit : [fix('enter-login')];
    case 'not-authorized':
      return ours ? [...kit, fix('other-device')] : [fix('enter-login'), ...(project === null ? [] : [fix('as-observer')])];
    case 'client-id-rejected':
      return ours ? kit : [fix('other-client-id')];
    case 'taken-over':
      return identity.kind === 'device' ? [fix('other-device'), fix('as-observer')] : ours ? [] : [fix('other-client-id')];
    default:
      return [fix('compare-log')];
  }
}

function ownEnded(pem: string | null): boolean {
  return pem !== null && Date.parse(new X509Certificate(pem).validTo) <= Date.now();
}

/** Whether the project's certificate for its broker has a name or an address. */
export function ownHas(pem: string | null, host: string): boolean {
  if (pem === null) return false;
  const own = new X509Certificate(pem);
  return own.checkHost(host, { subject: 'never' }) !== undefined || own.checkIP(host) !== undefined;
}
