import type { DoctorConnection, DoctorMaterial } from '../../shared/model/doctor-order.ts';
import type { TrustChoice } from '../../shared/model/own-connection.ts';
import type { VaultSession } from '../vault/session.ts';
import { openConnection } from './connections/open-connection.ts';
import { listConnections } from './connections/own-connections.ts';

/** Of groups of receivers: whoever is asked for one takes messages from the others. */
const shared = /^\$(share|queue)\//;

/**
 * A connection of the project's own as the doctor takes it: what it consists of, and what it says besides. The key comes out of the
 * vault for it, which the audit log notes.
 * @throws CONNECTION_NOT_FOUND, KEY_UNAVAILABLE, DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, INPUT_INVALID when it speaks as a device and nobody agreed to that
 */
export function connectionMaterial(
  session: VaultSession,
  request: { readonly projectId: number; readonly ownId: number; readonly takeoverAccepted?: true | undefined },
): { readonly material: DoctorMaterial; readonly connection: DoctorConnection; readonly trust: TrustChoice } {
  const { projectId, ownId } = request;
  const { identity, link, mqtt, name, speaksAs } = openConnection(session, request);
  const stored = listConnections(session, projectId).find(({ id }) => id === ownId);
  const utf8 = new TextEncoder();
  const none = identity.certificateChain === '';
  const { transport: _, serverName: __, ...rest } = link;
  return {
    material: {
      kind: 'own',
      clientId: identity.id,
      deviceId: stored?.device?.deviceId ?? null,
      certificate: none ? null : utf8.encode(identity.certificateChain),
      key: none ? null : identity.key,
      passphrase: null,
      authorities: link.systemAuthorities ? null : utf8.encode(identity.ca),
      login: identity.login ?? null,
    },
    connection: {
      connectionId: ownId,
      name,
      speaksAs,
      link: rest,
      mqtt,
      subscriptions: (stored?.settings.subscriptions ?? []).filter(({ filter }) => !shared.test(filter)),
    },
    trust: stored?.settings.tls.trust ?? 'project',
  };
}
