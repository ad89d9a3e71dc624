import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { quoted } from '../host/plain-text.ts';

/** What the kit's settings say of EMQX; `maxConnections` is the number itself. */
export type EmqxLimits = Pick<
  KitSettings,
  'tlsMinimum' | 'maxPacketSize' | 'maxInflightMessages' | 'maxQueuedMessages' | 'logDetail' | 'connectionMessages' | 'logWeeks'
> & { readonly maxConnections: number };

/** Last version under the Apache licence; later ones ask for a licence key on more than one node. */
export const emqxImage = 'emqx/emqx:5.8.6';

/** Ids of the user emqx in the image. */
export const emqxUser = '1000:1000';

/** Where a variable of EMQX's own start script points: the same file serves the container and a host. */
const etc = (file: string) => `"\${EMQX_ETC_DIR}/${file}"`;

/**
 * emqx.conf (HOCON; docs.emqx.com, "Configuration Files"): MQTT over mutual TLS on one listener and nothing else. It goes
 * before what a dashboard stored (base.hocon < cluster.hocon < emqx.conf < environment).
 */
export function emqxConf(settings: BrokerSettings, limits: EmqxLimits): string {
  const level = limits.logDetail === 'debug' ? 'debug' : limits.connectionMessages ? 'info' : 'warning';
  const versions = limits.tlsMinimum === 'tlsv1.3' ? '["tlsv1.3"]' : '["tlsv1.3", "tlsv1.2"]';
  return `# Written by Fieldkey for EMQX 5.8. The whole file.
node {
  name = "emqx@127.0.0.1"
  # node.cookie, a secret, comes from the environment: EMQX_NODE__COOKIE
  data_dir = "data"
}
cluster.discovery_strategy = manual
# no page to log in to, no plain MQTT, no WebSocket
dashboard.listeners.http.bind = 0
listeners.tcp.default.enable = false
listeners.ws.default.enable = false
listeners.wss.default.enable = false
telemetry.enable = false

listeners.ssl.default {
  enable = true
  bind = ${settings.port}
  max_connections = ${limits.maxConnections}
  ssl_options {
    cacertfile = ${etc('certs/ca.crt')}
    certfile = ${etc('certs/server.crt')}
    keyfile = ${etc('certs/server.key')}
    verify = verify_peer
    fail_if_no_peer_cert = true
    # device, authority of a site, root
    depth = 3
    versions = ${versions}
    honor_cipher_order = true
    client_renegotiation = false
    secure_renegotiate = true
    reuse_sessions = false
    # EMQX fetches lists from the address in the certificate, and these certificates have none: see README.txt
    enable_crl_check = false
  }
}

mqtt {
  # the user and the client are the CN of the certificate, whatever the client says
  peer_cert_as_username = cn
  peer_cert_as_clientid = cn
  max_packet_size = ${limits.maxPacketSize}
  max_inflight = ${limits.maxInflightMessages}
  max_mqueue_len = ${limits.maxQueuedMessages}
  session_expiry_interval = 1d
}

# who comes in is decided by the certificate
authentication = []
authorization {
  no_match = deny
  # refuses what is not allowed and tells MQTT 5 clients why (reason code 135)
  deny_action = ignore
  cache.enable = true
  sources = [
    {
      type = file
      enable = true
      path = ${etc('acl.conf')}
    }
  ]
}

log {
  console {
    enable = true
    level = ${level}
    formatter = text
  }
  file.default {
    enable = true
    level = ${level}
    formatter = text
    path = "log/emqx.log"
    rotation_count = ${Math.max(2, limits.logWeeks)}
    rotation_size = 50MB
  }
}
`;
}

/** docker-compose.yml (compose-spec.io): one port to the network; the cookie is in emqx.env, which install.sh makes. */
export function emqxCompose(settings: BrokerSettings): string {
  const at = (inside: string) => `/opt/emqx/${inside}`;
  const file = (name: string, mode = ':ro') => `      - ${JSON.stringify(`./${name}:${at(`etc/${name}`)}${mode}`)}`;
  return `# Written by Fieldkey.
services:
  emqx:
    image: ${emqxImage}
    restart: unless-stopped
    env_file: emqx.env
    ports:
      - "${settings.port}:${settings.port}"
    volumes:
${file('emqx.conf')}
${file('acl.conf')}
${file('certs')}
      - ${JSON.stringify(`${clean(settings.data)}:${at('data')}`)}
      - ${JSON.stringify(`${clean(settings.log)}:${at('log')}`)}
    ulimits:
      nofile: 1048576
`;
}

export function clean(path: string): string {
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** install.sh for the container: copies, sets owners and modes, makes the cookie once, starts. */
export function emqxInstall(settings: BrokerSettings, keyElsewhere: boolean): string {
  const directory = clean(settings.directory);
  const [uid, gid] = emqxUser.split(':');
  const files = ['docker-compose.yml', 'emqx.conf', 'acl.conf', 'certs/ca.crt', 'certs/server.crt'].concat(
    keyElsewhere ? [] : ['certs/server.key'],
  );
  return `#!/bin/sh
# Written by Fieldkey. Installs this folder for EMQX in a container; can be run again at any time.
#   sh install.sh          install and start
#   sh install.sh --files  install only
set -eu
umask 077
cd -- "$(dirname -- "$0")"

fail() {
  printf 'install.sh: %s\\n' "$1" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || fail 'run it as root'
grep -q 'END CERTIFICATE' certs/server.crt || fail 'certs/server.crt is not whole'
[ "$(tail -n 1 acl.conf)" = '{deny, all}.' ] || fail 'acl.conf is not whole'

to=${quoted(directory)}
[ -d "$to" ] || install -d -o root -g root -m 0755 "$to"
install -d -o root -g ${gid} -m 0750 "$to/certs"
for folder in ${quoted(clean(settings.data))} ${quoted(clean(settings.log))}; do
  [ -d "$folder" ] || install -d -o ${uid} -g ${gid} -m 0750 "$folder"
done
for file in ${files.join(' ')}; do
  install -o root -g ${gid} -m 0640 -- "$file" "$to/$file.new"
  mv -f -- "$to/$file.new" "$to/$file"
done
${keyElsewhere ? `[ -e "$to/certs/server.key" ] || fail "the key of the broker has to be at $to/certs/server.key first"\nchown root:${gid} "$to/certs/server.key"\nchmod 0640 "$to/certs/server.key"\n` : ''}# a secret of this machine; a new one would keep the node from its data
if [ ! -s "$to/emqx.env" ]; then
  printf 'EMQX_NODE__COOKIE=%s\\n' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \\n')" >"$to/emqx.env.new"
  mv -f -- "$to/emqx.env.new" "$to/emqx.env"
fi
[ "\${1:-}" != --files ] || exit 0

cd "$to"
# files are mounted one by one: a running container keeps the old ones until it is made anew
docker compose up -d --force-recreate
echo 'done'
`;
}
