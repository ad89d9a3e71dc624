import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { quoted } from '../host/plain-text.ts';
import { wantsCertificates, wantsPasswords } from '../mosquitto/config.ts';
import { confHeader } from './config.ts';
import { confName, emqxOwner, emqxPaths, packageFolder } from './paths.ts';

/**
 * install.sh for a container or for EMQX's own package: looks at its folder, copies, sets owners and modes, makes the cookie once,
 * starts. What was installed before is kept beside it until EMQX is up again.
 */
export function emqxInstall(settings: BrokerSettings, keyElsewhere: boolean): string {
  return `${[head(settings), checkFolder(settings, keyElsewhere), putting(settings, keyElsewhere), manager(settings), telling(settings)].join('\n\n')}\n`;
}

function filesOf({ kit }: BrokerSettings): string[] {
  return [
    ...(kit.form === 'container' ? ['docker-compose.yml'] : []),
    confName[kit.form],
    'acl.conf',
    ...(wantsPasswords(kit) ? ['users.csv'] : []),
    ...(wantsCertificates(kit) ? ['certs/ca.crt'] : []),
    'certs/server.crt',
  ];
}

function head(settings: BrokerSettings): string {
  const container = settings.kit.form === 'container';
  const owner = emqxOwner(settings.kit.form);
  return `#!/bin/sh
${confHeader}. Installs this folder for EMQX${container ? ' in a container' : ''}; can be run again at any time.
#   sh install.sh          install and start
#   sh install.sh --files  install only
#   sh install.sh check    only look whether this folder is complete and good for use now${
    container ? '' : '\n# The variable SYSTEMD_D names another folder than /etc/systemd/system.'
  }
set -eu
umask 077
cd -- "$(dirname -- "$0")"

fail() {
  printf 'install.sh: %s\\n' "$1" >&2
  exit 1
}
case "\${1:-}" in '' | --files | check) ;; *) fail "unknown: $1" ;; esac
[ "$(id -u)" = 0 ] || fail 'run it as root'
${container ? '' : `id emqx >/dev/null 2>&1 || fail 'there is no user emqx; install the package emqx first'\n`}owner=${owner}
to=${quoted(emqxPaths(settings).directory)}`;
}

function checkFolder(settings: BrokerSettings, keyElsewhere: boolean): string {
  const files = [...filesOf(settings), ...(keyElsewhere ? [] : ['certs/server.key'])];
  const key = keyElsewhere ? '"$to/certs/server.key"' : 'certs/server.key';
  return `# Is this folder what was exported?
for file in ${files.join(' ')}; do
  [ -s "$file" ] || fail "$file is missing here, or empty. Copy the whole folder again."
done
if [ -f ../SHA256SUMS ] && grep -q '  broker/install.sh$' ../SHA256SUMS; then
  (cd .. && grep '  broker/' SHA256SUMS | sha256sum -c --quiet -) || fail 'This folder is not what was exported. Copy it again.'
fi
grep -q 'END CERTIFICATE' certs/server.crt || fail 'certs/server.crt is not whole'
[ "$(tail -n 1 acl.conf)" = '{deny, all}.' ] || fail 'acl.conf is not whole'
${keyElsewhere ? `[ -e ${key} ] || fail "the key of the broker has to be at $to/certs/server.key first"\n` : ''}if command -v openssl >/dev/null 2>&1; then
  key=$(openssl pkey -in ${key} -pubout 2>/dev/null) || key=
  [ "$key" = "$(openssl x509 -in certs/server.crt -noout -pubkey)" ] || fail 'The key of the broker does not belong to its certificate.'
fi
if [ "\${1:-}" = check ]; then
  echo 'This folder is good.'
  exit 0
fi`;
}

function putting(settings: BrokerSettings, keyElsewhere: boolean): string {
  const paths = emqxPaths(settings);
  const host = settings.kit.form !== 'container';
  const users = wantsPasswords(settings.kit);
  const all = [...filesOf(settings), ...(keyElsewhere ? [] : ['certs/server.key'])];
  const folders = [paths.data, paths.log].map(quoted).join(' ');
  return `# owner and mode of a folder that is there are somebody else's decision
[ -d "$to" ] || install -d -o root -g ${host ? '"$owner" -m 0750' : 'root -m 0755'} "$to"
install -d -o root -g "$owner" -m 0750 "$to/certs"
for folder in ${folders}; do
  [ -d "$folder" ] || install -d -o "$owner" -g "$owner" -m 0750 "$folder"
done
${
  host
    ? `for file in emqx.conf acl.conf; do
  [ ! -e "$to/$file" ] || [ -e "$to/$file.before-fieldkey" ] || head -n 1 "$to/$file" | grep -q 'Written by Fieldkey' ||
    cp -p -- "$to/$file" "$to/$file.before-fieldkey"
done
`
    : ''
}${
  users
    ? `# EMQX reads users.csv into its database and changes nobody whom it has there: those of before are forgotten, see below.
# A mark, so that a run that was broken off is made good by the next one.
if ! cmp -s users.csv "$to/users.csv"; then : >"$to/users.new"; fi
`
    : ''
}for file in ${all.join(' ')}; do
  install -o root -g "$owner" -m 0640 -- "$file" "$to/$file.new"
  mv -f -- "$to/$file.new" "$to/$file"
done
${keyElsewhere ? 'chown "root:$owner" "$to/certs/server.key"\nchmod 0640 "$to/certs/server.key"\n' : ''}# a secret of this machine; a new one would keep the node from its data
if [ ! -s "$to/emqx.env" ]; then
  printf 'EMQX_NODE__COOKIE=%s\\n' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \\n')" >"$to/emqx.env.new"
  mv -f -- "$to/emqx.env.new" "$to/emqx.env"
fi
${
  host
    ? `units=\${SYSTEMD_D:-/etc/systemd/system}/emqx.service.d
if [ -n "\${SYSTEMD_D:-}" ] || [ -d /run/systemd/system ]; then
  install -d -m 0755 "$units"
  install -o root -g root -m 0644 systemd.conf "$units/fieldkey.conf"
fi
${
  paths.directory === packageFolder
    ? ''
    : `grep -q -F ${quoted(paths.conf)} ${packageFolder}/emqx.conf 2>/dev/null ||
  echo 'note: ${packageFolder}/emqx.conf has to be the line:  include "${paths.conf}"'
`
}`
    : ''
}[ "\${1:-}" != --files ] || exit 0`;
}

function manager(settings: BrokerSettings): string {
  if (settings.kit.form === 'container')
    return `cd "$to"
emqx() { docker compose exec -T emqx emqx "$@" </dev/null; }
# files are mounted one by one: a running container keeps the old ones until it is made anew
start_again() { docker compose up -d --force-recreate; }`;
  return `# EMQX's commands have to know it as well
EMQX_NODE__COOKIE=$(sed -n 's/^EMQX_NODE__COOKIE=//p' "$to/emqx.env")
export EMQX_NODE__COOKIE
start_again() {
  systemctl daemon-reload
  systemctl restart emqx
}`;
}

function telling({ kit }: BrokerSettings): string {
  const users = wantsPasswords(kit);
  return `comes_up() {
  waited=0
  until emqx ctl status >/dev/null 2>&1; do
    waited=$((waited + 1))
    [ "$waited" -lt 60 ] || fail 'EMQX did not come up; its log says why'
    sleep 1
  done
}
start_again
comes_up
${
  users
    ? `if [ -e "$to/users.new" ]; then
  emqx eval 'mria:clear_table(emqx_authn_mnesia).' | grep -q 'atomic' || fail 'the users of before could not be forgotten'
  start_again
  comes_up
  rm -f -- "$to/users.new"
fi
`
    : ''
}echo 'done'`;
}
