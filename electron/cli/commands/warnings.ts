import { isReservedName } from '../../../shared/rules/host.ts';
import { projectOverview } from '../../authority/project-view.ts';
import { brokerEndpoint } from '../../bundle/mqtt-json.ts';
import type { VaultSession } from '../../vault/session.ts';
import { utc } from '../output.ts';

/** Two months, the first of the two warnings of a revocation list. */
const crlWarning = 60 * 86_400_000;

/** What about a project would surprise whoever installs what was exported: certificates and lists that end. */
export function warnings(session: VaultSession, projectId: number): string[] {
  const now = session.now();
  const { fleet, broker, authorities } = projectOverview(session, projectId, now);
  const lines: string[] = [];
  const { host = '' } = broker ? brokerEndpoint(broker) : {};
  if (isReservedName(host))
    lines.push(
      `WARNING: every bundle says ${host}: such names are kept for examples (RFC 2606) and exist nowhere, unless a name server of your own knows them.`,
    );
  if (broker?.origin.awaits)
    lines.push(
      broker.origin.awaits === 'request'
        ? 'WARNING: the broker has no certificate yet and no kit is exported: "broker sign" takes the request of whoever runs it.'
        : 'WARNING: the broker has no certificate yet and no kit is exported: "broker answer --as-given" takes the one that its operator has. Export afterwards: devices have to know who issued it.',
    );
  if (fleet.expired > 0)
    lines.push(`WARNING: ${fleet.expired} devices have an expired certificate and cannot connect; replace them in the window.`);
  if (fleet.due > 0) lines.push(`Due for renewal: ${fleet.due} devices.`);
  const certificate = broker?.certificate;
  if (certificate?.state === 'expired')
    lines.push(`WARNING: the broker's certificate ended on ${utc(certificate.notAfter)}: no device accepts it.`);
  if (certificate?.state === 'due')
    lines.push(`The broker's certificate ends on ${utc(certificate.notAfter)}; "provision" issues a new one.`);
  for (const { name, crl } of authorities)
    if (crl && crl.pending > 0)
      lines.push(
        `WARNING: ${crl.pending} certificates are not on the revocation list of ${name} yet: the broker goes on as before. "crl --key FILE" signs it.`,
      );
  for (const { name, crl, certificate: own } of authorities) {
    // whoever is below it has ended too, and nothing of the others waits for it
    if (own.notAfter <= now)
      lines.push(
        `WARNING: ${name} ended on ${utc(own.notAfter)}: nothing that it signed is accepted. "authority renew" gives it a new certificate, "authority retire" takes it out of use.`,
      );
    else if (!crl) continue;
    else if (crl.nextUpdate <= now)
      lines.push(
        `WARNING: the revocation list of ${name} ended on ${utc(crl.nextUpdate)}: the broker refuses everyone. "crl" publishes a new one.`,
      );
    else if (crl.nextUpdate - now < crlWarning)
      lines.push(`The revocation list of ${name} ends on ${utc(crl.nextUpdate)}; "crl" publishes a new one.`);
  }
  return lines;
}
