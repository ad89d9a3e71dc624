import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { quoted } from '../host/plain-text.ts';
import { confHeader, type RabbitmqPaths, rabbitmqFolders, rabbitmqPaths } from './config.ts';
import { userTag } from './definitions.ts';

export interface InstallInput {
  readonly settings: BrokerSettings;
  /** Without the key in the kit whoever has it puts it into place once. */
  readonly keyElsewhere: boolean;
}

/**
 * install.sh: puts the files of the kit in their places and has the broker take them over with as little disturbance as
 * each of them allows. Plain POSIX sh, can be run again at any time, stops at the first error before anything is lost.
 */
export function installScript(input: InstallInput): string {
  const paths = rabbitmqPaths(input.settings);
  return `#!/bin/sh
${confHeader}. Installs this folder for RabbitMQ; can be run again at any time.
#   sh install.sh          install, then tell the broker
#   sh install.sh --files  install only
# The variable LOGROTATE_D names another folder than /etc/logrotate.d.
set -eu
umask 077
cd -- "$(dirname -- "$0")"

fail() {
  printf 'install.sh: %s\\n' "$1" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || fail 'run it as root'
id rabbitmq >/dev/null 2>&1 || fail 'there is no user rabbitmq; install the package rabbitmq-server first'
# a list or a table of users that was cut off on its way here would lock everybody out
for list in crls/*.r*; do
  grep -q 'END X509 CRL' "$list" || fail "$list is not whole"
done
[ "$(tail -n 1 definitions.json)" = '}' ] || fail 'definitions.json is not whole'
${input.keyElsewhere ? `[ -e ${quoted(`${paths.certs}/server.key`)} ] || fail ${quoted(`the key of the broker has to be at ${paths.certs}/server.key first`)}\n` : ''}
restart=no users=no lists=no
logrotate=\${LOGROTATE_D:-/etc/logrotate.d}

# put FILE PLACE MODE [KEEP]: owner root, readable for the broker, replaced in one move; KEEP is where a file that is not
# ours is kept. Succeeds when something changed.
put() {
  if [ -e "$2" ] && cmp -s -- "$1" "$2"; then
    chown root:rabbitmq "$2"
    chmod "$3" "$2"
    return 1
  fi
  if [ -n "\${4:-}" ] && [ -e "$2" ] && [ ! -e "$4" ] && ! grep -q -e 'Written by Fieldkey' -e '"tags":\\["${userTag}"\\]' "$2"; then
    cp -p -- "$2" "$4"
  fi
  install -o root -g rabbitmq -m "$3" -- "$1" "$2.new"
  mv -f -- "$2.new" "$2"
  printf 'installed %s\\n' "$2"
}

# owner and mode of a folder that is there are somebody else's decision
[ -d ${quoted(paths.directory)} ] || install -d -o root -g rabbitmq -m 0755 ${quoted(paths.directory)}
[ -d ${quoted(paths.data)} ] || install -d -o rabbitmq -g rabbitmq -m 0750 ${quoted(paths.data)}
[ -d ${quoted(paths.log)} ] || install -d -o rabbitmq -g rabbitmq -m 0750 ${quoted(paths.log)}
install -d -o root -g rabbitmq -m 0750 ${quoted(paths.certs)} ${quoted(paths.crls)}

${puts(paths, input).join('\n')}

for list in crls/*.r*; do
  if put "$list" ${quoted(paths.crls)}/"\${list#crls/}" 0640; then lists=yes; fi
done
# the list of an authority that is out of use: without it the broker refuses its devices
for old in ${quoted(paths.crls)}/*.r*; do
  [ -e "crls/\${old##*/}" ] || [ ! -e "$old" ] || { rm -f -- "$old"; lists=yes; printf 'removed %s\\n' "$old"; }
done

${elsewhere(paths)}[ "\${1:-}" != --files ] || exit 0

if [ "$restart" = yes ] || ! systemctl is-active --quiet rabbitmq-server; then
  systemctl restart rabbitmq-server
  rabbitmqctl --quiet await_startup
elif [ "$users" = yes ]; then
  rabbitmqctl --quiet import_definitions ${quoted(paths.definitions)}
fi

# Importing adds and changes users but takes none away: those of an earlier kit that are not in this one.
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
sed -n 's/^ *{"name":"\\([^"]*\\)","password_hash":.*/\\1/p' definitions.json | LC_ALL=C sort >"$work/kit"
rabbitmqctl --quiet list_users >"$work/listed"
awk -F '\\t' '$2 ~ /[[ ]${userTag}[],]/ { print $1 }' "$work/listed" | LC_ALL=C sort >"$work/broker"
LC_ALL=C comm -13 "$work/kit" "$work/broker" >"$work/gone"
while IFS= read -r user; do
  rabbitmqctl --quiet close_all_user_connections "$user" 'no user of this project any more' </dev/null
  rabbitmqctl --quiet delete_user "$user" </dev/null
  printf 'deleted the user %s\\n' "$user"
done <"$work/gone"

# Lists are read when somebody connects. Who is connected stays, so everybody connects again; sessions are kept.
if [ "$restart" = no ] && [ "$lists" = yes ]; then
  rabbitmqctl --quiet close_all_connections --vhost / 'a new revocation list'
  echo 'closed all connections, for the new revocation list'
fi

rabbitmqctl --quiet list_users >"$work/listed"
awk -F '\\t' '$2 ~ /[[ ]${userTag}[],]/ { print $1 }' "$work/listed" | LC_ALL=C sort >"$work/broker"
LC_ALL=C comm -23 "$work/kit" "$work/broker" >"$work/missing"
[ ! -s "$work/missing" ] || fail "the broker does not know $(wc -l <"$work/missing") users of this kit"
echo 'done'
`;
}

function puts(paths: RabbitmqPaths, input: InstallInput): string[] {
  const put = (file: string, place: string, mode: string, what: string, keep?: string) =>
    `if put ${file} ${quoted(place)} ${mode}${keep === undefined ? '' : ` ${quoted(keep)}`}; then ${what}=yes; fi`;
  const kept = (path: string) => `${path}.before-fieldkey`;
  return [
    put('rabbitmq.conf', paths.conf, '0640', 'restart', kept(paths.conf)),
    put('advanced.config', paths.advanced, '0640', 'restart', kept(paths.advanced)),
    put('enabled_plugins', paths.plugins, '0640', 'restart', kept(paths.plugins)),
    put('rabbitmq-env.conf', paths.env, '0644', 'restart', kept(paths.env)),
    put('certs/ca.crt', `${paths.certs}/ca.crt`, '0640', 'restart'),
    put('certs/server.crt', `${paths.certs}/server.crt`, '0640', 'restart'),
    input.keyElsewhere
      ? `chown root:rabbitmq ${quoted(`${paths.certs}/server.key`)} && chmod 0640 ${quoted(`${paths.certs}/server.key`)}`
      : put('certs/server.key', `${paths.certs}/server.key`, '0640', 'restart'),
    put('definitions.json', paths.definitions, '0640', 'users', kept(paths.definitions)),
    // a copy beside it would be read as a second rule for the same files
    `if [ -d "$logrotate" ]; then`,
    `  if put logrotate "$logrotate/rabbitmq-server" 0644 ${quoted(kept(`${paths.directory}/logrotate`))}; then :; fi`,
    'fi',
  ];
}

/** Debian's programs read one rabbitmq-env.conf only. */
function elsewhere(paths: RabbitmqPaths): string {
  const system = `${rabbitmqFolders.directory}/rabbitmq-env.conf`;
  if (paths.env === system) return '';
  return `grep -q -F ${quoted(paths.env)} ${system} 2>/dev/null || echo "note: ${system} has to contain the line:  . '${paths.env}'"

`;
}
