import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { listsScriptName } from '../host/kit-lists.ts';
import { brokerPort, wantsCertificates, wantsPasswords } from './config.ts';
import { brokerPaths, confName } from './paths.ts';

/** The parts of install.sh that only look: at its own folder, at what is installed, and how the broker takes the new files. */

export interface InstallScriptInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  /** Revocation lists in certs/crl.pem. */
  readonly crlCount: number;
  /** The broker's key is with somebody else, who has to bring it. */
  readonly keyElsewhere: boolean;
  readonly systemd: boolean;
}

export function checkFolder({ settings, crlCount, keyElsewhere }: InstallScriptInput): string {
  const certificates = wantsCertificates(settings.kit);
  const files = [
    confName[settings.kit.form],
    'acl',
    'certs/server.crt',
    ...(keyElsewhere ? [] : ['certs/server.key']),
    ...(certificates ? ['certs/ca.crt', 'certs/crl.pem', listsScriptName] : []),
  ];
  const lines = [
    '# Is this folder what was exported, and good for use now?',
    'check_folder() {',
    `  for file in ${files.join(' ')}; do`,
    '    [ -s "$file" ] || fail "$file is missing here, or empty. Copy the whole folder again."',
    '  done',
    '  if [ -f ../SHA256SUMS ] && grep -q "  broker/install.sh$" ../SHA256SUMS && have sha256sum; then',
    '    (cd .. && grep "  broker/" SHA256SUMS | sha256sum -c --quiet -) ||',
    '      fail "This folder is not what was exported. Copy it again."',
    '  fi',
    '  if have openssl; then',
    ...(keyElsewhere ? ['    key_at="$certs/server.key"', '    [ ! -s certs/server.key ] || key_at=certs/server.key'] : []),
    `    key=$(openssl pkey -in ${keyElsewhere ? '"$key_at"' : 'certs/server.key'} -pubout 2> /dev/null) || key=`,
    '    [ "$key" = "$(openssl x509 -in certs/server.crt -noout -pubkey)" ] ||',
    '      fail "The key of the broker does not belong to its certificate."',
    '  fi',
  ];
  if (keyElsewhere)
    lines.splice(
      5,
      0,
      '  [ -s certs/server.key ] || [ -s "$certs/server.key" ] ||',
      '    fail "The key of the broker is not in this folder. Copy it to certs/server.key here, as PEM without a passphrase."',
    );
  if (certificates) {
    lines.push(
      "  [ \"$(count '-----BEGIN X509 CRL-----' certs/crl.pem)/$(count '-----END X509 CRL-----' certs/crl.pem)\" = " +
        `${crlCount}/${crlCount} ] ||`,
      `    fail "certs/crl.pem does not hold ${crlCount === 1 ? 'a whole list' : `${crlCount} whole lists`}. Copy the folder again."`,
    );
  }
  return [...lines, '}'].join('\n');
}

/** Of lists that would let somebody in again, or lock somebody out, lists.sh says why. */
export const checkOfLists = `check_lists() {
  sh ${listsScriptName} check "$certs" || fail "These lists of revoked certificates are not installed. Nothing was replaced."
}`;

/** What else stands in a configuration that the drop-in becomes a part of. */
export function checkOthers(settings: BrokerSettings): string {
  const paths = brokerPaths(settings);
  const port = brokerPort(settings);
  const single = ['acl_file', 'password_file', 'log_timestamp_format', 'plugin', 'auth_plugin'].join('|');
  return `# Does the configuration that is there go together with ours? Mosquitto does not start with some options twice, and others
# would take back what ours forbids.
check_others() {
  main=$dir/mosquitto.conf
  [ -f "$main" ] || fail "There is no $main. Install the package mosquitto first."
  grep -q "^include_dir ${paths.directory}/conf.d *$" "$main" ||
    fail "$main does not include ${paths.directory}/conf.d. If an earlier kit is there, put back mosquitto.conf.before-fieldkey."
  for other in "$main" "$dir"/conf.d/*.conf; do
    if [ ! -f "$other" ] || [ "$other" = "$conf" ]; then continue; fi
    ! grep -Eq '^[[:space:]]*(listener|port)[[:space:]]+${port}([[:space:]]|$)' "$other" ||
      fail "$other listens on port ${port} already. Choose the form \\"fragments\\" in Fieldkey, or take that listener out."
    ! grep -Eq '^[[:space:]]*(per_listener_settings|allow_anonymous|listener_allow_anonymous)[[:space:]]+true' "$other" ||
      fail "$other lets people in by other rules (per_listener_settings or allow_anonymous). Take that out first."
    ! grep -Eq '^[[:space:]]*(${single})[[:space:]]' "$other" ||
      fail "$other decides about access or log already: $(grep -Em 1 '^[[:space:]]*(${single})[[:space:]]' "$other")"
  done
}`;
}

/**
 * A second broker with the new files, on the loopback interface, without data and log: whatever the real one would stumble over
 * at its start (a file that its user cannot read, a list that is none, an option that it does not know) it stumbles over here.
 */
export function tryBroker(settings: BrokerSettings): string {
  const paths = brokerPaths(settings);
  const passwords = wantsPasswords(settings.kit);
  return `# Starts a second broker with the new files, for a moment, for nobody but this machine.
try_broker() {
  if ! have "$mosquitto"; then
    say "Not tried, for there is no mosquitto here."
    return
  fi
  try=$(mktemp -d)
  install -d -o root -g "$group" -m 0750 "$try" "$try/certs"
  install -o "$user" -g "$group" -m 0600 acl "$try/acl"
${passwords ? '  install -o "$user" -g "$group" -m 0600 "$(passwords)" "$try/passwd"\n' : ''}  for file in certs/*; do
    install -o root -g "$group" -m 0640 "$file" "$try/$file"
  done
  [ -s certs/server.key ] || install -o root -g "$group" -m 0640 "$certs/server.key" "$try/certs/server.key"
  for attempt in 1 2 3 4 5; do
    number=$((20000 + ($$ * 7 + attempt * 1009) % 20000))
    sed -e '/^persistence/d' -e '/^log_dest /d' -e '/^enable_proxy_protocol /d' -e "s|^listener .*|listener $number 127.0.0.1|" \\
      -e "s| ${paths.directory}/| $try/|" ${confName[settings.kit.form]} > "$try/trial.conf"
    chmod 0644 "$try/trial.conf"
    "$mosquitto" -c "$try/trial.conf" > "$try/trial.log" 2>&1 &
    trial=$!
    waited=0
    while kill -0 "$trial" 2> /dev/null && [ "$waited" -lt 100 ] && ! grep -q 'running$' "$try/trial.log"; do
      sleep 0.1
      waited=$((waited + 1))
    done
    if grep -q 'running$' "$try/trial.log"; then
      kill "$trial"
      wait "$trial" || true
      trial=
      say "Mosquitto starts with these files."
      return
    fi
    kill "$trial" 2> /dev/null || true
    wait "$trial" || true
    trial=
    grep -q 'in use' "$try/trial.log" || break
  done
  cat "$try/trial.log" >&2
  fail "Mosquitto does not start with these files. Nothing was replaced."
}`;
}

export const tryContainer = `# The compose file can only be judged where Docker is.
try_broker() {
  if have docker && docker compose version > /dev/null 2>&1; then
    docker compose -f docker-compose.yml config --quiet || fail "Docker does not accept docker-compose.yml. Nothing was replaced."
  else
    say "Not tried, for there is no docker compose here."
  fi
}`;
