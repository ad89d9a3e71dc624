import type { LinkOptions } from '../../../shared/model/connect-options.ts';
import type { DoctorTransport } from '../../../shared/model/doctor.ts';
import type { DoctorConnection, DoctorMaterial, PlannedTrip, ProjectKnowledge } from '../../../shared/model/doctor-order.ts';
import type { ExpectedCheck } from '../../../shared/rules/proof-judgement.ts';
import type { ProveSubject, RefusalOrder, TestCertificate } from '../channel.ts';
import { strictLink } from '../link-socket.ts';

/** What the doctor is asked to look at. Secrets in it are wiped when it has ended. */
export interface DiagnoseOrder {
  readonly runId: string;
  readonly host: string;
  readonly port: number;
  readonly transport: DoctorTransport;
  /** Another name than the host for SNI and for the certificate; null = the host. */
  readonly serverName: string | null;
  readonly identity: DoctorMaterial;
  /** How a connection that is kept goes there; null = the usual way. */
  readonly connection: DoctorConnection | null;
  readonly quick: boolean;
  /** What the vault knows of this broker and identity; null = nothing. */
  readonly project: ProjectKnowledge | null;
  /** Who asks for `$SYS`; null = nobody: it may not, or is thrown out for that. */
  readonly systemTopics: 'self' | 'observer' | null;
  /** Asked for in the step `subscribe`. */
  readonly filters: readonly string[];
  /** Messages to send and see arrive. */
  readonly trips: readonly PlannedTrip[];
  /** The other side of the round trips; null = the identity is alone. */
  readonly observer: TestCertificate | null;
  /** What the project promises; null = no project. */
  readonly access: {
    readonly subjects: readonly ProveSubject[];
    readonly expected: readonly ExpectedCheck[];
    readonly denialDisconnects: boolean;
  } | null;
  /** Connections that have to fail; empty = none can be tried. */
  readonly refusals: readonly RefusalOrder[];
}

/** The same with the way to the broker as connections take it. */
export interface LinkedOrder extends DiagnoseOrder {
  readonly link: LinkOptions;
}

/** Of WebSocket; what brokers use where nobody says anything else. */
const webSocketPath = '/mqtt';

export function linked(order: DiagnoseOrder): LinkedOrder {
  const { transport, serverName } = order;
  const host = order.host.replace(/^\[(.*)\]$/, '$1');
  const systemAuthorities = order.identity.authorities === null;
  return {
    ...order,
    host,
    link: {
      ...strictLink,
      path: webSocketPath,
      systemAuthorities,
      ...order.connection?.link,
      transport,
      serverName: serverName ?? '',
    },
  };
}

/** A project says what this identity may do. */
export function promised({ project, identity }: DiagnoseOrder): boolean {
  return project !== null && (identity.kind === 'observer' || identity.kind === 'device');
}
