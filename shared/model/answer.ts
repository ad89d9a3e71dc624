/**
 * Why what another authority sent back for our request is not taken:
 *
 * - `no-certificate`: the files hold no certificate
 * - `no-request`: no request of ours waits for an answer; `key`: none of the certificates is for the key of our request
 * - `in-use`: the broker has it already; `key-known`: its key is one of this vault that is used for something else
 * - `not-yet`, `ended`: outside of its validity
 * - `is-authority`, `purpose`: not a certificate for a server
 * - `name`: valid for another name than the one that devices connect to
 * - `not-authority`, `may-not-sign`, `not-for-devices`: not a certificate for an authority; without keyCertSign and cRLSign; its
 *   purposes leave clients out
 * - `other-name`: a renewal under another name or key identifier: what the authority signed would lose its issuer
 * - `names-forbidden`: the name constraints of somebody above leave no room for the project's devices
 * - `chain-incomplete`: an issuer, up to a root that signed itself, is not among the files
 * - `chain-unsound`: a step of the chain does not hold (name, signature, the issuer's right to issue)
 * - `chain-weak`: a step is signed in a way that brokers and devices do not accept, or that nobody here can check
 */
export const answerRefusals = [
  'no-certificate',
  'no-request',
  'key',
  'in-use',
  'key-known',
  'not-yet',
  'ended',
  'is-authority',
  'purpose',
  'name',
  'chain-incomplete',
  'chain-unsound',
  'not-authority',
  'may-not-sign',
  'not-for-devices',
  'other-name',
  'names-forbidden',
  'chain-weak',
] as const;
export type AnswerRefusal = (typeof answerRefusals)[number];
