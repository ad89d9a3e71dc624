// What npm cannot install: Electron's system libraries, a compiler, and the tools that judge the tests.
// As root on Debian (and its relatives) it is installed; anywhere else one command is printed.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { which } from './places.mjs';
import { run } from './run.mjs';
import { Failure, say } from './say.mjs';

const electronLibraries = {
  apt: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0', 'libdrm2'],
  dnf: ['gtk3', 'nss', 'alsa-lib', 'mesa-libgbm', 'libXScrnSaver', 'at-spi2-atk', 'libdrm'],
  pacman: ['gtk3', 'nss', 'alsa-lib', 'mesa', 'libxss', 'at-spi2-core', 'libdrm'],
};

/** Program → the package that brings it. */
const testTools = {
  mosquitto: {
    apt: 'mosquitto',
    dnf: 'mosquitto',
    pacman: 'mosquitto',
    brew: 'mosquitto',
    winget: 'EclipseFoundation.Mosquitto',
  },
  mosquitto_pub: {
    apt: 'mosquitto-clients',
    dnf: 'mosquitto',
    pacman: 'mosquitto',
    brew: 'mosquitto',
    winget: 'EclipseFoundation.Mosquitto',
  },
  'rabbitmq-server': { apt: 'rabbitmq-server', dnf: 'rabbitmq-server', pacman: 'rabbitmq', brew: 'rabbitmq' },
  logrotate: { apt: 'logrotate', dnf: 'logrotate', pacman: 'logrotate', brew: 'logrotate' },
  erl: { apt: 'erlang-base', dnf: 'erlang-erts', pacman: 'erlang-nox', brew: 'erlang' },
  hocon: { apt: 'ruby-hocon' },
  openssl: { apt: 'openssl', dnf: 'openssl', pacman: 'openssl', brew: 'openssl@3', winget: 'ShiningLight.OpenSSL.Light' },
  certtool: { apt: 'gnutls-bin', dnf: 'gnutls-utils', pacman: 'gnutls', brew: 'gnutls' },
  certutil: { apt: 'libnss3-tools', dnf: 'nss-tools', pacman: 'nss', brew: 'nss' },
  keytool: {
    apt: 'default-jre-headless',
    dnf: 'java-latest-openjdk-headless',
    pacman: 'jre-openjdk-headless',
    brew: 'openjdk',
    winget: 'EclipseAdoptium.Temurin.21.JRE',
  },
  // Programs whose files Fieldkey imports; Debian keeps easyrsa outside of PATH.
  easyrsa: { apt: 'easy-rsa', dnf: 'easy-rsa', pacman: 'easy-rsa', brew: 'easy-rsa' },
  xca: { apt: 'xca', dnf: 'xca', pacman: 'xca', brew: 'xca' },
  script: { apt: 'bsdutils', dnf: 'util-linux', pacman: 'util-linux' },
  unzip: { apt: 'unzip', dnf: 'unzip', pacman: 'unzip', brew: 'unzip' },
};
/** The real keyring that opening a vault by the keychain is tried with; other systems bring their own. */
const keyringTools =
  process.platform === 'linux'
    ? {
        'gnome-keyring-daemon': { apt: 'gnome-keyring', dnf: 'gnome-keyring', pacman: 'gnome-keyring' },
        'dbus-daemon': { apt: 'dbus', dnf: 'dbus-daemon', pacman: 'dbus' },
      }
    : {};
/** They judge what the broker's kit holds for the machine around it, and the inventory; kits are for Linux. */
const kitTools =
  process.platform === 'linux'
    ? {
        shellcheck: { apt: 'shellcheck', dnf: 'ShellCheck', pacman: 'shellcheck' },
        nft: { apt: 'nftables', dnf: 'nftables', pacman: 'nftables' },
        'iptables-restore': { apt: 'iptables', dnf: 'iptables-nft', pacman: 'iptables' },
        ansible: { apt: 'ansible-core', dnf: 'ansible-core', pacman: 'ansible-core' },
        haproxy: { apt: 'haproxy', dnf: 'haproxy', pacman: 'haproxy' },
      }
    : {};
const screenTools = {
  'xvfb-run': { apt: 'xvfb', dnf: 'xorg-x11-server-Xvfb', pacman: 'xorg-server-xvfb' },
  xauth: { apt: 'xauth', dnf: 'xauth', pacman: 'xorg-xauth' },
};
const compilerTools = {
  'g++': { apt: 'g++', dnf: 'gcc-c++', pacman: 'gcc' },
  make: { apt: 'make', dnf: 'make', pacman: 'make' },
  python3: { apt: 'python3', dnf: 'python3', pacman: 'python' },
};

const installers = {
  apt: { program: 'apt-get', command: 'apt-get install -y --no-install-recommends' },
  dnf: { program: 'dnf', command: 'dnf install -y' },
  pacman: { program: 'pacman', command: 'pacman -S --needed' },
  brew: { program: 'brew', command: 'brew install' },
  winget: { program: 'winget', command: 'winget install' },
};

function installer() {
  const names = { darwin: ['brew'], win32: ['winget'] }[process.platform] ?? ['apt', 'dnf', 'pacman'];
  return names.find((name) => which(installers[name].program)) ?? names[0];
}

const isRoot = process.getuid?.() === 0;

/** Whether there is a screen to show a window on. */
export const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** The tools that tests need and this machine lacks. */
export function missingTestTools() {
  const tools = { ...testTools, ...keyringTools, ...kitTools, ...(hasDisplay ? {} : screenTools) };
  return Object.keys(tools).filter((program) => !which(program));
}

/** Newer Debians and Ubuntus renamed libraries when time became 64 bits wide; the old names may no longer resolve. */
async function currentName(name) {
  if (!electronLibraries.apt.includes(name)) return name;
  const { text } = await run('apt-cache', ['--quiet=1', 'policy', `${name}t64`], { output: 'keep' });
  return /Candidate: (?!\(none\))/.test(text) ? `${name}t64` : name;
}

const policy = '/usr/sbin/policy-rc.d';

/** Debian starts the service of a package that it installs, unless this script says no (invoke-rc.d(8)). */
async function withoutServices(act) {
  if (existsSync(policy)) return act();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await act();
  } finally {
    rmSync(policy, { force: true });
  }
}

/** Installs packages as root on Debian, or fails with the command that does. */
async function install(what, packages, name = installer()) {
  const unique = [...new Set(packages.filter(Boolean))];
  const list = name === 'apt' && which('apt-cache') ? await Promise.all(unique.map(currentName)) : unique;
  const sudo = name === 'apt' || name === 'dnf' || name === 'pacman' ? (isRoot ? '' : 'sudo ') : '';
  const command = `${sudo}${installers[name].command} ${list.join(' ')}`;
  if (!(isRoot && name === 'apt' && which('apt-get'))) {
    throw new Failure(
      `Missing on this machine: ${what.join(', ')}.`,
      list.length
        ? `run\n\n  ${command}\n\nand then this command again.`
        : 'install them, put them on PATH, and run this command again.',
    );
  }
  say(`Installing Debian packages: ${list.join(' ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Without fresh lists apt asks for versions that mirrors no longer have. If this fails, the old lists may still do.
  await run('apt-get', ['-qq', 'update'], { env, output: 'keep', seconds: 600 });
  const { status, text } = await withoutServices(() =>
    run('apt-get', ['-y', '-qq', '--no-install-recommends', 'install', ...list], { env, output: 'keep', seconds: 1800 }),
  );
  // the tests start brokers of their own, with files of their own
  for (const service of ['mosquitto', 'rabbitmq-server'])
    if (list.includes(service) && which('systemctl')) await run('systemctl', ['disable', '--quiet', service], { output: 'keep' });
  if (status !== 0)
    throw new Failure(
      `apt-get failed:\n${text.trim().split('\n').slice(-15).join('\n')}`,
      `run\n\n  apt-get update && ${command}\n\nand then this command again.`,
    );
}

/** The shared libraries that Electron names and the system lacks. */
async function missingLibraries(executable) {
  const { text } = await run('ldd', [executable], { output: 'keep' });
  return [...text.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library);
}

/** Makes sure that Electron finds its system libraries. */
export async function ensureElectronLibraries({ executable }) {
  if (process.platform !== 'linux' || !which('ldd')) return;
  const missing = await missingLibraries(executable);
  if (missing.length === 0) return;
  await install(missing, electronLibraries[installer()]);
  const still = await missingLibraries(executable);
  if (still.length)
    throw new Failure(
      `Electron still lacks ${still.join(', ')}.`,
      'install the packages that contain these libraries and run the command again.',
    );
}

/** Makes sure that every tool the tests use is there; tests are never skipped for the lack of one. */
export async function ensureTestTools() {
  const missing = missingTestTools();
  if (missing.length === 0) return;
  const tools = { ...testTools, ...keyringTools, ...kitTools, ...screenTools };
  await install(
    missing,
    missing.map((program) => tools[program][installer()]),
  );
  const still = missingTestTools();
  if (still.length)
    throw new Failure(
      `Not found after the installation: ${still.join(', ')}.`,
      'check that their folder is on PATH and run the command again.',
    );
}

/** Makes sure that C++ can be compiled. */
export async function ensureCompiler() {
  if (process.platform === 'win32') return; // node-gyp finds Visual Studio by itself, and explains what it lacks
  if (process.platform === 'darwin') {
    const { status } = await run('xcode-select', ['-p'], { output: 'keep' });
    if (status !== 0)
      throw new Failure(
        'better-sqlite3 must be compiled here, and there is no compiler.',
        'run `xcode-select --install`, then this command again.',
      );
    return;
  }
  const missing = Object.keys(compilerTools).filter((program) => !which(program));
  if (missing.length)
    await install(
      missing,
      missing.map((program) => compilerTools[program][installer()]),
    );
}
