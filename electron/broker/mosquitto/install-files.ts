import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { listsNote, listsScriptName } from '../host/kit-lists.ts';
import { confHeader, wantsCertificates, wantsPasswords } from './config.ts';
import type { InstallScriptInput } from './install-checks.ts';
import { confName } from './paths.ts';

/** The parts of install.sh that replace files and restart the broker. */

export function replacing({ settings }: InstallScriptInput): string {
  const passwords = wantsPasswords(settings.kit)
    ? `

# Where users and passwords are: brought with this folder, or there already, or nobody's yet.
passwords() {
  for found in passwd "$dir/passwd" /dev/null; do
    if [ -e "$found" ]; then
      printf '%s' "$found"
      return
    fi
  done
}`
    : '';
  return `# put FILE OWNER GROUP MODE TARGET: in one move, and what was there is kept until the broker runs again
put() {
  if ! cmp -s "$1" "$5"; then
    changed=yes
    # after a run that was broken off, what was kept then is the last that has worked
    if [ -e "$5.fieldkey-before" ] || [ -e "$5.fieldkey-none" ]; then :; elif [ -f "$5" ]; then
      cp -p "$5" "$5.fieldkey-before"
    else
      : > "$5.fieldkey-none"
    fi
  fi
  install -o "$2" -g "$3" -m "$4" "$1" "$5.fieldkey-new"
  mv -f "$5.fieldkey-new" "$5"
}
# each_replaced restore: puts back what was there before; forget: lets it go; see: a run before this one was broken off
each_replaced() {
  for folder in "$dir" "$certs" "$(dirname "$conf")"; do
    for kept in "$folder"/*.fieldkey-before "$folder"/*.fieldkey-none; do
      [ -f "$kept" ] || continue
      case "$1:$kept" in
        see:*) changed=yes ;;
        restore:*-before) mv -f "$kept" "\${kept%.fieldkey-before}" ;;
        restore:*) rm -f "\${kept%.fieldkey-none}" "$kept" ;;
        forget:*) rm -f "$kept" ;;
      esac
    done
  done
}${passwords}`;
}

export function restarting(settings: BrokerSettings): string {
  const container = settings.kit.form === 'container';
  const restart = container
    ? '(cd "$dir" && docker compose up -d && docker compose restart mosquitto)'
    : 'systemctl restart mosquitto';
  const runs = container
    ? '[ "$(docker inspect -f "{{.State.Running}}" mosquitto 2> /dev/null)" = true ]'
    : 'systemctl is-active --quiet mosquitto';
  const manager = container
    ? 'have docker && docker compose version > /dev/null 2>&1'
    : 'have systemctl && [ -d /run/systemd/system ]';
  return `# Who restarts the broker: the command that was named, or the one that this machine has.
managed() { [ -n "\${RESTART:-}" ] || { [ -z "$root" ] && ${manager}; }; }
start_again() {
  if [ -n "\${RESTART:-}" ]; then sh -c "$RESTART"; else ${restart}; fi
}
runs() {
  if [ -z "\${RESTART:-}" ]; then ${runs} || return 1; fi
  # a service that falls over at once is "active" for a moment: the port tells
  ! have ss || ss -Hltn "sport = :$port" | grep -q .
}
comes_up() {
  waited=0
  until runs; do
    [ "$waited" -lt 10 ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
}
restart() {
  if ! managed; then
    each_replaced forget
    say "Installed. Restart the broker now: until then it works with the files from before."
    return
  fi
  if [ "$changed$units_changed" = nono ] && runs; then
    say "Nothing is different, and the broker runs."
    return
  fi
  [ "$units_changed" = no ] || ! have systemctl || [ -n "\${RESTART:-}" ] || systemctl daemon-reload
  if start_again && comes_up; then
    each_replaced forget
    say "Installed, and the broker runs on port $port."
    return
  fi
  ${container ? 'docker logs --tail 20 mosquitto >&2 || true' : 'tail -n 20 "$log/mosquitto.log" >&2 || true'}
  each_replaced restore
  if start_again && comes_up; then fail "The broker did not come up with the new files. It runs with those from before."; fi
  fail "The broker did not come up, neither with the new files nor with those from before. Its log says why."
}`;
}

export function folders(settings: BrokerSettings): string {
  const dropIn = settings.kit.form === 'drop-in';
  return `make_folders() {
  # owner and mode of a folder that is there are somebody else's decision
  [ -d "$dir" ] || install -d -o root -g root -m 0755 "$dir"
${dropIn ? '  [ -d "$dir/conf.d" ] || install -d -o root -g root -m 0755 "$dir/conf.d"\n' : ''}  install -d -o root -g "$group" -m 0750 "$certs"
  install -d -o "$user" -g "$group" -m 0750 "$data" "$log"
}`;
}

export function installing(input: InstallScriptInput): string {
  const { settings, keyElsewhere } = input;
  const { kit } = settings;
  const container = kit.form === 'container';
  const putCert = (name: string) => `  put certs/${name} root "$group" 0640 "$certs/${name}"`;
  const keep = (place: string, copy: string) =>
    `  [ ! -e ${place} ] || [ -e ${copy} ] || grep -q '^${confHeader}' ${place} || cp -p ${place} ${copy}`;
  return [
    ...(wantsCertificates(kit) ? [putList(putCert('crl.pem'))] : []),
    'put_all() {',
    '  make_folders',
    ...(wantsCertificates(kit)
      ? ['  # the list first: an authority whose list is not there yet is refused, never let in', '  put_list', putCert('ca.crt')]
      : []),
    keyElsewhere
      ? // shellcheck has no objection to a list that may end early: the key is there already then
        '  [ ! -s certs/server.key ] || put certs/server.key root "$group" 0640 "$certs/server.key"\n  install -o root -g "$group" -m 0640 "$certs/server.key" "$certs/server.key.fieldkey-new"\n  mv -f "$certs/server.key.fieldkey-new" "$certs/server.key"'
      : putCert('server.key'),
    putCert('server.crt'),
    '  put acl "$user" "$group" 0600 "$dir/acl"',
    ...(wantsPasswords(kit) ? ['  put "$(passwords)" "$user" "$group" 0600 "$dir/passwd"'] : []),
    ...(kit.form === 'whole' ? [keep('"$conf"', '"$conf.before-fieldkey"')] : []),
    `  put ${confName[kit.form]} root root 0644 "$conf"`,
    ...(container ? ['  put docker-compose.yml root root 0644 "$dir/docker-compose.yml"'] : []),
    ...(container ? [] : unitLines(input.systemd)),
    '  rotation=$root/etc/logrotate.d/mosquitto',
    '  install -d -m 0755 "$root/etc/logrotate.d"',
    // logrotate would read a copy that lies beside it
    keep('"$rotation"', '"$dir/logrotate.before-fieldkey"'),
    '  install -o root -g root -m 0644 logrotate.conf "$rotation.fieldkey-new"',
    '  mv -f "$rotation.fieldkey-new" "$rotation"',
    '}',
  ].join('\n');
}

/** What is noted comes first: broken off in between, an older folder is refused rather than a newer note forgotten. */
function putList(putCrl: string): string {
  return `put_list() {
  noted=$(mktemp)
  sh ${listsScriptName} print > "$noted"
  put "$noted" root root 0644 "$certs/${listsNote}"
${putCrl}
}`;
}

function unitLines(hasDropIn: boolean): string[] {
  const there = '  unit=$root/etc/systemd/system/mosquitto.service.d/fieldkey.conf';
  if (!hasDropIn) return [there, '  if [ -f "$unit" ]; then', '    rm -f "$unit"', '    units_changed=yes', '  fi'];
  return [
    there,
    '  if [ -n "$root" ] || [ -d /run/systemd/system ]; then',
    '    cmp -s systemd.conf "$unit" || units_changed=yes',
    '    install -d -m 0755 "$(dirname "$unit")"',
    '    install -o root -g root -m 0644 systemd.conf "$unit"',
    '  fi',
  ];
}
