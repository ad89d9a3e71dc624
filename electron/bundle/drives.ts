import { statfs } from 'node:fs/promises';
import { basename, parse, sep } from 'node:path';
import type { Medium } from '../../shared/model/export.ts';

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

/** All mounted volumes. Tests hand in others than those of the machine they run on. */
export type ListVolumes = () => Promise<readonly Volume[]>;

/** Asks the system (lsblk, diskutil, PowerShell). The library is loaded on first use: starting the window needs it not. */
export const systemVolumes: ListVolumes = async () => {
  const { blockDevices } = await import('systeminformation');
  return (await blockDevices()).filter((device) => device.mount !== '');
};

/** Volumes on which the system itself lives are no media, whatever their drive calls itself. */
const systemMounts = /^(\/|\/boot(\/.*)?|\/home|\/usr|\/var|\[SWAP\]|\/System\/Volumes\/.*|\/private\/.*|[Cc]:)$/;

/** The removable drives that are plugged in and mounted, by mount point; empty where the system cannot tell. */
export async function removableMedia(list: ListVolumes = systemVolumes): Promise<Medium[]> {
  const volumes = await list().catch(() => []);
  const media = volumes.filter(isRemovable).map((volume) => mediumOf(volume, volume.mount));
  return (await Promise.all(media)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A folder that a person chose, with what is known of the volume it lies on. */
export async function mediumAt(folder: string, list: ListVolumes = systemVolumes): Promise<Medium> {
  const volume = volumeOf(await list().catch(() => []), folder);
  if (volume) return { ...(await mediumOf(volume, folder)), label: labelOf(volume, folder) };
  const { size, free } = await space(folder);
  return { path: folder, label: nameOf(folder), volumeId: '', removable: false, fileSystem: '', size, free };
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
    volumeId: volume.uuid || volume.serial,
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

/**
 * Looks every `interval` ms which drives there are, and tells when that changed. One look at a time: on Windows one
 * takes seconds.
 */
export class MediaWatch {
  readonly #list: ListVolumes;
  readonly #changed: (media: Medium[]) => void;
  readonly #interval: number;
  #timer: NodeJS.Timeout | null = null;
  #known = '';
  /** Counts the watches, so that a look that was begun for an earlier one tells nothing. */
  #watch = 0;

  constructor(changed: (media: Medium[]) => void, options: { readonly list?: ListVolumes; readonly interval?: number } = {}) {
    this.#changed = changed;
    this.#list = options.list ?? systemVolumes;
    this.#interval = options.interval ?? 2_000;
  }

  /** Starts looking, or starts over, and gives what is there now. */
  async start(): Promise<Medium[]> {
    this.stop();
    const watch = this.#watch;
    const media = await removableMedia(this.#list);
    if (watch === this.#watch) {
      this.#known = JSON.stringify(media);
      this.#wait(watch);
    }
    return media;
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
