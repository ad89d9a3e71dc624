import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTestAuthority } from '../testing/certificates.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { checkLists, type KitList, type LeftOutList, listsNote, listsScript, noteLists } from './kit-lists.ts';

/** lists.sh as it stands, run by sh: with the note that it leaves on the broker's machine, and without. */
const run = promisify(execFile);
const later = Date.now() + 90 * 86_400_000;
const of = (issuer: string, hash: string, number: bigint, more: Partial<KitList> = {}): KitList => ({
  pem: '',
  issuer: `CN=${issuer}`,
  issuerHash: hash,
  keyId: 'a1b2c3',
  number,
  nextUpdate: later,
  needed: true,
  ...more,
});
const root = (number: bigint, more?: Partial<KitList>) => of('lab Root CA', '0000aaaa', number, more);
const site = (number: bigint, more?: Partial<KitList>) => of('lab Site CA, O=It\'s "here" $(id)', '1111bbbb', number, more);

let scratch: string;
let installed: string;
/** Programs without openssl. */
let bare: string;
let count = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey lists '));
  bare = join(scratch, 'bin');
  await mkdir(bare);
  for (const name of ['sh', 'awk', 'sed', 'cat', 'date', 'mktemp', 'mv', 'rm', 'cmp', 'dirname'])
    await symlink((await run('sh', ['-c', `command -v ${name}`])).stdout.trim(), join(bare, name));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));
beforeEach(async () => {
  installed = join(scratch, `broker's ${++count}`.replace("'", ''));
  await mkdir(installed);
});

/** A new stick; `pem` becomes its certs/crl.pem. */
async function stick(lists: readonly KitList[], leftOut: readonly LeftOutList[] = [], files: 'one' | 'each' = 'one') {
  const folder = join(scratch, `stick ${count} ${Math.random().toString(36).slice(2)}`);
  await mkdir(join(folder, 'certs'), { recursive: true });
  await writeFile(join(folder, 'certs/crl.pem'), lists.map(({ pem }) => pem).join(''));
  await writeFile(join(folder, 'lists.sh'), listsScript({ project: 'lab', lists, leftOut, files }));
  return folder;
}

/** What it says: nothing when all is well. Throws when it refuses. */
async function check(folder: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: folder, env: { PATH: bare, ...env } };
  const { stdout, stderr } = await run('sh', ['-c', checkLists(installed)], options);
  expect(stdout).toBe('');
  return stderr;
}
const note = (folder: string) => run('sh', ['-c', noteLists(installed)], { cwd: folder, env: { PATH: bare } });
const older = 'is older than the one in use';

describe('lists.sh', () => {
  it('refuses an older list of any issuer, wherever it stands, by the note alone', async () => {
    await note(await stick([root(5n), site(7n)]));
    expect(await check(await stick([root(5n), site(7n)]))).toBe('');
    expect(await check(await stick([site(8n), root(5n)]))).toBe('');
    for (const lists of [
      [root(5n), site(6n)],
      [site(6n), root(9n)],
      [root(4n), site(9n)],
    ])
      await expect(check(await stick(lists))).rejects.toThrow(older);
    await expect(check(await stick([root(5n), site(6n)]))).rejects.toThrow(
      'CN=lab Site CA, O=It\'s "here" $(id) here (number 6) is older than the one in use (7)',
    );
    // another key of the same name is another issuer
    const successor = root(1n, { keyId: 'd4' });
    expect(await check(await stick([root(5n), site(7n), successor]))).toBe('');
  });

  it.each([
    [2n ** 63n, 2n ** 63n + 1n],
    [2n ** 159n - 2n, 2n ** 159n - 1n],
    [0x9n, 0x10n],
    [0xan, 0x9000_0000_0000_0000n],
    [0n, 1n],
  ])('tells numbers of up to 20 octets apart: %s and %s', async (less, more) => {
    await note(await stick([root(more)]));
    await expect(check(await stick([root(less)]))).rejects.toThrow(older);
    expect(await check(await stick([root(more)]))).toBe('');
    await note(await stick([root(less)]));
    expect(await check(await stick([root(more)]))).toBe('');
  });

  it('refuses a list that is missing, unless its authority was taken out of use, and that one for good', async () => {
    await note(await stick([root(5n), site(7n)]));
    await expect(check(await stick([root(6n)]))).rejects.toThrow('and here is none');
    expect(await check(await stick([root(6n)]), { GIVE_UP: 'x 1111bbbb-a1b2c3' })).toBe('');
    const retired: LeftOutList = { ...site(0n), number: null };
    await note(await stick([root(5n)], [retired]));
    // what was exported before it was taken out of use has the same list of the root
    await expect(check(await stick([root(5n), site(7n)]))).rejects.toThrow('was taken out of use');
    expect(await check(await stick([root(6n)], [retired]))).toBe('');
  });

  it('takes back an authority that was only left out for a while, but no older list of it', async () => {
    await note(await stick([root(5n)], [site(7n)]));
    expect(await check(await stick([root(5n), site(8n)]))).toBe('');
    await expect(check(await stick([root(5n), site(6n)]))).rejects.toThrow(older);
  });

  it('refuses a list that has ended only where it would lock somebody out who is let in now', async () => {
    const ended = { nextUpdate: Date.now() - 60_000 };
    await expect(check(await stick([root(5n), site(7n, ended)]))).rejects.toThrow('has ended: the broker would refuse everybody');
    const unneeded = await stick([root(5n, { ...ended, needed: false }), site(7n)]);
    expect(await check(unneeded)).toContain('note: the list of CN=lab Root CA has ended. The broker looks nobody up in it.');
    // an urgent revocation of the one gets through although the other is over
    await note(await stick([root(5n, ended), site(7n)]));
    expect(await check(await stick([root(5n, ended), site(8n)]))).toContain('has ended, here and in use');
    expect(await check(await stick([root(5n, { nextUpdate: null })]), { GIVE_UP: '1111bbbb-a1b2c3' })).toBe('');
  });

  it('prints what is here, and says how it is used', async () => {
    const folder = await stick([root(0x1fn)]);
    const { stdout } = await run('sh', ['lists.sh', 'print'], { cwd: folder, env: { PATH: bare } });
    expect(stdout).toBe(`0000aaaa-a1b2c3 1f ${Math.floor(later / 1000)} needed CN=lab Root CA\n`);
    await note(folder);
    expect(await readFile(join(installed, listsNote), 'utf8')).toBe(stdout);
    await expect(run('sh', ['lists.sh', 'check'], { cwd: folder })).rejects.toThrow('say: check FOLDER');
  });
});

describe('lists.sh, where an earlier kit was installed by hand and left no note', () => {
  let before: KitList[];
  let now: KitList[];
  beforeAll(async () => {
    // two authorities of the same name, and the list that matters is the second one
    const [first, second] = await Promise.all(['one', 'two'].map((name) => makeTestAuthority(join(scratch, name))));
    if (!first || !second) throw new Error('no authorities');
    const listsNow = async () => kitLists((await first.crl()) + (await second.crl()));
    before = await listsNow();
    await second.issue('meter-001').then(() => second.revoke('meter-001'));
    now = [before[0], kitLists(await second.crl())[0]].filter((list) => list !== undefined);
  });
  const put = (name: string, lists: readonly KitList[]) =>
    writeFile(join(installed, name), lists.map(({ pem }) => pem).join('\n# as openssl ca writes them\n'));
  const withOpenssl = { PATH: process.env['PATH'] };

  it.each(['one', 'each'] as const)('reads the lists themselves with openssl, files: %s', async (files) => {
    if (files === 'one') await put('crl.pem', now);
    else for (const [index, list] of now.entries()) await put(`${list.issuerHash}.r${index}`, [list]);
    await expect(check(await stick(before, [], files), withOpenssl)).rejects.toThrow(older);
    expect(await check(await stick(now, [], files), withOpenssl)).toBe('');
    await expect(check(await stick(now.slice(1), [], files), withOpenssl)).rejects.toThrow('and here is none');
    // a note that is behind, for somebody has put a newer list there by hand, does not help
    await note(await stick(before, [], files));
    await expect(check(await stick(before, [], files), withOpenssl)).rejects.toThrow(older);
  });

  it('says so when it cannot know, but for the very same list', async () => {
    await put('crl.pem', now);
    await expect(check(await stick(before))).rejects.toThrow('Install openssl');
    const same = await stick(now);
    await writeFile(join(same, 'certs/crl.pem'), await readFile(join(installed, 'crl.pem')));
    expect(await check(same)).toBe('');
  });
});
