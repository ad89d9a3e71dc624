import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaList } from '../../shared/model/export.ts';
import { isStillThere, MediaWatch, mediumAt, removableMedia, systemVolumes, type Volume, volumesOf } from './drives.ts';
import { ejectMedium } from './eject.ts';

let mount: string;
beforeEach(() => {
  mount = mkdtempSync(join(tmpdir(), 'fieldkey-stick-'));
});
afterEach(() => rmSync(mount, { recursive: true, force: true }));

function stick(changes: Partial<Volume> = {}): Volume {
  const volume = { name: 'sdb1', mount, fsType: 'vfat', size: 8e9, label: 'FIELD', uuid: '4F9A-1C22', serial: 's' };
  return { ...volume, removable: true, protocol: 'usb', ...changes };
}
const disk = stick({ name: 'sda2', mount: '/', fsType: 'ext4', label: '', uuid: 'r', removable: false, protocol: 'sata' });

describe('drives', () => {
  it('lists what can be taken out, with label, identity and measured space', async () => {
    const list = async () => [disk, stick(), stick({ mount: '/boot/efi' }), stick({ mount: '/', protocol: 'usb' })];
    const { media, told } = await removableMedia(list);
    expect(told).toBe(true);
    expect(media).toEqual([
      {
        path: mount,
        label: 'FIELD',
        volumeId: '4F9A-1C22',
        removable: true,
        fileSystem: 'vfat',
        size: expect.any(Number),
        free: expect.any(Number),
      },
    ]);
    expect(media[0]?.free).toBeLessThanOrEqual(media[0]?.size ?? 0);
  });

  it('counts disks in USB cases as removable, and names a stick without label by its mount point', async () => {
    const { media } = await removableMedia(async () => [stick({ removable: false, protocol: 'USB', label: '', uuid: '' })]);
    expect(media[0]).toMatchObject({ label: mount.split('/').at(-1), volumeId: 's' });
  });

  it('knows the stick that a chosen folder lies on, and a folder where nothing is known', async () => {
    expect(await mediumAt(join(mount, 'sub'), async () => [disk, stick()])).toMatchObject({
      path: join(mount, 'sub'),
      label: 'FIELD',
      volumeId: '4F9A-1C22',
      removable: true,
    });
    expect(await mediumAt(mount, async () => [disk])).toMatchObject({ volumeId: 'r', removable: false });
    const failing = async () => Promise.reject(new Error('no lsblk'));
    expect(await mediumAt(mount, failing)).toMatchObject({
      path: mount,
      volumeId: '',
      removable: false,
      free: expect.any(Number),
    });
    expect(await removableMedia(failing)).toEqual({ told: false, media: [] });
  });

  it('takes a USB disk for one by its disk, as lsblk tells it', () => {
    const part = { ...stick({ name: 'sdb1', removable: false, protocol: '' }), type: 'part', device: '/dev/sdb' };
    const whole = { ...stick({ name: 'sdb', mount: '', removable: false }), type: 'disk', device: '/dev/sdb' };
    const size = '8000000000' as unknown as number;
    expect(volumesOf([whole, { ...part, size }])).toEqual([{ ...part, protocol: 'usb', size: 8_000_000_000 }]);
    // systeminformation is silent where there is no lsblk
    expect(() => volumesOf([])).toThrow('does not tell');
    expect(() => volumesOf(null)).toThrow('does not tell');
  });

  it('knows whether the stick that was chosen is still the one that is mounted there', async () => {
    const chosen = { path: join(mount, 'sub'), removable: true, volumeId: '4F9A-1C22' };
    expect(await isStillThere(chosen, async () => [disk, stick()])).toBe(true);
    expect(await isStillThere(chosen, async () => [disk])).toBe(false);
    expect(await isStillThere(chosen, async () => [disk, stick({ uuid: 'AAAA-0001' })])).toBe(false);
    expect(await isStillThere({ ...chosen, removable: false }, async () => [])).toBe(true);
    expect(await isStillThere(chosen, async () => Promise.reject(new Error('no lsblk')))).toBe(true);
    const windows = { path: 'E:\\', removable: true, volumeId: '4F9A-1C22' };
    expect(await isStillThere(windows, async () => [stick({ mount: 'E:' })])).toBe(true);
  });

  it('asks the real system without failing', async () => {
    for (const medium of (await removableMedia(systemVolumes)).media) expect(medium.path).not.toBe('/');
  });

  it('keeps nobody waiting for a drive that does not answer, and tells what there is when it does', async () => {
    let answer: (volumes: Volume[]) => void = () => undefined;
    const list = () =>
      new Promise<Volume[]>((resolve) => {
        answer = resolve;
      });
    const told: MediaList[] = [];
    const watch = new MediaWatch((media) => told.push(media), { list, interval: 5, patience: 20 });
    expect(await watch.start()).toEqual({ told: false, media: [] });
    answer([stick()]);
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]).toMatchObject({ told: true, media: [{ label: 'FIELD' }] });
    watch.stop();
  });

  it('tells only changes, only while somebody watches', async () => {
    let volumes: Volume[] = [];
    // a mount point that is not there has no free space, which others on this machine change all the time
    const gone = stick({ mount: join(mount, 'gone') });
    const told: MediaList[] = [];
    const watch = new MediaWatch((media) => told.push(media), { list: async () => volumes, interval: 5 });
    expect(await watch.start()).toEqual({ told: true, media: [] });
    await wait(40);
    expect(told).toEqual([]);
    volumes = [gone];
    await expect.poll(() => told.length).toBe(1);
    await wait(40);
    volumes = [];
    await expect.poll(() => told.map(({ media }) => media.length)).toEqual([1, 0]);
    watch.stop();
    volumes = [gone];
    await wait(40);
    expect(told).toHaveLength(2);
  });
});

describe('ejecting', () => {
  const run = (failure: string | null = null) => {
    const calls: string[][] = [];
    const program = async (name: string, args: readonly string[], environment = {}) => {
      calls.push([name, ...args.slice(0, 5), ...Object.values<string>(environment)]);
      return failure;
    };
    return { calls, program };
  };
  const list = async () => [disk, stick()];

  it('unmounts and powers off by the means of each system', async () => {
    const linux = run();
    expect(await ejectMedium(mount, { list, run: linux.program, platform: 'linux' })).toEqual({
      ejected: true,
      cause: null,
      reason: '',
    });
    expect(linux.calls.map((call) => call.filter((part) => !part.startsWith('--')))).toEqual([
      ['udisksctl', 'unmount', '-b', '/dev/sdb1'],
      ['udisksctl', 'power-off', '-b', '/dev/sdb1'],
    ]);
    const mac = run();
    expect(await ejectMedium(mount, { list, run: mac.program, platform: 'darwin' })).toEqual({
      ejected: true,
      cause: null,
      reason: '',
    });
    expect(mac.calls).toEqual([['/usr/sbin/diskutil', 'eject', mount]]);
    const windows = run();
    const drive = async () => [stick({ name: 'E:', mount: 'E:' })];
    expect((await ejectMedium('E:\\', { list: drive, run: windows.program, platform: 'win32' })).ejected).toBe(true);
    // the drive is handed over in the environment, never as code
    expect(windows.calls[0]?.at(-1)).toBe('E:');
    expect(windows.calls[0]?.join(' ')).not.toContain("'E:'");
  });

  it('says what the system said when it is busy', async () => {
    const busy = run('target is busy');
    expect(await ejectMedium(mount, { list, run: busy.program, platform: 'linux' })).toEqual({
      ejected: false,
      cause: 'busy',
      reason: 'target is busy',
    });
    expect(busy.calls).toHaveLength(1);
  });

  it('touches nothing that is no removable drive', async () => {
    const never = run();
    for (const path of ['/', '/somewhere', `${mount}/..`])
      expect(await ejectMedium(path, { list, run: never.program, platform: 'linux' })).toMatchObject({ ejected: false });
    expect(never.calls).toEqual([]);
  });
});
