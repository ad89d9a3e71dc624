import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isErrorReport } from '../../../shared/errors.ts';
import { revocationReasons } from '../../../shared/model/certificate.ts';
import { chooseIssuers } from '../../authority/choose-issuers.ts';
import { authoritiesOf, latestCrl } from '../../authority/lookup.ts';
import { openMoves, startMove } from '../../authority/moves.ts';
import { createSite } from '../../authority/new-authority.ts';
import { publishCrls } from '../../authority/publish-crl.ts';
import { renewAuthority, renewObserver } from '../../authority/renew-own.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../../authority/testing/fixtures.ts';
import { crlPem } from '../../pki/pem.ts';
import { readCertificate } from '../../pki/read.ts';
import { readCrl } from '../../pki/read-crl.ts';
import { restoreBackup, writeBackup } from '../../vault/backup.ts';
import type { CertificateRow } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';
import { Vault } from '../../vault/vault.ts';
import { addDevices } from '../add-devices.ts';
import { readAuthorityKey, takeOffline } from '../authority-key.ts';
import { makeAuthorityRequest } from '../authority-request.ts';
import { fitLists, readDeployedLists } from '../deployed-lists.ts';
import { finishMove, reissueBelow } from '../move-fleet.ts';
import { provision } from '../provision.ts';
import { renewBroker, renewDevices } from '../renew.ts';
import { replaceAndPublish } from '../replace.ts';
import { publishAfterRestore } from '../restore-backup.ts';
import { releaseAndPublish, revokeAndPublish } from '../revoke.ts';
import { changeMany } from '../revoke-many.ts';

/** One act of a random sequence, with numbers that choose whom it hits among what there is then. */
export interface RandomAct {
  readonly act: keyof typeof acts;
  readonly pick: number;
  readonly more: number;
  readonly flag: boolean;
}

const keyPassphrase = 'a key for cold storage';
const backupSecret = 'backup horse battery';
const day = 86_400_000;

/** A backup, and what it must still know once it is restored. */
interface KeptBackup {
  readonly file: string;
  /** Where the log stood. */
  readonly head: { readonly count: number; readonly mac: string };
  /** Of the authorities that it knows, as hexadecimal of the subject. */
  readonly authorities: ReadonlySet<string>;
}

/** A vault whose clock is set, and on which acts fall as they come. */
export class RandomVault {
  readonly scratch: string;
  readonly projectId: number;
  vault: Vault;
  /** ms that the clock is ahead. */
  ahead = 0;
  devices = 2;
  /** Files of keys that were taken out. */
  keys: string[] = [];
  files = 0;
  /** The newest backup; it is restored when much has happened since. */
  backup: KeptBackup | undefined;
  /** The backups that were restored so far, and how many revocations came from deployed lists. */
  readonly restored: KeptBackup[] = [];
  takenOver = 0;
  /** What the broker has: the newest list of each authority (hexadecimal subject) at the time when it was brought there. */
  readonly deployed = new Map<string, Buffer>();
  /** Acts that did something, and those that were refused with a typed error, by code. */
  readonly done: Record<string, number> = {};
  readonly refused: Record<string, number> = {};

  private constructor(scratch: string, vault: Vault, projectId: number) {
    this.scratch = scratch;
    this.vault = vault;
    this.projectId = projectId;
  }

  static async start(): Promise<RandomVault> {
    const scratch = await mkdtemp(join(tmpdir(), 'fieldkey-random-'));
    const clock = { now: () => Date.now() };
    const vault = await testVault(join(scratch, 'v-0.fieldkey'), { now: () => clock.now() });
    const { projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..2}' }] }));
    const random = new RandomVault(scratch, vault, projectId);
    clock.now = () => random.now();
    await backUp(random);
    return random;
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  get session(): VaultSession {
    return this.vault.session;
  }

  async end(): Promise<void> {
    this.vault.close();
    await rm(this.scratch, { recursive: true, force: true });
  }

  /** Runs an act; what it refuses is part of the game, anything else is not. */
  async run(each: RandomAct): Promise<void> {
    try {
      await acts[each.act](this, each);
      this.done[each.act] = (this.done[each.act] ?? 0) + 1;
    } catch (error) {
      if (!isErrorReport(error) || ['INTERNAL', 'VAULT_TAMPERED', 'VAULT_DAMAGED', 'LINT_FAILED'].includes(error.code))
        throw error;
      this.refused[error.code] = (this.refused[error.code] ?? 0) + 1;
    }
  }

  /** The file under which the vault goes on. */
  async reopen(file: string): Promise<void> {
    this.vault = Vault.open(file, { now: () => this.now(), kdfCost: testKdfCost });
    await this.vault.unlock(testSecret.passphrase, testSecret.operator);
  }
}

function chosen<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)];
}

const certificates = ({ session, projectId }: RandomVault, where: string): CertificateRow[] =>
  session.tables.certificate.where(`project_id = ? AND ${where} ORDER BY id`, projectId);
const deviceIds = ({ session, projectId }: RandomVault) =>
  session.tables.device.where('project_id = ? ORDER BY id', projectId).map(({ id }) => id);
const someDevices = (random: RandomVault, { pick, more }: RandomAct) =>
  deviceIds(random).filter((_, at) => ((pick >> (at % 16)) & 1) === 1 || at === more % 4);
const authority = ({ session, projectId }: RandomVault, { pick }: RandomAct) =>
  chosen(authoritiesOf(session, projectId), pick)?.id ?? 0;

/** Brings a key that was taken out, when there is one. */
async function handed(random: RandomVault, { more }: RandomAct) {
  const file = chosen(random.keys, more);
  const { session, projectId } = random;
  return file === undefined
    ? undefined
    : readAuthorityKey(session, authoritiesOf(session, projectId), { file, passphrase: keyPassphrase });
}

/** The newest lists go to the broker. */
function deploy({ session, projectId, deployed }: RandomVault): void {
  for (const { id } of authoritiesOf(session, projectId)) {
    const der = latestCrl(session, id)?.der;
    if (der) deployed.set(readCrl(der).issuerDer.toString('hex'), der);
  }
}

async function backUp(random: RandomVault): Promise<void> {
  const { session } = random;
  const file = join(random.scratch, `b-${++random.files}.backup`);
  const own = session.tables.certificate.where('authority_id IS NOT NULL');
  const authorities = new Set(own.map(({ der }) => readCertificate(der).subjectDer.toString('hex')));
  const head = session.audit.sealedHead;
  await writeBackup(session, file, backupSecret, testKdfCost);
  random.backup = { file, head, authorities };
}

type Act = (random: RandomVault, each: RandomAct) => Promise<unknown>;

const acts = {
  add: (random, { more }) => {
    const wanted = Array.from({ length: 1 + (more % 3) }, () => ({ id: `m-${++random.devices}`, role: 'device' as const }));
    return addDevices(random.session, random.projectId, wanted);
  },
  renew: (random, each) =>
    renewDevices(random.session, random.projectId, { mode: 'renew', deviceIds: someDevices(random, each) }),
  rekey: (random, each) =>
    renewDevices(random.session, random.projectId, { mode: 'rekey', deviceIds: someDevices(random, each) }),
  due: (random, { more }) => renewDevices(random.session, random.projectId, { mode: 'renew', withinDays: more % 400 }),
  replace: (random, each) =>
    replaceAndPublish(random.session, random.projectId, { deviceIds: someDevices(random, each), reason: 'keyCompromise' }),
  revoke: async (random, each) => {
    const row = chosen(certificates(random, "kind <> 'canary'"), each.pick);
    const reason = chosen(revocationReasons, each.more) ?? 'unspecified';
    return revokeAndPublish(random.session, row?.id ?? 0, { reason, publish: each.flag, handed: await handed(random, each) });
  },
  hold: (random, { pick, flag }) => {
    const row = chosen(certificates(random, "device_id IS NOT NULL AND status = 'valid'"), pick);
    return revokeAndPublish(random.session, row?.id ?? 0, { reason: 'certificateHold', publish: flag });
  },
  release: async (random, each) => {
    const row = chosen(certificates(random, "status = 'hold'"), each.pick);
    return releaseAndPublish(random.session, row?.id ?? 0, { publish: each.flag, handed: await handed(random, each) });
  },
  many: async (random, each) =>
    changeMany(random.session, random.projectId, {
      act: 'revoke',
      reason: each.flag ? 'superseded' : 'certificateHold',
      deviceIds: someDevices(random, each).slice(0, 2),
      certificateIds: [],
      handed: await handed(random, each),
    }),
  publish: async (random, each) => {
    const nextUpdate = each.flag ? random.now() + (2 + (each.more % 300)) * day : undefined;
    return publishCrls(random.session, random.projectId, { nextUpdate, handed: await handed(random, each) });
  },
  site: async (random, each) => {
    const key = await handed(random, each);
    return createSite(random.session, authority(random, each), key && each.flag ? { handed: key } : {});
  },
  renewAuthority: async (random, each) => {
    const key = await handed(random, each);
    return renewAuthority(random.session, authority(random, each), key ? { handed: key } : {});
  },
  issuers: async (random, each) =>
    chooseIssuers(random.session, random.projectId, { devices: each.flag ? authority(random, each) : null, broker: null }),
  offline: async (random, each) => {
    const { file } = await takeOffline(random.session, authority(random, each), {
      directory: random.scratch,
      passphrase: keyPassphrase,
    });
    random.keys.push(file);
  },
  broker: (random, { flag }) => renewBroker(random.session, random.projectId, flag ? 'renew' : 'rekey'),
  observer: (random, { flag }) => renewObserver(random.session, random.projectId, flag ? 'renew' : 'rekey'),
  move: async (random, each) => startMove(random.session, authority(random, each), { handed: await handed(random, each) }),
  reissue: async (random, each) =>
    reissueBelow(random.session, authority(random, each), {
      mode: each.more % 2 === 0 ? 'renew' : 'rekey',
      compromised: each.flag,
      handed: await handed(random, each),
    }),
  /** Seldom there is a move to be finished: most times it begins one, as the acts before seldom did. */
  finish: async (random, each) => {
    let moveId = chosen(openMoves(random.session, random.projectId), each.pick)?.id;
    if (moveId === undefined && each.more % 4 > 0)
      moveId = await startMove(random.session, authority(random, each), { handed: await handed(random, each) });
    return finishMove(random.session, moveId ?? 0, { force: each.flag });
  },
  request: (random, { flag }) => makeAuthorityRequest(random.session, random.projectId, { newKey: flag }),
  later: async (random, { more }) => {
    random.ahead += (1 + (more % 40)) * day;
  },
  reopen: async (random) => {
    const { file } = random.vault;
    random.vault.close();
    await random.reopen(file);
  },
  deploy: async (random) => deploy(random),
  backup: (random) => backUp(random),
  /** What was done since the backup is lost, but for what the broker has: its lists are brought along, as a person is asked to. */
  restore: async (random, { flag }) => {
    const { backup } = random;
    if (!backup) return backUp(random);
    if (flag) deploy(random);
    const file = join(random.scratch, `v-${++random.files}.fieldkey`);
    // an authority that was made after the backup is lost with its devices, and its list is of no use to anybody
    const its = [...random.deployed].filter(([subject]) => backup.authorities.has(subject));
    const text = its.map(([, der]) => crlPem(der)).join('');
    const lists = its.length === 0 ? [] : readDeployedLists([{ name: 'crl.pem', bytes: Buffer.from(text) }]);
    const secrets = { passphrase: backupSecret, vaultPassphrase: testSecret.passphrase, operator: testSecret.operator };
    await restoreBackup(
      backup.file,
      file,
      secrets,
      { now: () => random.now(), kdfCost: testKdfCost },
      (session) => void fitLists(session, lists),
    );
    random.vault.close();
    await random.reopen(file);
    const { takenOver } = await publishAfterRestore(random.session, lists);
    random.takenOver += takenOver;
    random.restored.push(backup);
    // the broker of an authority that nobody has any more is set up anew
    for (const subject of random.deployed.keys()) if (!backup.authorities.has(subject)) random.deployed.delete(subject);
  },
} satisfies Record<string, Act>;

/** Acts, the frequent ones more often. */
export const randomActs = fc.array(
  fc.record<RandomAct>({
    act: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom<RandomAct['act'][]>('add', 'renew', 'rekey', 'revoke', 'hold', 'release', 'many', 'deploy'),
      },
      { weight: 1, arbitrary: fc.constant<RandomAct['act']>('restore') },
      { weight: 8, arbitrary: fc.constantFrom(...(Object.keys(acts) as RandomAct['act'][])) },
    ),
    pick: fc.nat(65_535),
    more: fc.nat(65_535),
    flag: fc.boolean(),
  }),
  { minLength: 12, maxLength: 30 },
);
