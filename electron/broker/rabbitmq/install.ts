import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { listsNote, listsScriptName } from '../host/kit-lists.ts';
import { quoted } from '../host/plain-text.ts';
import { wantsPasswords } from '../mosquitto/config.ts';
import { confHeader, isWhole, pluginsOf, wantsLists } from './config.ts';
import { userTag } from './definitions.ts';
import { checkFolder, checkOthers } from './install-checks.ts';
import { confName, pathsForBroker, type RabbitmqPaths, rabbitmqFolders, rabbitmqOwner, rabbitmqPaths } from './paths.ts';

export interface InstallInput {
  readonly settings: BrokerSettings;
  /** Without the key in the kit whoever has it puts it into place once. */
  readonly keyElsewhere: boolean;
  readonly systemd: boolean;
}

/**
 * install.sh: puts the files of the kit in their places and has the broker take them over with as little disturbance as
 * each of them allows. Plain POSIX sh, can be run again at any time, stops at the first error before anything is lost.
 */
export function installScript(input: InstallInput): string {
  const { settings } = input;
  return `${[head(input), checkFolder(input), ...(settings.kit.form === 'drop-in' ? [checkOthers(settings)] : []), look(settings), putting(input), manager(settings), telling(input)].join('\n\n')}\n`;
}

function head({ settings }: InstallInput): string {
  const container = settings.kit.form === 'container';
  const owner = rabbitmqOwner(settings.kit.form);
  return `#!/bin/sh
${confHeader}. Installs this folder for RabbitMQ; can be run again at any time.
#   sh install.sh          install, then tell the broker
#   sh install.sh --files  install only
#   sh install.sh check    only look whether this folder is complete and good for use now
# The variable LOGROTATE_D names another folder than /etc/logrotate.d${container ? '' : ', SYSTEMD_D another one than /etc/systemd/system'}.
set -eu
umask 077
cd -- "$(dirname -- "$0")"

fail() {
  printf 'install.sh: %s\\n' "$1" >&2
  exit 1
}
case "\${1:-}" in '' | --files | check) ;; *) fail "unknown: $1" ;; esac
[ "$(id -u)" = 0 ] || fail 'run it as root'
${container ? '' : `id rabbitmq >/dev/null 2>&1 || fail 'there is no user rabbitmq; install the package rabbitmq-server first'\n`}owner=${owner}`;
}

function look({ kit }: BrokerSettings): string {
  return `check_folder
${kit.form === 'drop-in' ? 'check_others\n' : ''}if [ "\${1:-}" = check ]; then
  echo 'This folder is good.'
  exit 0
fi`;
}

function putting(input: InstallInput): string {
  const { settings } = input;
  const paths = rabbitmqPaths(settings);
  const lists = wantsLists(settings);
  const dropIn = settings.kit.form === 'drop-in';
  return `restart=no${lists ? ' lists=no' : ''}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
logrotate=\${LOGROTATE_D:-/etc/logrotate.d}

# put FILE PLACE MODE [KEEP]: owner root, readable for the broker, replaced in one move; KEEP is where a file that is not
# ours is kept. Succeeds when something changed.
put() {
  if [ -e "$2" ] && cmp -s -- "$1" "$2"; then
    chown "root:$owner" "$2"
    chmod "$3" "$2"
    return 1
  fi
  if [ -n "\${4:-}" ] && [ -e "$2" ] && [ ! -e "$4" ] && ! grep -q -e 'Written by Fieldkey' -e '"tags":\\["${userTag}"\\]' "$2"; then
    cp -p -- "$2" "$4"
  fi
  install -o root -g "$owner" -m "$3" -- "$1" "$2.new"
  mv -f -- "$2.new" "$2"
  printf 'installed %s\\n' "$2"
}

# owner and mode of a folder that is there are somebody else's decision
[ -d ${quoted(paths.directory)} ] || install -d -o root -g "$owner" -m 0755 ${quoted(paths.directory)}
${dropIn ? `[ -d ${quoted(`${paths.directory}/conf.d`)} ] || install -d -o root -g "$owner" -m 0755 ${quoted(`${paths.directory}/conf.d`)}\n` : ''}[ -d ${quoted(paths.data)} ] || install -d -o "$owner" -g "$owner" -m 0750 ${quoted(paths.data)}
[ -d ${quoted(paths.log)} ] || install -d -o "$owner" -g "$owner" -m 0750 ${quoted(paths.log)}
install -d -o root -g "$owner" -m 0750 ${quoted(paths.certs)}${lists ? ` ${quoted(paths.crls)}` : ''}

[ ! -e ${quoted(paths.definitions)} ] || cp -- ${quoted(paths.definitions)} "$work/before"
${puts(paths, input).join('\n')}
${lists ? putLists(paths) : ''}${dropIn ? enablePlugins(settings) : ''}
${elsewhere(settings, paths)}[ "\${1:-}" != --files ] || exit 0`;
}

function puts(paths: RabbitmqPaths, { settings, keyElsewhere, systemd }: InstallInput): string[] {
  const { kit } = settings;
  const put = (file: string, place: string, mode: string, then: 'restart=yes' | ':', keep?: string) =>
    `if put ${file} ${quoted(place)} ${mode}${keep === undefined ? '' : ` ${quoted(keep)}`}; then ${then}; fi`;
  const kept = (path: string) => `${path}.before-fieldkey`;
  const part = `${paths.directory}/conf.d/${confName['drop-in']}`;
  return [
    put(confName[kit.form], paths.conf, '0640', 'restart=yes', kit.form === 'drop-in' ? undefined : kept(paths.conf)),
    put('advanced.config', paths.advanced, '0640', 'restart=yes', kept(paths.advanced)),
    // of an earlier kit that was a part of Debian's configuration: it would be read after ours
    ...(kit.form === 'whole'
      ? [`if [ -e ${quoted(part)} ]; then rm -f -- ${quoted(part)}; restart=yes; printf 'removed %s\\n' ${quoted(part)}; fi`]
      : []),
    ...(isWhole(kit)
      ? [
          put('enabled_plugins', paths.plugins, '0640', 'restart=yes', kept(paths.plugins)),
          put('rabbitmq-env.conf', paths.env, '0644', 'restart=yes', kept(paths.env)),
        ]
      : []),
    ...(wantsLists(settings) ? [put('certs/ca.crt', `${paths.certs}/ca.crt`, '0640', 'restart=yes')] : []),
    put('certs/server.crt', `${paths.certs}/server.crt`, '0640', 'restart=yes'),
    keyElsewhere
      ? `chown "root:$owner" ${quoted(`${paths.certs}/server.key`)} && chmod 0640 ${quoted(`${paths.certs}/server.key`)}`
      : put('certs/server.key', `${paths.certs}/server.key`, '0640', 'restart=yes'),
    put('definitions.json', paths.definitions, '0640', ':', kept(paths.definitions)),
    ...(kit.form === 'container'
      ? [put('docker-compose.yml', `${paths.directory}/docker-compose.yml`, '0644', 'restart=yes')]
      : []),
    // a copy beside it would be read as a second rule for the same files
    `if [ -d "$logrotate" ]; then`,
    `  if put logrotate "$logrotate/rabbitmq-server" 0644 ${quoted(kept(`${paths.directory}/logrotate`))}; then :; fi`,
    'fi',
    ...(kit.form === 'container' ? [] : unitLines(systemd)),
  ];
}

function unitLines(hasDropIn: boolean): string[] {
  const there = `units=\${SYSTEMD_D:-/etc/systemd/system}/rabbitmq-server.service.d`;
  if (!hasDropIn)
    return [
      there,
      'if [ -f "$units/fieldkey.conf" ]; then',
      '  rm -f -- "$units/fieldkey.conf"',
      '  restart=yes',
      '  systemctl daemon-reload',
      'fi',
    ];
  return [
    there,
    `if [ -n "\${SYSTEMD_D:-}" ] || [ -d /run/systemd/system ]; then`,
    '  install -d -m 0755 "$units"',
    '  if ! cmp -s systemd.conf "$units/fieldkey.conf"; then',
    '    install -o root -g root -m 0644 systemd.conf "$units/fieldkey.conf"',
    '    restart=yes',
    '    systemctl daemon-reload',
    '  fi',
    'fi',
  ];
}

function putLists(paths: RabbitmqPaths): string {
  return `
# first what is noted: broken off in between, an older folder is refused rather than a newer note forgotten
sh ${listsScriptName} print >"$work/lists"
if put "$work/lists" ${quoted(`${paths.crls}/${listsNote}`)} 0640; then :; fi
for list in crls/*.r*; do
  if put "$list" ${quoted(paths.crls)}/"\${list#crls/}" 0640; then lists=yes; fi
done
# the list of an authority that is out of use (check_folder knows): without it the broker refuses its devices
for old in ${quoted(paths.crls)}/*.r*; do
  [ -e "crls/\${old##*/}" ] || [ ! -e "$old" ] || { rm -f -- "$old"; lists=yes; printf 'removed %s\\n' "$old"; }
done
`;
}

/** Beside those that somebody else enabled. As root, which RabbitMQ is not: it has to be able to read the file. */
function enablePlugins(settings: BrokerSettings): string {
  const plugins = pluginsOf(settings);
  const file = quoted(rabbitmqPaths(settings).plugins);
  const missing = plugins.map((plugin) => `! grep -qw ${plugin} ${file} 2>/dev/null`).join(' || ');
  return `
if ${missing}; then
  (umask 022 && rabbitmq-plugins --offline --quiet enable ${plugins.join(' ')} >/dev/null)
  echo 'enabled the plugins ${plugins.join(' ')}'
  restart=yes
fi
`;
}

/** Debian's programs read one rabbitmq-env.conf only. */
function elsewhere({ kit }: BrokerSettings, paths: RabbitmqPaths): string {
  if (kit.form === 'container' || paths.directory === rabbitmqFolders.directory) return '';
  if (kit.form === 'drop-in')
    return `echo 'note: Debian looks for its configuration in ${rabbitmqFolders.directory}, not in ${paths.directory}'\n\n`;
  const system = `${rabbitmqFolders.directory}/rabbitmq-env.conf`;
  return `grep -q -F ${quoted(paths.env)} ${system} 2>/dev/null || echo "note: ${system} has to contain the line:  . '${paths.env}'"

`;
}

/** How the broker is restarted and spoken to. */
function manager(settings: BrokerSettings): string {
  if (settings.kit.form !== 'container')
    return `ctl() { rabbitmqctl --quiet "$@" </dev/null; }
runs() { systemctl is-active --quiet rabbitmq-server; }
start_again() {
  systemctl restart rabbitmq-server
  ctl await_startup
}`;
  const file = quoted(`${rabbitmqPaths(settings).directory}/docker-compose.yml`);
  return `compose() { docker compose -f ${file} "$@"; }
ctl() { compose exec -T rabbitmq rabbitmqctl --quiet "$@" </dev/null; }
runs() { [ "$(docker inspect -f '{{.State.Running}}' rabbitmq 2>/dev/null)" = true ]; }
start_again() {
  compose up -d
  compose restart rabbitmq
  waited=0
  until ctl await_startup 2>/dev/null; do
    waited=$((waited + 1))
    [ "$waited" -lt 30 ] || fail 'the broker did not come up; docker compose logs says why'
    sleep 1
  done
}`;
}

function telling({ settings }: InstallInput): string {
  const passwords = wantsPasswords(settings.kit);
  return `if [ "$restart" = yes ] || ! runs; then
  restart=yes
  start_again
else
  # always: rights that somebody gave by hand are taken back, and who is as in the kit notices nothing
  ctl import_definitions ${quoted(pathsForBroker(settings).definitions)}
fi

# Importing adds and changes users but takes none away: those of an earlier kit that are not in this one.
sed -n 's/^ *{"name":"\\([^"]*\\)","password_hash":.*/\\1/p' definitions.json | LC_ALL=C sort >"$work/kit"
ctl list_users >"$work/listed"
awk -F '\\t' '$2 ~ /[[ ]${userTag}[],]/ { print $1 }' "$work/listed" | LC_ALL=C sort >"$work/broker"
LC_ALL=C comm -13 "$work/kit" "$work/broker" >"$work/gone"
while IFS= read -r user; do
  ctl close_all_user_connections "$user" 'no user of this project any more'
  ctl delete_user "$user"
  printf 'deleted the user %s\\n' "$user"
done <"$work/gone"
${passwords ? changedPasswords : ''}${wantsLists(settings) ? newLists : ''}${isWhole(settings.kit) ? '' : noLimit}
ctl list_users >"$work/listed"
awk -F '\\t' '$2 ~ /[[ ]${userTag}[],]/ { print $1 }' "$work/listed" | LC_ALL=C sort >"$work/broker"
LC_ALL=C comm -23 "$work/kit" "$work/broker" >"$work/missing"
[ ! -s "$work/missing" ] || fail "the broker does not know $(wc -l <"$work/missing") users of this kit"
echo 'done'`;
}

const noLimit = `
# The virtual host belongs to others as well: whether it has a limit of connections is for whoever keeps the broker.
case $(ctl list_vhost_limits --vhost /) in
*max-connections*) ;;
*) echo 'note: the virtual host / has no limit of connections; README.txt has the line that sets one' ;;
esac
`;

const changedPasswords = `
# A password is asked for when somebody connects. Whoever is connected with one that is over is put out.
if [ "$restart" = no ] && [ -e "$work/before" ]; then
  hashes='s/^ *{"name":"\\([^"]*\\)","password_hash":"\\([^"]*\\)".*/\\1 \\2/p'
  sed -n "$hashes" "$work/before" | LC_ALL=C sort >"$work/old"
  sed -n "$hashes" definitions.json | LC_ALL=C sort >"$work/new"
  LC_ALL=C comm -23 "$work/old" "$work/new" | sed 's/ .*//' | LC_ALL=C sort >"$work/changed"
  LC_ALL=C comm -12 "$work/changed" "$work/kit" >"$work/out"
  if [ "$(wc -l <"$work/out")" -gt 20 ]; then
    ctl close_all_connections --vhost / 'new passwords'
    echo 'closed all connections, for the new passwords'
  else
    while IFS= read -r user; do
      ctl close_all_user_connections "$user" 'a new password'
      printf 'closed the connections of %s, for its new password\\n' "$user"
    done <"$work/out"
  fi
fi
`;

const newLists = `
# Lists are read when somebody connects. Who is connected stays, so everybody connects again; sessions are kept.
if [ "$restart" = no ] && [ "$lists" = yes ]; then
  ctl close_all_connections --vhost / 'a new revocation list'
  echo 'closed all connections, for the new revocation list'
fi
`;
