import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authoritiesOf, currentCertificate } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { listsNote } from '../broker/host/kit-lists.ts';
import { canChown, readmeBlocks } from '../broker/testing/readme-commands.ts';
import { addDevices } from './add-devices.ts';
import { revokeAndPublish } from './revoke.ts';
import { LiveProject } from './testing/live-project.ts';

/** A root and an authority of a site, each with its list: install.sh and a real Mosquitto, and a stick from before. */
const run = promisify(execFile);

describe.runIf(canChown)('a stick from before', () => {
  let live: LiveProject;
  beforeEach(async () => {
    live = await LiveProject.start();
    await createSite(live.session, authoritiesOf(live.session, live.projectId)[0]?.id ?? 0);
    await addDevices(live.session, live.projectId, [
      { id: 's-1', role: 'device' },
      { id: 's-2', role: 'device' },
    ]);
    await live.deploy();
  });
  afterEach(() => live?.end());

  const kit = (stick: string) => join(stick, 'lab/broker');
  const revoke = (name: string) =>
    revokeAndPublish(live.session, currentCertificate(live.session, live.deviceId(name))?.id ?? 0, { reason: 'keyCompromise' });
  /** What the README says, with install.sh; then the broker is started anew. */
  async function install(stick: string): Promise<void> {
    await run('sh', ['install.sh', 'crl'], { cwd: kit(stick), env: { ...process.env, RESTART: 'true' } });
    await live.restart();
  }
  /** Exports, and installs that. Gives the stick. */
  async function deploy(): Promise<string> {
    await live.export();
    await install(live.stick);
    return live.stick;
  }
  /** Its lines for doing it by hand, up to the one that asks. */
  async function checkByHand(stick: string): Promise<void> {
    const block = readmeBlocks(await readFile(join(kit(stick), 'README.txt'), 'utf8')).find(({ title }) =>
      title.endsWith(': install the files'),
    );
    await run('sh', ['-ec', block?.commands.slice(0, 2).join('\n') ?? 'exit 9'], { cwd: kit(stick) });
  }

  it('is refused whichever of the lists in it is older, and who was revoked stays out', async () => {
    const bundle = { root: await live.bundle('m-1'), site: await live.bundle('s-1'), other: await live.bundle('s-2') };
    const letIn = async () => ({
      root: await live.connects(bundle.root),
      site: await live.connects(bundle.site),
      other: await live.connects(bundle.other),
    });
    const first = await deploy();
    expect(await letIn()).toEqual({ root: true, site: true, other: true });
    // the list of the site is the second in the file
    await revoke('s-1');
    const second = await deploy();
    expect(await letIn()).toEqual({ root: true, site: false, other: true });
    await revoke('m-1');
    const third = await deploy();
    expect(await letIn()).toEqual({ root: false, site: false, other: true });

    const refused = async (stick: string, name: string) => {
      const why = `The list of lab ${name} CA here`;
      await expect(install(stick)).rejects.toThrow(why);
      await expect(checkByHand(stick)).rejects.toThrow(why);
      await live.restart();
      expect(await letIn()).toEqual({ root: false, site: false, other: true });
    };
    await refused(first, 'Site');
    await refused(second, 'Root');
    // without the note of an earlier kit that was copied by hand, the lists themselves are asked
    await rm(join(live.installed, 'certs', listsNote));
    await refused(first, 'Site');
    await refused(second, 'Root');
    await install(third);
    await checkByHand(third);
    expect(await letIn()).toEqual({ root: false, site: false, other: true });
  }, 120_000);

  it('the list of a root that certifies nobody here may end, that of the site may not', async () => {
    const line = async (name: string) =>
      (await readFile(join(kit(live.stick), 'lists.sh'), 'utf8')).split('\n').find((each) => each.endsWith(` lab ${name} CA`));
    await live.export();
    // the four meters and the observer are of the root
    expect(await line('Root')).toContain(' needed ');
    expect(await line('Site')).toContain(' needed ');
    for (const name of ['m-1', 'm-2', 'm-3', 'm-4']) await revoke(name);
    const observer = live.session.tables.certificate.where("kind = 'observer'")[0];
    await revokeAndPublish(live.session, observer?.id ?? 0, { reason: 'superseded' });
    await live.export();
    expect(await line('Root')).toContain(' unneeded ');
    expect(await line('Site')).toContain(' needed ');
  }, 60_000);
});
