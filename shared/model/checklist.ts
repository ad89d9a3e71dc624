import type { BrokerTarget } from './broker.ts';
import type { KitSettings } from './kit.ts';
import type { ProofReport } from './proof.ts';
import type { RecoveryState } from './recovery.ts';

/** `unknown`: there is no evidence, or not enough; never taken for green. */
export const checkStates = ['red', 'amber', 'unknown', 'green'] as const;
export type CheckState = (typeof checkStates)[number];

export const checkGroups = ['devices', 'broker', 'network', 'authority'] as const;
export type CheckGroup = (typeof checkGroups)[number];

/**
 * The points, with what they come from. `meters`: place in the ten points of the hardening guide for meters (product S2.10, which
 * names them in this order). `mqtt`: place in the eleven points of the guide to securing MQTT (S3.12). Of those only the number is
 * given there, so they are the demands of S3.1 to S3.11 in their order: TLS on every listener and nobody anonymous (S3.1), credentials
 * of their own (S3.2), access lists (S3.3), mutual TLS and revocation (S3.4), validity and rotation (S3.5), limits (S3.7), logs
 * (S3.8), segmentation (S3.9), backup and recovery (S3.10, S3.11). `null` in both: asked for elsewhere (S2.11).
 */
export const checkPoints = {
  unique: { group: 'devices', meters: 1, mqtt: 3 },
  identity: { group: 'devices', meters: null, mqtt: 5 },
  rotation: { group: 'devices', meters: 3, mqtt: 7 },
  hostname: { group: 'broker', meters: 2, mqtt: null },
  tls: { group: 'broker', meters: null, mqtt: 1 },
  strangers: { group: 'broker', meters: null, mqtt: 2 },
  access: { group: 'broker', meters: 5, mqtt: 4 },
  limits: { group: 'broker', meters: null, mqtt: 8 },
  updates: { group: 'broker', meters: 9, mqtt: null },
  network: { group: 'network', meters: 4, mqtt: 10 },
  logging: { group: 'network', meters: 6, mqtt: 9 },
  expiry: { group: 'authority', meters: 7, mqtt: null },
  revocation: { group: 'authority', meters: null, mqtt: 6 },
  keyOffline: { group: 'authority', meters: 8, mqtt: null },
  hsm: { group: 'authority', meters: 10, mqtt: null },
  backup: { group: 'authority', meters: null, mqtt: 11 },
  recovery: { group: 'authority', meters: null, mqtt: 11 },
  record: { group: 'authority', meters: null, mqtt: null },
} as const satisfies Record<string, { group: CheckGroup; meters: number | null; mqtt: number | null }>;
export type CheckPoint = keyof typeof checkPoints;
export const checkPointNames = Object.keys(checkPoints) as readonly CheckPoint[];

/** What no program can see; a person confirms it, with a note. */
export const confirmablePoints = ['network', 'logging', 'updates', 'keyOffline', 'hsm'] as const satisfies readonly CheckPoint[];
export type ConfirmablePoint = (typeof confirmablePoints)[number];

/** What was found, one sentence each; params fill it. */
export const checkFacts = [
  'devicesNone',
  'devicesOwn',
  'devicesShared',
  'identityCertificate',
  'identityCertificatePassword',
  'identityPassword',
  'validityFine',
  'validityLong',
  'devicesEnded',
  'devicesDue',
  'devicesNotDue',
  'brokerNone',
  'namesMissing',
  'namesCovered',
  'tlsMinimum',
  'proofNone',
  'proofOld',
  'proofBefore',
  'refused',
  'accepted',
  'untried',
  'accessProved',
  'accessIncomplete',
  'accessRefuted',
  'rulesRisky',
  'rulesFine',
  'connectionsFine',
  'connectionsFew',
  'connectionsByHand',
  'packetLimit',
  'rateLimited',
  'rateUnlimited',
  'versionNone',
  'versionSeen',
  'versionOld',
  'versionOther',
  'networksNone',
  'networksSome',
  'logKept',
  'logShort',
  'logSilent',
  'ended',
  'endsSoon',
  'endsLater',
  'warnsFine',
  'warnsLate',
  'listNone',
  'listEnded',
  'listUrgent',
  'listSoon',
  'listFine',
  'listWaiting',
  'keyHere',
  'keyOffline',
  'keyOutside',
  'backupNever',
  'backupOld',
  'backupFresh',
  'backupUnchecked',
  'backupChecked',
  'backupCheckedOlder',
  'cardsNone',
  'cardsUntried',
  'cardsOld',
  'cardsProved',
  'recordUnchecked',
  'recordSound',
  'recordBroken',
  'unconfirmed',
  'confirmed',
  'confirmedOld',
] as const;
export type CheckFact = (typeof checkFacts)[number];

/** A piece of evidence. */
export interface CheckEvidence {
  readonly fact: CheckFact;
  readonly state: CheckState;
  /** When it was so (ms since 1970 UTC); null = it is so now. */
  readonly at: number | null;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface CheckRow {
  readonly point: CheckPoint;
  /** The worst of its evidence. */
  readonly state: CheckState;
  readonly evidence: readonly CheckEvidence[];
  /** Of a point that people confirm: the confirmation that is in force. */
  readonly confirmation: Confirmation | null;
}

/** What a person confirmed: it stands in the audit log, and so does its withdrawal. */
export interface Confirmation {
  readonly at: number;
  readonly operator: string;
  readonly note: string;
}

/** The checklist of a project at a moment. */
export interface Checklist {
  readonly project: string;
  readonly operator: string;
  readonly at: number;
  readonly counts: Readonly<Record<CheckState, number>>;
  readonly rows: readonly CheckRow[];
}

/** Everything that the points are judged by. Times in ms since 1970 UTC; null = there is none. */
export interface ChecklistFacts {
  readonly now: number;
  readonly devices: {
    readonly total: number;
    readonly certified: number;
    /** Devices that use a key that another one uses as well. */
    readonly sharing: number;
    readonly ended: number;
    readonly due: number;
    /** Validity that new device certificates get, in days. */
    readonly days: number;
  };
  readonly broker: {
    readonly target: BrokerTarget;
    readonly kit: KitSettings;
    /** Connections at the same time that the kit allows. */
    readonly maxConnections: number;
    /** Names and addresses of the project, and those that the broker's certificate does not cover; null = it has no certificate. */
    readonly hosts: readonly string[];
    readonly uncovered: readonly string[] | null;
    /** When its settings or the access rules were last changed. */
    readonly changedAt: number | null;
  } | null;
  /** What ends besides devices and lists, soonest first. */
  readonly ends: readonly { readonly name: string; readonly notAfter: number }[];
  readonly warnDays: number;
  readonly lists: readonly { readonly authority: string; readonly nextUpdate: number | null; readonly pending?: number }[];
  readonly roots: readonly {
    readonly name: string;
    readonly key: 'here' | 'offline' | 'outside';
    readonly since: number | null;
  }[];
  readonly risks: number;
  readonly proof: Pick<ProofReport, 'finishedAt' | 'outcome' | 'checks' | 'refusals' | 'host' | 'port'> | null;
  /** The newest complete check of the connection doctor at the project's broker, as far as it tried what has to be refused. */
  readonly checked: Pick<ProofReport, 'finishedAt' | 'refusals' | 'host' | 'port'> | null;
  /** What the broker says of itself on `$SYS/broker/version`. */
  readonly version: { readonly text: string; readonly at: number } | null;
  /** `checked`: the newest backup that was proved, when it was and was made, and whether it is the newest of all. */
  readonly backup: {
    readonly at: number | null;
    readonly checked: { readonly at: number; readonly made: number; readonly newest: boolean } | null;
  };
  readonly recovery: RecoveryState | null;
  readonly record: { readonly sound: boolean; readonly entries: number; readonly at: number } | null;
  readonly confirmations: Readonly<Partial<Record<ConfirmablePoint, Confirmation>>>;
}
