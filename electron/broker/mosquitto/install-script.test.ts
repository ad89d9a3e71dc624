import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { type KitSettings, standardKit } from '../../../shared/model/kit.ts';
import type { KitList } from '../host/kit-lists.ts';
import { makeBrokerTree } from '../testing/broker-tree.ts';
import { makeTestAuthority, type TestAuthority, type TestIdentity } from '../testing/certificates.ts';
import { install, treeOf, writeKit } from '../testing/kit-folder.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { freePort, installedMosquitto } from '../testing/mosquitto.ts';
import { connectTestClient } from '../testing/mqtt-client.ts';
import { canChown } from '../testing/readme-commands.ts';
import { mosquittoKit } from './kit.ts';

/** install.sh against a broker that runs: what it must never do on its way, and what it does when something is wrong. */
const binary = installedMosquitto();

describe.runIf(canChown)('install.sh', () => {
  let scratch: string;
  let authority: TestAuthority;
  let server: TestIdentity;
  let meter: TestIdentity;
  let canary: TestIdentity;
  let root: string;
  let settings: BrokerSettings;
  let restart: string;
  let count = 0;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'fieldkey install '));
    await chmod(scratch, 0o755);
    authority = await makeTestAuthority(join(scratch, 'authority'));
    [server, meter, canary] = await Promise.all([
      authority.issue('broker', 'serverAuth'),
      authority.issue('meter-001'),
      authority.issue('canary'),
    ]);
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  beforeEach(async () => {
    root = join(scratch, `machine ${++count}`);
    await makeBrokerTree(root, binary);
    settings = {
      names: ['localhost'],
      addresses: ['127.0.0.1'],
      port: await freePort(),
      target: 'mosquitto-2.0',
      directory: '/etc/mosquitto',
      data: '/var/lib/mosquitto',
      log: '/var/log/mosquitto',
      days: 397,
      kit: standardKit,
    };
    restart = `sh '${join(root, 'restart.sh')}'`;
    // what a service manager does: ends the broker, starts it, and says whether it came up
    await writeFile(
      join(root, 'restart.sh'),
      `cd '${root}'
if [ -s pid ]; then kill "$(cat pid)" && while kill -0 "$(cat pid)" 2> /dev/null; do sleep 0.05; done; rm pid; fi
echo restarted >> restarts
log=var/log/mosquitto/mosquitto.log
[ ! -f $log ] || mv $log $log.$(date +%N)
chroot . /usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf < /dev/null > output 2>&1 &
for _ in $(seq 100); do
  kill -0 $! || exit 1
  if grep -qs 'running$' $log; then echo $! > pid; exit 0; fi
  sleep 0.1
done
kill $!
exit 1
`,
    );
  });
  afterEach(async () => {
    await pid()
      .then((found) => process.kill(found))
      // it did not start, or has ended, and that was the test
      .catch(() => undefined);
  });

  /** A new export: its folder. */
  async function exported(
    kit: Partial<KitSettings> = {},
    more: { crl?: string; lists?: Partial<KitList> } = {},
  ): Promise<string> {
    settings = { ...settings, kit: { ...settings.kit, ...kit } };
    const files = mosquittoKit({
      project: 'lab',
      settings,
      access: [{ role: 'device', write: ['{project}/energy/{device}'], read: [] }],
      members: [],
      deviceCount: 2,
      observer: 'observer',
      tls: {
        ca: authority.ca,
        certificate: server.certificate,
        key: server.key,
        crls: kitLists(more.crl ?? (await authority.crl()), more.lists),
        leftOut: [],
      },
    });
    return writeKit(join(scratch, `stick ${count} ${Math.random().toString(36).slice(2)}`), files);
  }

  const restarts = async () => (await readFile(join(root, 'restarts'), 'utf8').catch(() => '')).split('\n').length - 1;
  /** Never 0, which would mean this process and all of its group. */
  const pid = async () => {
    const found = Number(await readFile(join(root, 'pid'), 'utf8'));
    if (!(found > 1)) throw new Error('no broker runs');
    return found;
  };
  const hangup = async () => {
    process.kill(await pid(), 'SIGHUP');
    // reloading is over when another connection is served after it
    await attempt(meter);
  };
  /** How the broker takes somebody: accepted, refused in TLS, or nobody there. */
  async function attempt(identity: TestIdentity): Promise<'accepted' | 'refused' | 'absent'> {
    try {
      await (await connectTestClient({ port: settings.port, ca: authority.ca, identity })).close();
      return 'accepted';
    } catch (error) {
      return /ECONNREFUSED|ECONNRESET/.test(String(error) + String((error as { code?: string }).code)) &&
        !String(error).includes('alert')
        ? 'absent'
        : 'refused';
    }
  }
  const run = (folder: string, act?: 'crl' | 'check') => install(folder, { root, binary, restart, ...(act ? { act } : {}) });
  const leftovers = () =>
    ['etc/mosquitto', 'etc/mosquitto/certs'].flatMap((folder) =>
      readdirSync(join(root, folder)).filter((name) => /fieldkey-(new|before|none)/.test(name)),
    );

  it('brings a broker up, and run again finds nothing to do', async () => {
    const folder = await exported();
    expect(await run(folder, 'check')).toContain('Mosquitto starts with these files.');
    await expect(readFile(join(root, 'etc/mosquitto/acl'))).rejects.toThrow('ENOENT');
    expect(await run(folder)).toContain(`the broker runs on port ${settings.port}`);
    expect(await attempt(meter)).toBe('accepted');
    const tree = await treeOf(join(root, 'etc'));
    expect(await run(folder)).toContain('Nothing is different, and the broker runs.');
    expect(await treeOf(join(root, 'etc'))).toEqual(tree);
    expect([await restarts(), leftovers()]).toEqual([1, []]);
    // Debian's own configuration is kept, once
    expect(await readFile(join(root, 'etc/mosquitto/mosquitto.conf.before-fieldkey'), 'utf8')).toContain('include_dir');
  });

  it('exchanges the list of a running broker: the revoked is never let in, the others are never refused', async () => {
    const lost = await authority.issue('lost');
    await authority.revoke('lost');
    await run(await exported());
    expect([await attempt(lost), await attempt(canary)]).toEqual(['refused', 'accepted']);
    const seen = { lost: new Set<string>(), meter: new Set<string>() };
    await authority.revoke('canary');
    const folder = await exported();
    // as if logrotate came again and again while it runs
    let over = false;
    const watch = (async () => {
      while (!over) {
        try {
          process.kill(await pid(), 'SIGHUP');
        } catch {
          // it is being restarted
        }
        seen.lost.add(await attempt(lost));
        seen.meter.add(await attempt(meter));
      }
    })();
    const said = await run(folder, 'crl').finally(() => {
      over = true;
    });
    await watch;
    expect(said).toContain('the broker runs');
    expect(seen.lost).not.toContain('accepted');
    expect(seen.meter).not.toContain('refused');
    for (let time = 0; time < 3; time++) {
      expect(await attempt(canary)).toBe('refused');
      expect(await attempt(meter)).toBe('accepted');
      await hangup();
    }
    expect(await restarts()).toBe(2);
    // only the list was replaced
    expect(await readFile(join(root, 'etc/mosquitto/certs/crl.pem'), 'utf8')).toBe(
      await readFile(join(folder, 'certs/crl.pem'), 'utf8'),
    );
  });

  it('a list that is broken, has ended or is older than the one in use is not installed', async () => {
    const before = await authority.crl();
    const folder = await exported();
    await run(folder);
    expect(await attempt(canary)).toBe('refused');
    const tree = await treeOf(join(root, 'etc'));
    const list = await readFile(join(folder, 'certs/crl.pem'), 'utf8');
    for (const broken of ['', list.slice(0, -30), list.replace('A', '!'), 'no list']) {
      await writeFile(join(folder, 'certs/crl.pem'), broken);
      await expect(run(folder, 'crl')).rejects.toThrow();
      await expect(run(folder)).rejects.toThrow();
    }
    await expect(run(await exported({}, { lists: { nextUpdate: Date.now() - 1_000 } }), 'crl')).rejects.toThrow('has ended');
    await expect(run(await exported({}, { crl: before }), 'crl')).rejects.toThrow('older than the one in use');
    expect(await treeOf(join(root, 'etc'))).toEqual(tree);
    await hangup();
    expect([await attempt(canary), await attempt(meter), await restarts()]).toEqual(['refused', 'accepted', 1]);
    // that it matters: by hand, with a reload, the empty list lets the revoked in
    await writeFile(join(root, 'etc/mosquitto/certs/crl.pem'), '');
    await hangup();
    expect(await attempt(canary)).toBe('accepted');
  });

  it('does not replace anything when the broker would not start with it', async () => {
    await run(await exported());
    const tree = await treeOf(join(root, 'etc'));
    const wrongKey = await exported();
    await writeFile(join(wrongKey, 'certs/server.key'), meter.key);
    await expect(run(wrongKey)).rejects.toThrow('does not belong to its certificate');
    const wrongOption = await exported();
    await writeFile(join(wrongOption, 'mosquitto.conf'), 'listener 1\nno_such_option true\n');
    await expect(run(wrongOption)).rejects.toThrow('Nothing was replaced');
    const ciphers = await exported({ ciphers: 'NO-SUCH-CIPHER' });
    await expect(run(ciphers)).rejects.toThrow('Nothing was replaced');
    expect(await treeOf(join(root, 'etc'))).toEqual(tree);
    expect([await attempt(meter), await restarts()]).toEqual(['accepted', 1]);
  });

  it('puts back what was there when the broker does not come up, and the broker with it', async () => {
    await run(await exported());
    const tree = await treeOf(join(root, 'etc'));
    const { port } = settings;
    // somebody else has the new port: no trial can know
    const taken: Server = createServer();
    await new Promise<void>((done) => taken.listen(0, '0.0.0.0', done));
    try {
      settings = { ...settings, port: (taken.address() as { port: number }).port };
      await expect(run(await exported())).rejects.toThrow('It runs with those from before.');
    } finally {
      taken.close();
    }
    settings = { ...settings, port };
    expect((await treeOf(join(root, 'etc'))).filter((line) => !line.includes('logrotate'))).toEqual(
      tree.filter((line) => !line.includes('logrotate')),
    );
    expect([await attempt(meter), leftovers()]).toEqual(['accepted', []]);
  });

  it('goes on where a run was broken off between the files and the restart', async () => {
    await run(await exported());
    await authority.issue('late').then(() => authority.revoke('late'));
    const folder = await exported();
    await expect(install(folder, { root, binary, restart: 'kill -KILL $PPID' })).rejects.toThrow();
    expect(leftovers()).not.toEqual([]);
    expect(await run(folder)).toContain('the broker runs');
    expect([await restarts(), leftovers()]).toEqual([2, []]);
  });

  it('as a drop-in, leaves a configuration alone that would not go together with it', async () => {
    const folder = await exported({ form: 'drop-in' });
    const other = join(root, 'etc/mosquitto/conf.d/other.conf');
    for (const [text, why] of [
      [`listener ${settings.port}\n`, 'listens on port'],
      ['allow_anonymous true\n', 'lets people in by other rules'],
      ['acl_file /etc/mosquitto/aclfile\n', 'decides about access'],
    ] as const) {
      await writeFile(other, text);
      await expect(run(folder)).rejects.toThrow(why);
    }
    await rm(other);
    expect(await run(folder)).toContain('the broker runs');
    expect(await attempt(meter)).toBe('accepted');
  });
});
