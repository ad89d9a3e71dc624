/**
 * What an entry of the audit log is about, `topic.act`. The list grows with the acts; a past name is never reused for
 * something else. A name that is added here needs words: `AuditWords` below, and the command line's table.
 */
export const auditActions = [
  'vault.create',
  'vault.unlock',
  'clock.confirm',
  'passphrase.change',
  'passphrase.recover',
  'shares.make',
  'shares.drill',
  'keychain.add',
  'keychain.remove',
  'backup.write',
  'backup.verify',
  'project.create',
  'project.change',
  'authority.create',
  'authority.change',
  'authority.offline',
  'authority.replace',
  'authority.import',
  'device.add',
  'device.change',
  'certificate.import',
  'certificate.request',
  'certificate.issue',
  'certificate.revoke',
  'certificate.hold',
  'certificate.release',
  'certificate.share',
  'crl.publish',
  'crl.import',
  'password.make',
  'password.end',
  'connection.add',
  'connection.change',
  'connection.remove',
  'inventory.write',
  'export.begin',
  'export.write',
  'export.fail',
  'tester.connect',
  'check.save',
  'check.remove',
  'check.begin',
  'check.finish',
  'payload.save',
  'payload.remove',
  'simulation.begin',
  'simulation.finish',
  'proof.begin',
  'proof.finish',
  'proof.cancel',
  'doctor.begin',
  'doctor.finish',
  'broker.open',
  'broker.close',
  'checklist.confirm',
  'checklist.withdraw',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** By what people look for acts. */
export const auditGroups = ['certificates', 'exports', 'projects', 'vault', 'tests'] as const;
export type AuditGroup = (typeof auditGroups)[number];

export const auditGroupOf: Readonly<Record<AuditAction, AuditGroup>> = {
  'vault.create': 'vault',
  'vault.unlock': 'vault',
  'clock.confirm': 'vault',
  'passphrase.change': 'vault',
  'passphrase.recover': 'vault',
  'shares.make': 'vault',
  'shares.drill': 'vault',
  'keychain.add': 'vault',
  'keychain.remove': 'vault',
  'backup.write': 'vault',
  'backup.verify': 'vault',
  'project.create': 'projects',
  'project.change': 'projects',
  'authority.create': 'certificates',
  'authority.change': 'certificates',
  'authority.offline': 'certificates',
  'authority.replace': 'certificates',
  'authority.import': 'certificates',
  'device.add': 'projects',
  'device.change': 'projects',
  'certificate.import': 'certificates',
  'certificate.request': 'certificates',
  'certificate.issue': 'certificates',
  'certificate.revoke': 'certificates',
  'certificate.hold': 'certificates',
  'certificate.release': 'certificates',
  'certificate.share': 'certificates',
  'crl.publish': 'certificates',
  'crl.import': 'certificates',
  'password.make': 'projects',
  'password.end': 'projects',
  'connection.add': 'tests',
  'connection.change': 'tests',
  'connection.remove': 'tests',
  'inventory.write': 'exports',
  'export.begin': 'exports',
  'export.write': 'exports',
  'export.fail': 'exports',
  'tester.connect': 'tests',
  'check.save': 'tests',
  'check.remove': 'tests',
  'check.begin': 'tests',
  'check.finish': 'tests',
  'payload.save': 'tests',
  'payload.remove': 'tests',
  'simulation.begin': 'tests',
  'simulation.finish': 'tests',
  'proof.begin': 'tests',
  'proof.finish': 'tests',
  'proof.cancel': 'tests',
  'doctor.begin': 'tests',
  'doctor.finish': 'tests',
  'broker.open': 'tests',
  'broker.close': 'tests',
  'checklist.confirm': 'tests',
  'checklist.withdraw': 'tests',
};

type Topic<A extends string> = A extends `${infer T}.${string}` ? T : never;
type ActOf<A extends string, T extends string> = A extends `${T}.${infer Act}` ? Act : never;
/** A text for every action, nested by topic and act: a table that lacks one does not compile. */
export type AuditWords = {
  readonly [T in Topic<AuditAction>]: { readonly [A in ActOf<AuditAction, T>]: string };
};

/** Null for what is not in the list: a newer program wrote it, or somebody changed the entry. */
export function knownAction(action: string): AuditAction | null {
  return auditActions.find((each) => each === action) ?? null;
}

export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** An entry as it lies in the log; times in ms since 1970 UTC. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: number;
  readonly operator: string;
  /** One of `auditActions`, unless the entry is not what was written. */
  readonly action: string;
  readonly projectId: number | null;
  /** What was acted on, as people name it: a device id, a file, a serial. */
  readonly subject: string;
  readonly detail: AuditDetail;
}

/** Which entries; what is left out does not restrict. */
export interface AuditFilter {
  /** From this moment on (ms). */
  readonly since?: number | undefined;
  /** Before this moment (ms). */
  readonly until?: number | undefined;
  readonly operator?: string | undefined;
  readonly group?: AuditGroup | undefined;
  readonly projectId?: number | undefined;
  /** Part of a subject or of a value of the detail: a device, a serial number, a file. */
  readonly text?: string | undefined;
}

/**
 * Where the chain ceases to be what was written; the first place of it.
 * - `entry`: this entry was changed, exchanged or inserted.
 * - `missing`: the entries from `seq` to `until` were removed; `at` is the time of the last one before.
 * - `tail`: the same at the end.
 * - `head`: the authenticated head is missing or was changed: what followed after the last entry cannot be told.
 * - `head-older`: the head was put back to an older state; `seq` is the first entry after it.
 */
export interface ChainBreak {
  readonly kind: 'entry' | 'missing' | 'tail' | 'head' | 'head-older';
  readonly seq: number;
  readonly until: number;
  /** ms; null when no entry before tells. */
  readonly at: number | null;
}

/** How a row contradicts: its seal is broken, no act made it, an act made it and it is gone, it says something else. */
export const contradictionKinds = ['changed', 'unknown', 'missing', 'differs'] as const;
export type ContradictionKind = (typeof contradictionKinds)[number];

/** A row that is not what the acts in the log say. */
export interface Contradiction {
  readonly kind: ContradictionKind;
  /** The table. */
  readonly table: string;
  /** Its id, or the name by which the log knows it. */
  readonly row: string;
}

/** The answer to "is the record what was written?" */
export interface VerifiedRecord {
  readonly sound: boolean;
  readonly entries: number;
  /** Where the log stands: hexadecimal, empty when that cannot be told; and after how many entries. */
  readonly head: string;
  readonly count: number;
  readonly chain: ChainBreak | null;
  readonly rows: Contradiction[];
  /** Technical, English. */
  readonly findings: string[];
  /** After which entry the log stood at the checksum that was asked for; null = never, or nothing was asked. */
  readonly stoodAt: number | null;
}

export const reportSections = ['issued', 'revoked', 'lists', 'exported', 'other'] as const;
export type ReportSection = (typeof reportSections)[number];

/** What the evidence report says. Times in ms. */
export interface AuditReport {
  readonly madeAt: number;
  readonly operator: string;
  readonly since: number | null;
  readonly until: number | null;
  readonly authorities: {
    readonly project: string;
    readonly name: string;
    readonly state: string;
    readonly fingerprint: string;
    readonly notAfter: number;
  }[];
  readonly counts: { readonly action: string; readonly count: number }[];
  readonly operators: { readonly operator: string; readonly acts: number }[];
  /** `total` may be more than the entries that are printed. */
  readonly sections: Readonly<Record<ReportSection, { readonly total: number; readonly entries: AuditEntry[] }>>;
  readonly verification: VerifiedRecord;
}
