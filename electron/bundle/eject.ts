import { execFile } from 'node:child_process';
import { type ListVolumes, systemVolumes, type Volume, volumesSoon } from './drives.ts';

export interface Ejected {
  /** True = unmounted: everything is on the medium and it may be pulled out. */
  readonly ejected: boolean;
  /** Why not: files are still open on it, it is not there any more, or the system would not. Null when it went well. */
  readonly cause: 'busy' | 'gone' | 'refused' | null;
  /** Technical text of the system's program; empty when it went well. */
  readonly reason: string;
}

/** Runs a program without a shell. Gives null when it ended well, otherwise what it said. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
) => Promise<string | null>;

const patience = 60_000;

const runProgram: RunProgram = (program, args, environment) =>
  new Promise((resolve) => {
    const options = { timeout: patience, windowsHide: true, env: { ...process.env, LC_ALL: 'C', ...environment } };
    execFile(program, [...args], options, (error, _stdout, stderr) => {
      resolve(error ? (stderr.trim() || error.message).slice(0, 500) : null);
    });
  });

/** The verb's canonical name, not its text in some language. It returns at once: the drive is gone a moment later, or not at all. */
const windowsScript = [
  '$drive = $env:FIELDKEY_DRIVE',
  '(New-Object -ComObject Shell.Application).Namespace(17).ParseName($drive).InvokeVerb("Eject")',
  'foreach ($i in 1..20) { Start-Sleep -Milliseconds 500; if (-not (Test-Path -LiteralPath "$drive\\")) { exit 0 } }',
  '[Console]::Error.Write("the drive is still in use"); exit 1',
].join('; ');

/**
 * Unmounts the removable drive at a mount point and, where the system can, powers it off (udisksctl(1), diskutil(8), the
 * Windows shell's Eject). Only drives that are in the list right now: the path comes from the page.
 */
export async function ejectMedium(
  path: string,
  options: { readonly list?: ListVolumes; readonly run?: RunProgram; readonly platform?: NodeJS.Platform } = {},
): Promise<Ejected> {
  const { list = systemVolumes, run = runProgram, platform = process.platform } = options;
  const mount = /^[A-Za-z]:\\$/.test(path) ? path.slice(0, 2) : path;
  const volume = ((await volumesSoon(list)) ?? []).find((v) => v.mount === mount);
  if (!volume) return { ejected: false, cause: 'gone', reason: `nothing is mounted at ${path}` };
  if (!volume.removable && volume.protocol.toLowerCase() !== 'usb')
    return { ejected: false, cause: 'refused', reason: `${path} is not a removable drive` };
  switch (platform) {
    case 'linux':
      return ejectOnLinux(volume, run);
    case 'darwin':
      return outcome(await run('/usr/sbin/diskutil', ['eject', volume.mount]));
    case 'win32': {
      const args = ['-NoProfile', '-NonInteractive', '-Command', windowsScript];
      return outcome(await run('powershell.exe', args, { FIELDKEY_DRIVE: volume.mount }));
    }
    default:
      return { ejected: false, cause: 'refused', reason: `not known how on ${platform}` };
  }
}

/** udisks is not installed or does not run: then umount(8), which may do it for root and for what fstab lets users mount. */
const noUdisks = /ENOENT|udisks daemon|D-?Bus/i;

/** Powering off is a courtesy (the light goes out); once it is unmounted the drive may be pulled out. */
async function ejectOnLinux(volume: Volume, run: RunProgram): Promise<Ejected> {
  const device = volume.name.startsWith('/dev/') ? volume.name : `/dev/${volume.name}`;
  const failure = await run('udisksctl', ['unmount', '--no-user-interaction', '-b', device]);
  if (failure !== null && noUdisks.test(failure)) return outcome(await run('umount', [volume.mount]));
  if (failure === null) await run('udisksctl', ['power-off', '--no-user-interaction', '-b', device]);
  return outcome(failure);
}

function outcome(failure: string | null): Ejected {
  if (failure === null) return { ejected: true, cause: null, reason: '' };
  return { ejected: false, cause: /busy|in use/i.test(failure) ? 'busy' : 'refused', reason: failure };
}
