/**
 * Why a revocation list that a broker has is not taken over:
 *
 * - `none`: the file holds no revocation list
 * - `damaged`: it is cut short or changed, so that it cannot be read
 * - `other-issuer`: no authority of the vault has the name of whoever made it
 * - `signature`: an authority has that name, but the list is not signed with its key, or in a way that nobody here can check
 * - `partial`: a delta or indirect list, or one for a part of the certificates (RFC 5280 §5.2.4, §5.2.5)
 * - `number`: so high that no list of ours could come after it
 */
export const listRefusals = ['none', 'damaged', 'other-issuer', 'signature', 'partial', 'number'] as const;
export type ListRefusal = (typeof listRefusals)[number];

/** What became of the revocation lists that a broker had. */
export interface TakenOverLists {
  /** How many lists were brought. */
  readonly brought: number;
  /** Revocations that the vault did not have; among them those of certificates that it does not know. */
  readonly takenOver: number;
  readonly unknown: number;
}
