import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { quoted } from '../host/plain-text.ts';
import { brokerPort, wantsCertificates } from './config.ts';
import { checkFolder, checkOfLists, checkOthers, type InstallScriptInput, tryBroker, tryContainer } from './install-checks.ts';
import { folders, installing, replacing, restarting } from './install-files.ts';
import { brokerOwner, brokerPaths } from './paths.ts';

/**
 * install.sh: puts the kit in place, as a person would by the README. POSIX sh, no program beyond those of every Debian;
 * openssl is used where it is. It can be run again at any time.
 *
 * The order of its parts is the point of it. This folder is judged first (complete, unaltered, revocation lists that have not
 * ended, none of them older than the one in use: host/kit-lists.ts), then a second broker is started with it on a port of the loopback interface; only
 * then files of the running broker are replaced, each in one move, the revocation list before the certificates of authorities.
 * A broker that does not come back gets its files from before again. So neither the moment in which a broker lets revoked
 * certificates in (a reload without a readable list) nor the one in which it refuses everybody (a list that has ended) is passed.
 */
export function installScript(input: InstallScriptInput): string {
  const { settings } = input;
  const container = settings.kit.form === 'container';
  return `${[
    head(input),
    values(input),
    helpers,
    checkFolder(input),
    ...(wantsCertificates(settings.kit) ? [checkOfLists] : []),
    ...(settings.kit.form === 'drop-in' ? [checkOthers(settings)] : []),
    container ? tryContainer : tryBroker(settings),
    replacing(input),
    restarting(settings),
    folders(settings),
    installing(input),
    main(settings),
  ].join('\n\n')}\n`;
}

function head({ project, settings }: InstallScriptInput): string {
  const certificates = wantsCertificates(settings.kit);
  return [
    '#!/bin/sh',
    `# Written by Fieldkey for the project ${project}. As root, in any folder:`,
    '#   sh install.sh         installs this folder and restarts the broker',
    ...(certificates ? ['#   sh install.sh crl     only the list of revoked certificates'] : []),
    '#   sh install.sh check   only looks: whether this folder is complete, and whether the broker starts with it',
    '# It can be run again at any time. Nothing is replaced before the folder has proved to be good. From the environment:',
    '#   DESTDIR    a folder that stands for the root of the machine (an image, a trial); then nothing is restarted',
    ...(settings.kit.form === 'container' ? [] : ["#   MOSQUITTO  the broker's program, if it is not on the PATH"]),
    '#   RESTART    the command that restarts the broker where systemd does not',
    'set -eu',
    'umask 022',
    'cd "$(dirname "$0")"',
  ].join('\n');
}

function values({ settings }: InstallScriptInput): string {
  const paths = brokerPaths(settings);
  const { user, group } = brokerOwner(settings.kit.form);
  const container = settings.kit.form === 'container';
  return [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    'root=${DESTDIR:-}',
    `dir=$root${quoted(paths.directory)}`,
    `certs=$root${quoted(paths.certs)}`,
    `data=$root${quoted(paths.data)}`,
    `log=$root${quoted(paths.log)}`,
    `conf=$root${quoted(paths.conf)}`,
    `user=${user}`,
    `group=${group}`,
    // the one under which this machine, not a proxy on it, finds the broker
    `port=${brokerPort({ port: settings.port, kit: { ...settings.kit, form: 'whole' } })}`,
    ...(container
      ? []
      : [
          '# Debian keeps it where only root looks',
          'PATH=$PATH:/usr/sbin:/sbin',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
          'mosquitto=${MOSQUITTO:-mosquitto}',
        ]),
    'changed=no',
    'units_changed=no',
    'trial=',
    'try=',
    'noted=',
  ].join('\n');
}

const helpers = `say() { printf '%s\\n' "$*"; }
fail() {
  printf 'install.sh: %s\\n' "$*" >&2
  exit 1
}
have() { command -v "$1" > /dev/null 2>&1; }
count() { grep -c -- "$1" "$2" || true; }
clean() {
  [ -z "$trial" ] || kill "$trial" 2> /dev/null || true
  [ -z "$try" ] || rm -rf "$try"
  [ -z "$noted" ] || rm -f "$noted"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM`;

function main(settings: BrokerSettings): string {
  const { kit } = settings;
  const certificates = wantsCertificates(kit);
  const container = kit.form === 'container';
  const checks = [
    '  check_folder',
    ...(certificates ? ['  check_lists'] : []),
    ...(kit.form === 'drop-in' ? ['  check_others'] : []),
    '  try_broker',
  ];
  return [
    ...(container
      ? []
      : ['id -u "$user" > /dev/null 2>&1 || fail "There is no user $user. Install the package mosquitto first."']),
    `case "\${1:-all}" in all | check${certificates ? ' | crl' : ''}) ;; *) fail "Unknown: $1" ;; esac`,
    '[ "$(id -u)" = 0 ] || [ -n "$root" ] || fail "Run this as root."',
    'checked() {',
    ...checks,
    '}',
    'checked',
    'each_replaced see',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    'case "${1:-all}" in',
    '  check) say "This folder is good." ;;',
    ...(certificates
      ? [
          '  crl)',
          '    [ -d "$certs" ] || fail "Nothing is installed in $certs yet: run it without \\"crl\\" first."',
          '    put_list',
          '    # also when the list was there already: whoever is connected is looked at by a restart only',
          '    changed=yes',
          '    restart',
          '    ;;',
        ]
      : []),
    '  all)',
    '    put_all',
    '    restart',
    '    ;;',
    'esac',
  ].join('\n');
}
