import { statfs } from 'node:fs/promises';
import { basename, parse, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { MediaList, Medium } from '../../shared/model/export.ts';

/** What the system tells of one mounted volume; the fields of systeminformation's blockDevices that are used here. */
export interface Volume {
  /** `/dev/sdb1`, `disk2s1`, `E:`; with or without folder, as the system has it. */
  readonly name: string;
  readonly mount: string;
  readonly fsType: string;
  /** Bytes. */
  readonly size: number;
  readonly label: string;
  readonly uuid: string;
  readonly serial: string;
  readonly removable: boolean;
  /** `usb`, `sata` …, in whatever case. */
  readonly protocol: string;
}

/**
 * All mounted volumes; throws where the system cannot tell. Tests hand in others than those of the machine they run on.
 */
export type ListVolumes = () => Promise<readonly Volume[]>;

/** What systeminformation gives beyond a volume: the disk that a partition is on, as `/dev/sdb`. */
type BlockDevice = Volume & { readonly type: string; readonly device?: string };

/** Asks the system (lsblk, diskutil, PowerShell). The library is loaded on first use: starting the window needs it not. */
export const systemVolumes: ListVolumes = async () => {
  const { blockDevices } = await import('systeminformation');
  return volumesOf(await blockDevices());
};

/**
 * The mounted ones. lsblk tells how a disk is connected only on the line of the disk itself, so a partition takes that
 * over: a USB disk calls itself fixed, and only `usb` shows that it can be taken out. Windows gives sizes as text.
 * The library is silent where the system's program is missing; as no computer is without any disk, nothing means that.
 */
export function volumesOf(devices: readonly BlockDevice[] | null): Volume[] {
  if (devices === null || devices.length === 0) throw new Error('the system does not tell its drives');
  const disks = new Map(devices.filter(({ type }) => type === 'disk').map((disk) => [`/dev/${disk.name}`, disk]));
  return devices
    .filter(({ mount }) => mount !== '')
    .map((device) => {
      const disk = disks.get(device.device ?? '');
      return { ...device, size: Number(device.size) || 0, protocol: device.protocol || (disk?.protocol ?? '') };
    });
}

/** ms that somebody who asked for one thing waits for the list of drives; Windows needs up to three seconds. */
const patience = 5_000;

/** The volumes, or null where the system cannot tell or does not in time: a drive that hangs may keep lsblk for minutes. */
export async function volumesSoon(list: ListVolumes, milliseconds = patience): Promise<readonly Volume[] | null> {
  const settled = new AbortController();
  const late = wait(milliseconds, null, { signal: settled.signal }).catch(() => null);
  try {
    return await Promise.race([list().catch(() => null), late]);
  } finally {
    settled.abort();
  }
}

/** Volumes on which the system itself lives are no media, whatever their drive calls itself. */
const systemMounts = /^(\/|\/boot(\/.*)?|\/home|\/usr|\/var|\[SWAP\]|\/System\/Volumes\/.*|\/private\/.*|[Cc]:)$/;

/** The removable drives that are plugged in and mounted, by mount point; `told` is false where the system cannot tell. */
export async function removableMedia(list: ListVolumes = systemVolumes): Promise<MediaList> {
  const volumes = await list().catch(() => null);
  if (volumes === null) return { told: false, media: [] };
  const media = await Promise.all(volumes.filter(isRemovable).map((volume) => mediumOf(volume, volume.mount)));
  return { told: true, media: media.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** A folder that a person chose, with what is known of the volume it lies on. */
export async function mediumAt(folder: string, list: ListVolumes = systemVolumes): Promise<Medium> {
  const volume = volumeOf((await volumesSoon(list)) ?? [], folder);
  if (volume) return { ...(await mediumOf(volume, folder)), label: labelOf(volume, folder) };
  const { size, free } = await space(folder);
  return { path: folder, label: nameOf(folder), volumeId: '', removable: false, fileSystem: '', size, free };
}

/**
 * True unless it is certain that the drive is not there any more: its mount point may still be a folder, on the
 * computer's own disk, and another stick may be mounted at it.
 */
export async function isStillThere(
  medium: Pick<Medium, 'path' | 'removable' | 'volumeId'>,
  list: ListVolumes = systemVolumes,
): Promise<boolean> {
  if (!medium.removable) return true;
  const volumes = await volumesSoon(list);
  if (volumes === null) return true;
  const volume = volumeOf(volumes, medium.path.replace(/^([A-Za-z]:)\\$/, '$1'));
  return volume !== undefined && isRemovable(volume) && idOf(volume) === medium.volumeId;
}

function idOf(volume: Volume): string {
  return volume.uuid || volume.serial;
}

function isRemovable({ mount, removable, protocol }: Volume): boolean {
  return !systemMounts.test(mount) && (removable || protocol.toLowerCase() === 'usb');
}

/** The volume whose mount point is nearest above a folder. */
function volumeOf(volumes: readonly Volume[], folder: string): Volume | undefined {
  const within = (mount: string) => folder === mount || folder.startsWith(mount.endsWith(sep) ? mount : mount + sep);
  return volumes.filter(({ mount }) => within(mount)).sort((a, b) => b.mount.length - a.mount.length)[0];
}

async function mediumOf(volume: Volume, path: string): Promise<Medium> {
  const measured = await space(path);
  return {
    // Windows: `E:` alone means the drive's current folder, `E:\` the drive
    path: /^[A-Za-z]:$/.test(path) ? `${path}\\` : path,
    label: volume.label || nameOf(volume.mount),
    volumeId: idOf(volume),
    removable: isRemovable(volume),
    fileSystem: volume.fsType,
    size: measured.size ?? (volume.size > 0 ? volume.size : null),
    free: measured.free,
  };
}

/** People know a stick by its label, a folder on it or on the disk by the folder's name. */
function labelOf(volume: Volume, folder: string): string {
  return isRemovable(volume) ? volume.label || nameOf(volume.mount) : nameOf(folder);
}

function nameOf(path: string): string {
  return basename(path) || parse(path).root || path;
}

/** Bytes; null where the volume is gone or does not tell. */
async function space(path: string): Promise<{ size: number | null; free: number | null }> {
  try {
    const { bsize, blocks, bavail } = await statfs(path);
    return { size: bsize * blocks, free: bsize * bavail };
  } catch {
    return { size: null, free: null };
  }
}

interface WatchOptions {
  readonly list?: ListVolumes;
  /** ms between two looks. */
  readonly interval?: number;
  /** ms after which whoever waits for the first look is told that the system does not say; the look goes on. */
  readonly patience?: number;
}

/**
 * Looks every `interval` ms which drives there are, and tells when that changed. One look at a time: on Windows one
 * takes seconds, and a drive that does not answer may keep one for minutes.
 */
export class MediaWatch {
  readonly #list: ListVolumes;
  readonly #changed: (media: MediaList) => void;
  readonly #interval: number;
  readonly #patience: number;
  #timer: NodeJS.Timeout | null = null;
  #known = '';
  /** Counts the watches, so that a look that was begun for an earlier one tells nothing. */
  #watch = 0;

  constructor(changed: (media: MediaList) => void, options: WatchOptions = {}) {
    this.#changed = changed;
    this.#list = options.list ?? systemVolumes;
    this.#interval = options.interval ?? 2_000;
    this.#patience = options.patience ?? 10_000;
  }

  /** Starts looking, or starts over, and gives what is there now. */
  async start(): Promise<MediaList> {
    this.stop();
    const watch = this.#watch;
    const nothing: MediaList = { told: false, media: [] };
    let late = false;
    const looked = removableMedia(this.#list).then((media) => {
      if (watch !== this.#watch) return media;
      this.#known = JSON.stringify(media);
      if (late) this.#changed(media);
      this.#wait(watch);
      return media;
    });
    const patience = new AbortController();
    const tired = wait(this.#patience, nothing, { signal: patience.signal, ref: false }).then((none) => {
      late = true;
      return none;
    });
    try {
      return await Promise.race([looked, tired.catch(() => nothing)]);
    } finally {
      patience.abort();
    }
  }

  stop(): void {
    this.#watch++;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(watch: number): void {
    this.#timer = setTimeout(() => void this.#look(watch), this.#interval);
    this.#timer.unref();
  }

  async #look(watch: number): Promise<void> {
    const media = await removableMedia(this.#list);
    if (watch !== this.#watch) return;
    const now = JSON.stringify(media);
    if (now !== this.#known) this.#changed(media);
    this.#known = now;
    this.#wait(watch);
  }
}
