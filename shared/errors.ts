/**
 * Every error that crosses a boundary (IPC, worker, command line) is one of these codes with plain parameters.
 * Only the outermost layer (window or command line) turns a code into words, in the reader's language.
 */

import type { Problem } from './problems.ts';

/** What a parameter may be: shown to people, never a secret. */
export type ErrorParam = string | number | boolean | readonly string[] | readonly Problem[];

/** Code → the names of its parameters. The one list; renderer and command line have exhaustive tables over it. */
export const errorParams = {
  // input
  INPUT_INVALID: ['problems'],
  PLAN_INVALID: ['file', 'problems'],
  PLAN_NOT_READABLE: ['file', 'reason'],
  PLAN_CONFLICT: ['project', 'problems'],
  // vault
  VAULT_EXISTS: ['file'],
  VAULT_NOT_FOUND: ['file'],
  VAULT_NOT_A_VAULT: ['file'],
  VAULT_FROM_FUTURE: ['file', 'found', 'supported'],
  VAULT_IN_USE: ['file', 'pid', 'host', 'since'],
  VAULT_NOT_WRITABLE: ['file', 'reason'],
  VAULT_DAMAGED: ['file', 'detail'],
  VAULT_TAMPERED: ['table', 'row'],
  VAULT_LOCKED: [],
  VAULT_NOT_OPEN: [],
  VAULT_FULL: ['file'],
  /** It can be read and not written: `reason` is the system's. */
  VAULT_READ_ONLY: ['file', 'reason'],
  /** Removed, or another file in its place, while it was open. */
  VAULT_GONE: ['file'],
  /** A copy or a backup that is not whole, or does not hold together. */
  COPY_UNSOUND: ['file', 'detail'],
  /** `clock`: the computer's time; `known`: a time that has certainly passed, or passed not that long ago. Milliseconds. */
  CLOCK_WRONG: ['clock', 'known'],
  PASSPHRASE_WRONG: [],
  /** Of a backup file, not of the vault in it. */
  BACKUP_PASSPHRASE_WRONG: [],
  /** Of the file with an authority's key, not of the vault. */
  KEY_PASSPHRASE_WRONG: [],
  PASSPHRASE_WEAK: ['minimum'],
  /** `variable`: the environment variable that a program may set instead of typing. */
  PASSPHRASE_MISSING: ['variable'],
  PASSPHRASE_DIFFERENT: [],
  /** No shares were ever made for this vault. */
  SHARES_NONE: [],
  /** `needed` different shares open the vault, `given` were. */
  SHARES_TOO_FEW: ['needed', 'given'],
  /** The `share`-th that was given cannot be read; `group`: where to look, 0 = unknown; `reason` as in rules/share-text.ts. */
  SHARE_MISTYPED: ['share', 'group', 'reason'],
  /** `vault` and `expected`: the beginnings of their ids. */
  SHARE_OTHER_VAULT: ['share', 'vault', 'expected'],
  /** Of this vault, and not of the shares that were made last: it opens nothing any more. Ids of the two sets. */
  SHARE_OTHER_SET: ['share', 'index', 'set', 'expected'],
  /** The same as the `other`-th. */
  SHARE_TWICE: ['share', 'other', 'index'],
  /** Readable, and not what was handed out under this number. */
  SHARE_WRONG: ['share', 'index'],
  /** This computer has no keychain that protects anything; `reason` as in model/keychain.ts. */
  KEYCHAIN_UNAVAILABLE: ['reason'],
  /** The keychain of this computer has nothing that opens this vault (any more). */
  KEYCHAIN_LOST: [],
  /** The vault does not take what the keychain has any more: it was turned off, or the passphrase was changed. */
  KEYCHAIN_ENDED: [],
  // authority
  PROJECT_NOT_FOUND: ['project'],
  PROJECT_EXISTS: ['project'],
  DEVICE_NOT_FOUND: ['device'],
  DEVICE_EXISTS: ['device'],
  CERTIFICATE_NOT_FOUND: ['certificate'],
  AUTHORITY_NOT_FOUND: ['authority'],
  ISSUER_EXPIRED: ['authority', 'notAfter'],
  KEY_UNAVAILABLE: ['key'],
  /** Only the public half is here: these devices made their keys themselves. */
  KEY_ELSEWHERE: ['devices'],
  /** Only for a device that works with a valid certificate whose key is elsewhere. */
  TEST_CERTIFICATE_REFUSED: ['device'],
  /** The authority's private key was taken out of this vault. */
  AUTHORITY_OFFLINE: ['authority'],
  /** It belongs to somebody else, who signs nothing here: a request goes out, and the answer comes in. */
  AUTHORITY_OUTSIDE: ['authority'],
  /** A private key was handed in that is not the authority's. */
  AUTHORITY_KEY_OTHER: ['authority'],
  /** Nobody revokes a root: whoever trusts it does so without a list. */
  AUTHORITY_IS_ROOT: ['authority'],
  /** It has not ended, or there is no other one that issues: it cannot be taken out of use by itself. */
  AUTHORITY_NEEDED: ['authority'],
  /** The authority is not in use any more, or is being replaced already. */
  AUTHORITY_NOT_ACTIVE: ['authority', 'state'],
  CERTIFICATE_REVOKED: ['serial'],
  CERTIFICATE_NOT_HELD: ['serial'],
  /** These devices use the certificate of another one: what is done to it is done there. */
  CERTIFICATE_SHARED: ['devices'],
  /** These devices have two passwords already; that has to come to its end first. */
  PASSWORD_CHANGING: ['devices'],
  MOVE_NOT_FOUND: ['move'],
  MOVE_INCOMPLETE: ['remaining', 'total'],
  LINT_FAILED: ['findings'],
  PROFILE_REFUSED: ['reason'],
  /** `reason` is one of shared/model/request.ts. */
  REQUEST_REFUSED: ['reason'],
  /** What came back for our own request; `reason` is one of shared/model/answer.ts. */
  ANSWER_REFUSED: ['reason'],
  /** A revocation list that a broker has; `reason` is one of shared/model/deployed-list.ts, `list` says which of those given it is. */
  CRL_REFUSED: ['reason', 'list'],
  /** The broker's certificate is not ours to renew: another authority issued it, or its key is with somebody else. */
  BROKER_NOT_OURS: [],
  /** Nothing in what was given may issue: no authority with its key. */
  IMPORT_NO_AUTHORITY: [],
  /** The vault has these keys already. */
  IMPORT_ALREADY: ['name'],
  /** The files are not those that were shown. */
  IMPORT_CHANGED: [],
  // files
  EXPORT_FOREIGN_FILES: ['directory', 'files'],
  /** The folder holds the export of a project of the same name below another authority. */
  EXPORT_OTHER_AUTHORITY: ['directory'],
  EXPORT_NOT_WRITABLE: ['directory', 'reason'],
  EXPORT_READ_ONLY: ['directory'],
  /** Pulled out, or it does not answer any more; `reason` is the system's code. */
  EXPORT_MEDIUM_GONE: ['directory', 'reason'],
  EXPORT_NO_SPACE: ['directory', 'needed', 'free'],
  EXPORT_VERIFY_FAILED: ['directory', 'files'],
  EXPORT_CANCELLED: ['directory'],
  FILE_TOO_LARGE: ['file', 'limit'],
  FILE_MALFORMED: ['what', 'reason'],
  /** A broker's log; `reason` is the system's, or that of the decompression. */
  LOG_NOT_READABLE: ['file', 'reason'],
  // tester
  CONNECTION_NOT_OPEN: [],
  /** Nothing can be recorded there; `reason` is the system's. */
  RECORDING_NOT_WRITABLE: ['folder', 'reason'],
  /** Gone, damaged, or of another vault. */
  RECORDING_UNREADABLE: ['reason'],
  PAYLOAD_NOT_FOUND: ['payload'],
  SIMULATION_RUNNING: [],
  OBSERVER_MEASURES: [],
  CHECK_NOT_FOUND: ['check'],
  /** One run at a time: two would fight for the observer's place. */
  CHECKS_RUNNING: [],
  CONNECTION_NOT_FOUND: ['connection'],
  // a broker on this computer
  BROKER_PORT_IN_USE: ['host', 'port'],
  BROKER_ADDRESS_MISSING: ['host'],
  BROKER_PORT_PRIVILEGED: ['port'],
  BROKER_FAILED: ['detail'],
  BROKER_NOT_RUNNING: [],
  // work
  JOB_CANCELLED: ['done', 'total'],
  PROOF_CANCELLED: ['who', 'messages', 'refusals'],
  INTERNAL: ['detail'],
} as const satisfies Record<string, readonly string[]>;

export type ErrorCode = keyof typeof errorParams;

/** The parameters of one code: every name listed for it, nothing else. */
export type ErrorParamsOf<C extends ErrorCode> = { readonly [K in (typeof errorParams)[C][number]]: ErrorParam };

/** The form in which an error travels. `ref` finds the matching line in the log of the process that threw it. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, ErrorParam>>;
  readonly ref?: string;
}

/** An expected failure. `cause` keeps the technical error for the log; it never reaches the window. */
export class FieldkeyError<C extends ErrorCode = ErrorCode> extends Error implements ErrorReport {
  override readonly name = 'FieldkeyError';
  readonly code: C;
  readonly params: ErrorParamsOf<C>;

  constructor(code: C, params: ErrorParamsOf<C>, cause?: unknown) {
    super(`${code} ${JSON.stringify(params)}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }
}

/** True for errors of this program, also after they crossed a thread and lost their class. */
export function isErrorReport(value: unknown): value is ErrorReport {
  return typeof value === 'object' && value !== null && 'code' in value && 'params' in value && String(value.code) in errorParams;
}

/** For `default:` branches of a switch over a union: a new member then fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${String(value)}`);
}
