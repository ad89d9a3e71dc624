import type { ConnectionFailure } from './connection.ts';
import type { PayloadForm } from './publish-template.ts';

/**
 * Checks: "publish X, expect Y on topic Z within N ms". A project keeps them in an order; they are run for one device, some or all.
 *
 * Topics are templates with `{project}` and `{device}`, as those of the access rules. Texts of payloads may hold the variables of
 * rules/variables.ts and `{{run}}`, which is another one in each execution of a check; texts that are expected may hold
 * `{{device}}`, `{{project}}` and `{{run}}`.
 *
 * Whose message counts: where the expected topic takes in the one that is published to, it is that message itself and no other,
 * whatever else is sent there meanwhile (it bears the user property `fieldkey-check`; with MQTT 3.1.1 it is known by its topic and
 * bytes). Elsewhere it is an answer, of whomever. Retained messages from before, and those of other checks, never count.
 */

/** Who publishes or listens: the device that the check is run for, in whose place we connect, or the project's observer. */
export const checkParties = ['device', 'observer'] as const;
export type CheckParty = (typeof checkParties)[number];

/**
 * What the broker has to answer to the message (MQTT 5 §3.4.2.1): that it takes it (below 128), anything, or exactly this reason
 * code (135 = not authorized). QoS 0 has no answer; MQTT 3.1.1 has one without a code.
 */
export type CheckAnswer = 'accepted' | 'any' | number;

export interface CheckPublish {
  readonly by: CheckParty;
  readonly topic: string;
  readonly form: PayloadForm;
  readonly text: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly answer: CheckAnswer;
}

/** How the value at a place in JSON is compared. Order is that of numbers; of texts, that of their code units. */
export const checkComparisons = ['equal', 'different', 'below', 'at-most', 'above', 'at-least', 'exists'] as const;
export type CheckComparison = (typeof checkComparisons)[number];

/**
 * By what the message is judged: nothing, the bytes that were published, its text as a whole or a part of it, its bytes in
 * hexadecimal, JSON of which every member that stands here is there (others may be there too; lists are equal as a whole), or the
 * value at one place of its JSON.
 */
export const checkMatches = ['any', 'same', 'text', 'contains', 'bytes', 'json', 'path'] as const;
export type CheckMatchKind = (typeof checkMatches)[number];
export type CheckMatch =
  | { readonly kind: 'any' }
  | { readonly kind: 'same' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'contains'; readonly text: string }
  /** Hexadecimal, as rules/payload-form.ts takes it. */
  | { readonly kind: 'bytes'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string }
  /**
   * `path`: `$.meter.values[0]['unit']`. `value`: JSON; what is not JSON is taken as a text, so that `on` is one and `"12"` another
   * than `12`. Of `exists` it does not count.
   */
  | { readonly kind: 'path'; readonly path: string; readonly compare: CheckComparison; readonly value: string };

export interface CheckExpectation {
  /** False: nothing may arrive within the time; `match` does not count then. */
  readonly arrives: boolean;
  readonly at: CheckParty;
  /** A filter: wildcards may be in it. */
  readonly topic: string;
  /** ms after publishing. */
  readonly within: number;
  readonly match: CheckMatch;
}

export interface Check {
  readonly name: string;
  /** False: it stays out of runs of all checks. */
  readonly enabled: boolean;
  readonly publish: CheckPublish;
  readonly expect: CheckExpectation;
}

/** One that a project keeps. */
export interface SavedCheck {
  readonly checkId: number;
  readonly check: Check;
}

export const checkLimits = {
  /** Of a project. */
  checks: 200,
  name: 100,
  /** ms. */
  within: { minimum: 10, maximum: 60_000 },
  /** Checks × devices in one run. */
  executions: 10_000,
  /** Devices that are connected at the same time. */
  parallel: 10,
  /** Of what came, so much is kept. */
  bytes: 256,
} as const;

/** As a new one begins. */
export const newCheck: Check = {
  name: '',
  enabled: true,
  publish: {
    by: 'device',
    topic: '{project}/energy/{device}',
    form: 'json',
    text: '{"check":"{{run}}"}',
    qos: 1,
    retain: false,
    answer: 'accepted',
  },
  expect: { arrives: true, at: 'observer', topic: '{project}/energy/{device}', within: 2_000, match: { kind: 'same' } },
};

/** `untried`: it could not be run, which says nothing about the broker's rules. */
export const checkOutcomes = ['passed', 'failed', 'untried'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/**
 * Why a check did not pass.
 *
 * failed:
 * - `publish-refused`    the broker refused the message; `code` says why
 * - `other-code`         another reason code than the expected one came: `code`
 * - `thrown-out`         the broker closed the connection of `who` for what it published, or asked to listen to
 * - `subscribe-refused`  the broker refused to let it listen; `code` says why
 * - `timeout`            nothing came in time; `others`: messages that came there and were not meant
 * - `other-payload`      it came, and says something else: `got` (the last one)
 * - `unexpected`         it came, and must not: `got`
 *
 * untried:
 * - `connection`         no connection, or it was lost: `failure` has the cause, `who` says whose
 * - `no-reason-code`     the broker speaks MQTT 3.1.1 only, which knows no reason codes
 * - `not-sendable`       filled in for this device it is no message, or one that is too large for this broker: `code` if there is one
 * - `no-certificate`     the vault has no certificate of the device
 * - `no-key`             its key is not in the vault, and there is no test certificate
 * - `cancelled`          somebody ended the run before
 */
export const checkReasons = [
  'publish-refused',
  'other-code',
  'thrown-out',
  'subscribe-refused',
  'timeout',
  'other-payload',
  'unexpected',
  'connection',
  'no-reason-code',
  'not-sendable',
  'no-certificate',
  'no-key',
  'cancelled',
] as const;
export type CheckReason = (typeof checkReasons)[number];

/** What came. `base64`: of the first bytes (`checkLimits.bytes`); `size`: all of them. */
export interface CheckGot {
  readonly topic: string;
  readonly base64: string;
  readonly size: number;
}

/** What became of one check for one device. */
export interface CheckResult {
  /** Place in the report's `checks`. */
  readonly check: number;
  /** Null: nothing in the check concerns a device, so it was run once. */
  readonly device: string | null;
  readonly outcome: CheckOutcome;
  /** Null = passed. */
  readonly reason: CheckReason | null;
  /** ms since 1970 UTC. */
  readonly at: number;
  /** ms from publishing to the arrival, with fractions; null when nothing arrived. */
  readonly roundTrip: number | null;
  /** Reason code of the broker's answer (MQTT 5), whether it was expected or not. */
  readonly code: number | null;
  readonly got: CheckGot | null;
  /** Messages that came on the expected topic and did not count. */
  readonly others: number;
  /** Whose connection it is about; null = nobody's. */
  readonly who: CheckParty | null;
  readonly failure: ConnectionFailure | null;
}

/** A run as it is kept and exported. */
export interface CheckReport {
  readonly version: 1;
  readonly project: string;
  readonly operator: string;
  readonly host: string;
  readonly port: number;
  /** ms since 1970 UTC. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Somebody ended it before it was through. */
  readonly cancelled: boolean;
  /** As they were when they were run, in their order. */
  readonly checks: readonly Check[];
  /** Names of the devices that it was run for, in order. */
  readonly devices: readonly string[];
  /** By device in the order of `devices` (those of no device first), then by check. */
  readonly results: readonly CheckResult[];
}

/** For which devices: these, or all that have a certificate in force. */
export type CheckDevices =
  /** `role`: only those of it. */
  { readonly kind: 'all'; readonly role?: string | undefined } | { readonly kind: 'some'; readonly deviceIds: readonly number[] };

/** Of what is exported for other programs: results as JSON (a `CheckReport`), or as JUnit XML. */
export const checkReportFormats = ['json', 'junit'] as const;
export type CheckReportFormat = (typeof checkReportFormats)[number];

/** What to do with checks of a file whose names are taken. */
export const checkImportModes = ['skip', 'replace'] as const;
export type CheckImportMode = (typeof checkImportModes)[number];
