import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type RunningMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { passwordFile, pbkdf2Hash, readHash, readPasswordFile, saltBytes, sha512Hash, verifyHash } from './password-hash.ts';

const run = promisify(execFile);

/** What people type, and what a hash could get wrong: other scripts, separators of the file, long ones. */
const passwords = [
  'R3mote!meter',
  'Zähler im Keller ß',
  'a:b$c$7$100$x',
  `${'x'.repeat(120)}é`,
  randomBytes(24).toString('base64'),
];

describe('hashes of the password file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldkey-passwd-'));
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are those of mosquitto_passwd: what it writes in either form is read, and takes the right password only', async () => {
    for (const [kind, option] of [
      ['7', 'sha512-pbkdf2'],
      ['6', 'sha512'],
    ] as const) {
      const file = join(folder, `theirs-${kind}`);
      await writeFile(file, '');
      for (const [index, password] of passwords.entries())
        await run('mosquitto_passwd', ['-H', option, '-b', file, `user-${index}`, password]);
      const { lines, refused } = readPasswordFile(await readFile(file, 'utf8'));
      expect(refused).toEqual([]);
      expect(lines.map(({ hash }) => readHash(hash)?.kind)).toEqual(passwords.map(() => kind));
      for (const [index, password] of passwords.entries()) {
        expect(await verifyHash(password, lines[index]?.hash ?? '')).toBe(true);
        expect(await verifyHash(`${password} `, lines[index]?.hash ?? '')).toBe(false);
      }
    }
  });

  it('keep their form when mosquitto_passwd works on our file', async () => {
    const file = join(folder, 'ours-edited');
    const ours = passwordFile([{ user: 'meter-001', hash: await pbkdf2Hash('R3mote!meter', randomBytes(saltBytes)) }]);
    await writeFile(file, ours);
    await run('mosquitto_passwd', ['-b', file, 'another', 'their password']);
    const { lines, refused } = readPasswordFile(await readFile(file, 'utf8'));
    expect(refused).toEqual([]);
    expect(`${lines[0]?.user}:${lines[0]?.hash}\n`).toBe(ours);
    expect(await verifyHash('their password', lines[1]?.hash ?? '')).toBe(true);
    // -U hashes what is plain: of ours it finds nothing to do
    await writeFile(file, ours);
    await run('mosquitto_passwd', ['-U', file]);
    expect(readPasswordFile(await readFile(file, 'utf8')).lines).toHaveLength(1);
  });

  it('refuse what the broker would refuse, and of a user that stands twice take the last line as it does', async () => {
    const good = sha512Hash('x', randomBytes(saltBytes));
    const shortSalt = sha512Hash('x', randomBytes(8));
    const crypted = '$6$rounds=5000$saltsalt$abcdefghijklmnop';
    const text = `a:${good}\n\n# note\nb:${shortSalt}\nc:plain\n:${good}\nd:${crypted}\na:${good}x\r\ne:${good}\r\n`;
    const { lines, refused } = readPasswordFile(text);
    expect(refused).toEqual([4, 5, 6, 7, 8]);
    expect(lines.map(({ user }) => user)).toEqual(['a', 'e']);
    expect(await verifyHash('x', crypted)).toBe(false);
  });

  it('are the same bytes for the same users, in whatever order they come', () => {
    const users = ['meter-10', 'meter-2', 'Meter-1', 'observer'].map((user) => ({ user, hash: 'h' }));
    expect(passwordFile(users)).toBe(passwordFile([...users].reverse()));
    expect(passwordFile(users)).toBe('Meter-1:h\nmeter-10:h\nmeter-2:h\nobserver:h\n');
  });

  describe('on a running Mosquitto', () => {
    let broker: RunningMosquitto;
    let port: number;
    beforeAll(async () => {
      port = await freePort();
      const lines = [];
      for (const [index, password] of passwords.entries()) {
        lines.push({ user: `seven-${index}`, hash: await pbkdf2Hash(password, randomBytes(saltBytes)) });
        lines.push({ user: `six-${index}`, hash: sha512Hash(password, randomBytes(saltBytes)) });
      }
      await writeFile(join(folder, 'passwd'), passwordFile(lines));
      await chmod(join(folder, 'passwd'), 0o644);
      await writeFile(join(folder, 'log'), '');
      await chmod(join(folder, 'log'), 0o666);
      const conf = [
        `log_dest file ${join(folder, 'log')}`,
        'log_type notice',
        'log_type information',
        `listener ${port} 127.0.0.1`,
      ];
      conf.push('allow_anonymous false', `password_file ${join(folder, 'passwd')}`, '');
      await writeFile(join(folder, 'm.conf'), conf.join('\n'));
      broker = await startMosquitto(join(folder, 'm.conf'));
    });
    afterAll(() => broker?.stop());

    const accepted = async (username: string, password: string) => {
      const options = { username, password, reconnectPeriod: 0, connectTimeout: 8_000, timerVariant: 'native' } as const;
      try {
        await (await connectAsync(`mqtt://127.0.0.1:${port}`, options)).endAsync(true);
        return true;
      } catch (error) {
        if (/not authorized/i.test(String(error))) return false;
        throw error;
      }
    };

    it('ours of either form let in who has the password, and nobody else', async () => {
      for (const [index, password] of passwords.entries())
        for (const kind of ['seven', 'six']) {
          expect(await accepted(`${kind}-${index}`, password), `${kind} ${password}`).toBe(true);
          expect(await accepted(`${kind}-${index}`, `${password}.`), `${kind} ${password}`).toBe(false);
        }
    });
  });
});
