import { assertNever, type ErrorCode } from '../../shared/errors.ts';

/** Exit statuses, documented in `--help` and the README; scripts rely on them. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  passphrase: 3,
  vault: 4,
  files: 5,
  cancelled: 6,
  findings: 7,
  notHeld: 8,
} as const;

export const exitCodesHelp = `
Exit status:
  0  done, also when there was nothing to do
  1  something unexpected
  2  wrong arguments, an act that is not possible, or a plan that is not valid or contradicts the vault; nothing was issued
  3  passphrase or recovery shares missing, wrong or too short
  4  the vault cannot be used: missing, open elsewhere, damaged, from a newer program, disk full,
     a key that is kept elsewhere
  5  files cannot be read or written
  6  cancelled; devices that were issued are kept, an unfinished export is taken back, a demo leaves nothing
  7  lint found errors in the files; access: something asked for is denied; log: a finding is an alarm;
     checklist: a point is red; doctor: it works, and something should be looked at
  8  demo, prove, check: a check did not hold, or could not be tried; its output says which; doctor: a step failed
130  interrupted while asking for a passphrase`;

/** The exit status that an error ends the command line with. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'INPUT_INVALID':
    case 'PLAN_INVALID':
    case 'PLAN_CONFLICT':
    case 'PROJECT_NOT_FOUND':
    case 'PROJECT_EXISTS':
    case 'PAYLOAD_NOT_FOUND':
    case 'CHECK_NOT_FOUND':
    case 'DEVICE_NOT_FOUND':
    case 'DEVICE_EXISTS':
    case 'CERTIFICATE_NOT_FOUND':
    case 'CONNECTION_NOT_FOUND':
    case 'AUTHORITY_NOT_FOUND':
    case 'PROFILE_REFUSED':
    case 'AUTHORITY_KEY_OTHER':
    case 'AUTHORITY_IS_ROOT':
    case 'AUTHORITY_OUTSIDE':
    case 'AUTHORITY_NEEDED':
    case 'AUTHORITY_NOT_ACTIVE':
    case 'CERTIFICATE_REVOKED':
    case 'CERTIFICATE_NOT_HELD':
    case 'CERTIFICATE_SHARED':
    case 'PASSWORD_CHANGING':
    case 'MOVE_NOT_FOUND':
    case 'MOVE_INCOMPLETE':
      return exitCodes.usage;
    case 'PASSPHRASE_WRONG':
    case 'BACKUP_PASSPHRASE_WRONG':
    case 'KEY_PASSPHRASE_WRONG':
    case 'PASSPHRASE_WEAK':
    case 'PASSPHRASE_MISSING':
    case 'PASSPHRASE_DIFFERENT':
    case 'SHARES_NONE':
    case 'SHARES_TOO_FEW':
    case 'SHARE_MISTYPED':
    case 'SHARE_OTHER_VAULT':
    case 'SHARE_OTHER_SET':
    case 'SHARE_TWICE':
    case 'SHARE_WRONG':
    case 'KEYCHAIN_UNAVAILABLE':
    case 'KEYCHAIN_LOST':
    case 'KEYCHAIN_ENDED':
      return exitCodes.passphrase;
    case 'VAULT_EXISTS':
    case 'VAULT_NOT_FOUND':
    case 'VAULT_NOT_A_VAULT':
    case 'VAULT_FROM_FUTURE':
    case 'VAULT_IN_USE':
    case 'VAULT_NOT_WRITABLE':
    case 'VAULT_DAMAGED':
    case 'VAULT_TAMPERED':
    case 'VAULT_LOCKED':
    case 'VAULT_NOT_OPEN':
    case 'VAULT_FULL':
    case 'VAULT_READ_ONLY':
    case 'VAULT_GONE':
    case 'COPY_UNSOUND':
    case 'CLOCK_WRONG':
    case 'ISSUER_EXPIRED':
    case 'KEY_UNAVAILABLE':
    case 'KEY_ELSEWHERE':
    case 'TEST_CERTIFICATE_REFUSED':
    case 'BROKER_NOT_OURS':
    case 'AUTHORITY_OFFLINE':
      return exitCodes.vault;
    case 'PLAN_NOT_READABLE':
    case 'EXPORT_FOREIGN_FILES':
    case 'EXPORT_OTHER_AUTHORITY':
    case 'EXPORT_NOT_WRITABLE':
    case 'EXPORT_READ_ONLY':
    case 'EXPORT_MEDIUM_GONE':
    case 'EXPORT_NO_SPACE':
    case 'EXPORT_VERIFY_FAILED':
    case 'FILE_TOO_LARGE':
    case 'LOG_NOT_READABLE':
    case 'FILE_MALFORMED':
    case 'REQUEST_REFUSED':
    case 'ANSWER_REFUSED':
    case 'CRL_REFUSED':
    case 'IMPORT_NO_AUTHORITY':
    case 'IMPORT_ALREADY':
    case 'IMPORT_CHANGED':
      return exitCodes.files;
    case 'JOB_CANCELLED':
    case 'PROOF_CANCELLED':
    case 'EXPORT_CANCELLED':
      return exitCodes.cancelled;
    case 'SIMULATION_RUNNING':
    case 'OBSERVER_MEASURES':
    case 'CHECKS_RUNNING':
    case 'CONNECTION_NOT_OPEN':
    case 'RECORDING_NOT_WRITABLE':
    case 'RECORDING_UNREADABLE':
    case 'BROKER_PORT_IN_USE':
    case 'BROKER_ADDRESS_MISSING':
    case 'BROKER_PORT_PRIVILEGED':
    case 'BROKER_FAILED':
    case 'BROKER_NOT_RUNNING':
    case 'LINT_FAILED':
    case 'INTERNAL':
      return exitCodes.unexpected;
    default:
      return assertNever(code);
  }
}
