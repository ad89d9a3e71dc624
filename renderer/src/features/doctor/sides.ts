import type { DoctorCertificate } from '../../../../shared/model/doctor-evidence.ts';

/** What is right or wrong about a certificate in its place; each has words and a colour. */
export const sideMarks = [
  'same',
  'differs',
  'expired',
  'notYet',
  'lacksName',
  'trusted',
  'untrusted',
  'recreated',
  'sameRoot',
  'otherRoot',
] as const;
export type SideMark = (typeof sideMarks)[number];

export interface Marked {
  readonly certificate: DoctorCertificate;
  readonly marks: readonly SideMark[];
}

export interface Sides {
  /** As the broker presented it, then whoever of ours signed that. */
  readonly broker: readonly Marked[];
  /** What it should be instead; empty = it is. */
  readonly should: readonly Marked[];
  /** What this side shows, then whoever signed that. */
  readonly own: readonly Marked[];
}

export interface SidesInput {
  readonly presented: readonly DoctorCertificate[];
  readonly expected: readonly DoctorCertificate[];
  readonly chain: readonly DoctorCertificate[];
  readonly authorities: readonly DoctorCertificate[];
  /** The certificate is from somebody who is trusted here; null = that was not judged. */
  readonly trusted: boolean | null;
  readonly nameMatches: boolean | null;
  readonly now: number;
}

/** Both chains, and what differs: by fingerprints, for names can be anybody's. */
export function compareSides(input: SidesInput): Sides {
  const { presented, expected, chain, authorities, trusted, nameMatches, now } = input;
  const [leaf] = presented;
  const ownLeaf = expected.find(({ isAuthority }) => !isAuthority);
  const ours = expected.filter(({ isAuthority }) => isAuthority);
  const broker = presented.map((certificate, place): Marked => {
    const marks: SideMark[] = [...datesOf(certificate, now)];
    if (place === 0 && ownLeaf) marks.push(certificate.fingerprint === ownLeaf.fingerprint ? 'same' : 'differs');
    if (place === 0 && nameMatches === false) marks.push('lacksName');
    const twin = ours.find(({ subject }) => subject === certificate.subject);
    if (place > 0 && twin) marks.push(twin.keyFingerprint === certificate.keyFingerprint ? 'trusted' : 'recreated');
    if (trusted === false && place === presented.length - 1 && !marks.includes('recreated')) marks.push('untrusted');
    return { certificate, marks };
  });
  const signer = trusted ? signerOf(presented, ours) : undefined;
  if (signer) broker.push({ certificate: signer, marks: ['trusted'] });
  const wrong = leaf !== undefined && (trusted === false || (ownLeaf && ownLeaf.fingerprint !== leaf.fingerprint));
  const own = chain.map((certificate): Marked => ({ certificate, marks: datesOf(certificate, now) }));
  const ownSigner = signerOf(chain, [...authorities, ...ours]);
  if (ownSigner) own.push({ certificate: ownSigner, marks: ['sameRoot'] });
  else if (own.length > 0 && authorities.length + ours.length > 0) {
    const last = own.at(-1);
    if (last && !last.certificate.isAuthority) own.splice(-1, 1, { ...last, marks: [...last.marks, 'otherRoot'] });
  }
  return { broker, should: wrong ? expected.map((certificate) => ({ certificate, marks: datesOf(certificate, now) })) : [], own };
}

/** The signer that both sides end in, taken out of them: it is shown once. Null = they do not end in the same one. */
export function sharedSigner(sides: Sides): { broker: readonly Marked[]; own: readonly Marked[]; both: Marked | null } {
  const { broker, own, should } = sides;
  const [theirs, ours] = [broker.at(-1), own.at(-1)];
  const same =
    should.length === 0 &&
    broker.length > 1 &&
    own.length > 1 &&
    theirs?.certificate.fingerprint === ours?.certificate.fingerprint;
  if (!same || !theirs) return { broker, own, both: null };
  return { broker: broker.slice(0, -1), own: own.slice(0, -1), both: theirs };
}

function datesOf({ notBefore, notAfter }: DoctorCertificate, now: number): SideMark[] {
  if (now > notAfter) return ['expired'];
  return now < notBefore ? ['notYet'] : [];
}

/** Whoever signed the last of a chain, unless it is in the chain already. */
function signerOf(chain: readonly DoctorCertificate[], candidates: readonly DoctorCertificate[]): DoctorCertificate | undefined {
  const last = chain.at(-1);
  if (!last || last.selfSigned) return undefined;
  return candidates.find(({ subject }) => subject === last.issuer);
}
