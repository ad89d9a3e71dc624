/** What the torture run kills, in the order in which a child goes on after the one it was started for. */
export const tortureActs = [
  'create',
  'issue',
  'issue-many',
  'replace',
  'renew',
  'rekey',
  'revoke',
  'hold',
  'release',
  'publish',
  'export',
  'backup',
  'shares',
  'keychain-on',
  'keychain-off',
  'passphrase',
  'check',
  'migrate',
  'restore',
  'restore-foreign',
] as const;
export type TortureAct = (typeof tortureActs)[number];

/** What a child is started with. */
export interface TortureTask {
  readonly act: TortureAct;
  readonly file: string;
  /** Different for every child: part of the names it gives. */
  readonly round: number;
  /** Where exports go: one folder for each vault, because an export of another authority is never replaced. */
  readonly exports: string;
  readonly backup: string;
  /** Of the vault, as it stands. */
  readonly passphrase: string;
  /** Of the vault inside the backup, when there is one. */
  readonly backupPassphrase: string | null;
}

/** What children said of one vault: everything in it was acknowledged and has to be there. */
export interface Told {
  /** Names of devices. */
  issued: string[];
  /** Serials of certificates that were stored. */
  serials: string[];
  /** Certificates that were revoked. */
  ended: number[];
  /** Certificates whose replacing had begun when the child was killed: replaced and revoked, or neither. */
  replacing: number[];
  /** Certificate → on hold, or not any more. */
  held: Record<number, boolean>;
  crls: number[];
  exports: number[];
  /** One, or two when the change between them was not acknowledged. */
  passphrases: string[];
  /** Slot → the key to it, hexadecimal, and whether the vault takes it; `open`: what was under way may have ended or not. */
  keychains: Record<string, { key: string; state: 'on' | 'off' | 'open' }>;
  shares: string[] | null;
  /** Other shares were being made when the child was killed. */
  sharesBegun: boolean;
}

export function nothingTold(passphrase: string): Told {
  return {
    issued: [],
    serials: [],
    ended: [],
    replacing: [],
    held: {},
    crls: [],
    exports: [],
    passphrases: [passphrase],
    keychains: {},
    shares: null,
    sharesBegun: false,
  };
}

/** Adds a child's line: `begin ACT …` before an act, what it says meanwhile, `did ACT …` when it is acknowledged. */
export function note(line: string, told: Told): void {
  const [verb = '', ...rest] = line.split(' ').filter((word) => word !== '');
  const numbers = rest.map(Number);
  const [act = '', ...of] = rest;
  if (verb === 'issued') told.issued.push(...rest);
  else if (verb === 'serials') told.serials.push(...rest);
  else if (verb === 'ended') told.ended.push(...numbers);
  else if (verb === 'crl') told.crls.push(...numbers);
  else if (verb === 'exported') told.exports.push(...numbers);
  else if (verb === 'begin') begun(act, of, told);
  else if (verb === 'did') ended(act, of, told);
}

function begun(act: string, of: readonly string[], told: Told): void {
  if (act === 'replace') told.replacing = of.map(Number);
  else if (act === 'hold' || act === 'release') for (const id of of) delete told.held[Number(id)];
  else if (act === 'passphrase') {
    told.passphrases.push(...of);
    doubtSlots(told);
  } else if (act === 'keychain-on') told.keychains[of[0] ?? ''] = { key: of[1] ?? '', state: 'open' };
  else if (act === 'keychain-off') setSlot(told, of[0], 'open');
  else if (act === 'shares') told.sharesBegun = true;
}

function ended(act: string, of: readonly string[], told: Told): void {
  if (act === 'replace') told.replacing = [];
  else if (act === 'hold' || act === 'release') for (const id of of) told.held[Number(id)] = act === 'hold';
  else if (act === 'passphrase') {
    told.passphrases = [...of];
    for (const slot of Object.keys(told.keychains)) setSlot(told, slot, 'off');
  } else if (act === 'keychain-on') setSlot(told, of[0], 'on');
  else if (act === 'keychain-off') setSlot(told, of[0], 'off');
  else if (act === 'shares') {
    told.shares = of.map(decodeURIComponent);
    told.sharesBegun = false;
  }
}

function setSlot({ keychains }: Told, slot: string | undefined, state: 'on' | 'off' | 'open'): void {
  const known = keychains[slot ?? ''];
  if (known) known.state = state;
}

/** Something was under way that ends all slots. */
export function doubtSlots(told: Told): void {
  for (const each of Object.values(told.keychains)) if (each.state === 'on') each.state = 'open';
}
