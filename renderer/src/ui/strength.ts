import { passphraseMinimum } from '../../../shared/model/vault.ts';

export type StrengthReason = 'repeats' | 'sequence' | 'common' | 'simple' | 'length' | 'fine';

export type Strength =
  | { readonly level: 'empty' }
  | { readonly level: 'short'; readonly missing: number }
  | { readonly level: 'weak' | 'fair' | 'strong'; readonly reason: StrengthReason };

const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertzuiop', 'qwertyuiop', 'asdfghjkl', 'yxcvbnm', 'zxcvbnm'];

/** What guessing programs try first, in the languages of the interface, and the name of this program. */
const common = [
  'password',
  'passwort',
  'passphrase',
  'fieldkey',
  'geheim',
  'secret',
  'letmein',
  'willkommen',
  'welcome',
  'admin',
  'mosquitto',
  'contraseña',
];

/** Bits that a well chosen passphrase of each level has at least; scrypt makes every guess cost about a second. */
const fairBits = 50;
const strongBits = 72;

/** Characters in the longest run along the alphabet or a keyboard row, forwards or backwards. */
function longestSequence(text: string): number {
  let longest = 0;
  for (const row of [...rows, ...rows.map((r) => [...r].reverse().join(''))]) {
    for (let length = Math.min(row.length, text.length); length > longest && length >= 4; length--) {
      for (let at = 0; at + length <= row.length; at++) {
        if (text.includes(row.slice(at, at + length))) longest = Math.max(longest, length);
      }
    }
  }
  return longest;
}

/** Length of the text after folding immediate repetitions: `abcabcabc` counts as `abc`, `aaaa` as `a`. */
function withoutRepeats(text: string): number {
  return text.replace(/(.+?)\1+/gu, '$1').length;
}

/**
 * A deliberately simple estimate from length and variety: bits = counted characters × bits of each kind in use.
 * Letters count little, because people write words; it can only warn, it cannot promise.
 */
export function estimateStrength(passphrase: string, minimum = passphraseMinimum): Strength {
  const length = [...passphrase].length;
  if (length === 0) return { level: 'empty' };
  if (length < minimum) return { level: 'short', missing: minimum - length };
  const text = passphrase.toLowerCase();
  const single = withoutRepeats(text);
  const sequence = longestSequence(text);
  const word = common.find((each) => text.includes(each));
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(passphrase)).length;
  const counted = single - Math.max(0, sequence - 1) - (word ? word.length - 1 : 0);
  // about 2.7 bits a letter of running words, more where kinds are mixed
  const bits = Math.max(0, counted) * (2 + kinds * 0.7);
  const level = bits >= strongBits ? 'strong' : bits >= fairBits ? 'fair' : 'weak';
  if (level === 'strong') return { level, reason: 'fine' };
  if (word) return { level, reason: 'common' };
  if (single < length * 0.75) return { level, reason: 'repeats' };
  if (sequence >= 4) return { level, reason: 'sequence' };
  return { level, reason: level === 'fair' ? 'length' : 'simple' };
}
