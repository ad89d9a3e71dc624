/**
 * The written form of a recovery share: 13 groups of 6 characters that can be read aloud, typed and scanned. It says of which
 * vault and which set it is, and carries a checksum that finds every mistake of up to four characters.
 */

/** What a share says. `vault` and `set` are the first 4 bytes of the vault's id and the id of the set, hexadecimal. */
export interface RecoveryShare {
  readonly vault: string;
  /** Made anew each time shares are made: those of an earlier set are recognised. */
  readonly set: string;
  /** How many shares open the vault, of how many there are. */
  readonly threshold: number;
  readonly count: number;
  /** 1 to `count`, as printed on the card. */
  readonly index: number;
  /** 33 bytes: the share itself and its coordinate. */
  readonly bytes: Uint8Array;
}

/** What is wrong with a text that should be a share. `group`: where to look, counted from 1; null when nobody can tell. */
export interface ShareMistake {
  readonly mistake: 'empty' | 'length' | 'character' | 'checksum' | 'version';
  readonly group: number | null;
}

/** Crockford's base 32: no I, L, O and U, which are misread or make words. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groupLength = 6;
const shareLength = 33;
const version = 1;
const dataLength = 12 + shareLength;
/** 72 characters of data and 6 of the checksum. */
export const shareCharacters = (dataLength * 8) / 5 + 6;

/** The text of a share, as `K7Q2ZM-…`. */
export function shareText(share: RecoveryShare): string {
  const data = [
    version,
    ...bytesOf(share.vault),
    ...bytesOf(share.set),
    share.threshold,
    share.count,
    share.index,
    ...share.bytes,
  ];
  const symbols = toSymbols(data);
  return grouped([...symbols, ...checksumOf(symbols)].map((symbol) => alphabet[symbol]).join(''));
}

/** A typed or scanned share. Small letters, spaces, missing hyphens and O for 0 or I for 1 make no difference. */
export function readShare(text: string): RecoveryShare | ShareMistake {
  const characters = [...characterText(text)];
  if (characters.length === 0) return { mistake: 'empty', group: null };
  const symbols = characters.map((character) => alphabet.indexOf(character));
  const strange = symbols.findIndex((symbol) => symbol < 0);
  if (strange >= 0) return { mistake: 'character', group: groupOf(strange) };
  if (symbols.length !== shareCharacters) return { mistake: 'length', group: null };
  if (polymod(symbols) !== wanted) return { mistake: 'checksum', group: suspect(symbols) };
  const data = toBytes(symbols.slice(0, -6));
  if (data[0] !== version) return { mistake: 'version', group: null };
  return {
    vault: hexOf(data.slice(1, 5)),
    set: hexOf(data.slice(5, 9)),
    threshold: data[9] ?? 0,
    count: data[10] ?? 0,
    index: data[11] ?? 0,
    bytes: Uint8Array.from(data.slice(12)),
  };
}

/** Capitals without what stands between them, and with the look-alikes set right. */
export function characterText(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

/** Groups of six with hyphens between. */
export function grouped(characters: string): string {
  return (characters.match(new RegExp(`.{1,${groupLength}}`, 'gu')) ?? []).join('-');
}

function groupOf(position: number): number {
  return Math.floor(position / groupLength) + 1;
}

/** The group with the mistake, when exactly one changed character explains it. It is named, never corrected. */
function suspect(symbols: readonly number[]): number | null {
  const trial = [...symbols];
  for (let at = 0; at < trial.length; at++) {
    const was = trial[at] ?? 0;
    for (let other = 0; other < 32; other++) {
      trial[at] = other;
      if (other !== was && polymod(trial) === wanted) return groupOf(at);
    }
    trial[at] = was;
  }
  return null;
}

/*
 * The BCH code of Bech32m (BIP 350), with the prefix "fk": any change of up to four characters within 89 is found.
 */
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const wanted = 0x2bc830a3;
const prefix = [...'fk'].map((letter) => letter.charCodeAt(0));
const expanded = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31)];

function polymod(symbols: readonly number[]): number {
  let state = 1;
  for (const symbol of [...expanded, ...symbols]) {
    const top = state >>> 25;
    state = ((state & 0x1ffffff) << 5) ^ symbol;
    for (let bit = 0; bit < 5; bit++) if ((top >> bit) & 1) state ^= generator[bit] ?? 0;
  }
  return state >>> 0;
}

function checksumOf(symbols: readonly number[]): number[] {
  const sum = polymod([...symbols, 0, 0, 0, 0, 0, 0]) ^ wanted;
  return Array.from({ length: 6 }, (_, i) => (sum >>> (5 * (5 - i))) & 31);
}

function toSymbols(bytes: readonly number[]): number[] {
  return regroup(bytes, 8, 5);
}

function toBytes(symbols: readonly number[]): number[] {
  return regroup(symbols, 5, 8);
}

/** Cuts a run of bits into pieces of another length; here the lengths always come out even. */
function regroup(values: readonly number[], from: number, to: number): number[] {
  const result: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = (held << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      result.push((held >> bits) & ((1 << to) - 1));
      held &= (1 << bits) - 1;
    }
  }
  return result;
}

function bytesOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
