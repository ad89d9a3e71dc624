import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { erlangCiphers } from '../host/erlang-tls.ts';
import { brokerPort, wantsCertificates, wantsPasswords } from '../mosquitto/config.ts';
import { hashAlgorithm } from './password.ts';
import { emqxPaths } from './paths.ts';

/** What the kit's settings say of EMQX; `maxConnections` is the number itself. */
export type EmqxLimits = Omit<KitSettings, 'maxConnections'> & { readonly maxConnections: number };

/** First line of each configuration file; install.sh knows by it that a file is ours and needs no copy. */
export const confHeader = '# Written by Fieldkey';

/** A file of the kit as the broker finds it. In the container a variable of EMQX's own start script says where. */
function etc(settings: BrokerSettings, file: string): string {
  return settings.kit.form === 'container'
    ? `"\${EMQX_ETC_DIR}/${file}"`
    : JSON.stringify(`${emqxPaths(settings).directory}/${file}`);
}

/**
 * emqx.conf (HOCON; docs.emqx.com, "Configuration Files"): MQTT over TLS on one listener and nothing else. It goes
 * before what a dashboard stored (base.hocon < cluster.hocon < emqx.conf < environment).
 */
export function emqxConf(settings: BrokerSettings, limits: EmqxLimits): string {
  const paths = emqxPaths(settings);
  const host = settings.kit.form === 'whole';
  return `${confHeader} for EMQX 5.8. The whole file.
node {
  name = "emqx@127.0.0.1"
  # node.cookie, a secret, comes from the environment: EMQX_NODE__COOKIE
  data_dir = ${host ? JSON.stringify(paths.data) : '"data"'}
}
cluster.discovery_strategy = manual
# no page to log in to, no plain MQTT, no WebSocket
dashboard.listeners.http.bind = 0
listeners.tcp.default.enable = false
listeners.ws.default.enable = false
listeners.wss.default.enable = false
telemetry.enable = false

listeners.ssl.default {
${listenerLines(settings, limits).join('\n')}
}

mqtt {
${indented(mqttLines(settings, limits))}
}

${
  wantsPasswords(settings.kit)
    ? `# who comes in is decided by user name and password; users.csv is read into EMQX's own database when it starts
authentication = [
${indented(authenticator(settings), 2)}
]`
    : '# who comes in is decided by the certificate\nauthentication = []'
}
${authorization(settings)}

log {
${indented(logLines(settings, limits))}
}
`;
}

/**
 * fieldkey.conf, for a configuration that somebody else keeps: a listener with a zone and users of its own, so that nothing else
 * changes. Access rules are the broker's as a whole, so they are not in it: the README says what to do with acl.conf.
 */
export function emqxFragment(settings: BrokerSettings, limits: EmqxLimits): string {
  const authentication = wantsPasswords(settings.kit)
    ? ['authentication = [', ...authenticator(settings).map((line) => `  ${line}`), ']']
    : ['# who comes in is decided by the certificate', 'enable_authn = false'];
  return `${confHeader} for EMQX 5.8. In emqx.conf: include ${JSON.stringify(emqxPaths(settings).conf)}
listeners.ssl.fieldkey {
  zone = fieldkey
${listenerLines(settings, limits).join('\n')}
${indented(authentication)}
}

zones.fieldkey.mqtt {
${indented(mqttLines(settings, limits))}
}
`;
}

function indented(lines: readonly string[], levels = 1): string {
  return lines.map((line) => `${'  '.repeat(levels)}${line}`).join('\n');
}

function listenerLines(settings: BrokerSettings, limits: EmqxLimits): string[] {
  const { kit } = settings;
  const local = kit.connectionRate !== null && kit.form !== 'container';
  const port = brokerPort(settings);
  const both = kit.tlsMinimum === 'tlsv1.2';
  const ciphers = erlangCiphers(kit);
  const clients = wantsCertificates(kit);
  return [
    '  enable = true',
    `  bind = ${local ? `"127.0.0.1:${port}"` : port}`,
    `  max_connections = ${limits.maxConnections}`,
    ...(kit.connectionRate === null
      ? []
      : ["  # HAProxy on this machine puts a line with the device's address before each connection", '  proxy_protocol = true']),
    '  ssl_options {',
    ...[
      ...(clients ? [`cacertfile = ${etc(settings, 'certs/ca.crt')}`] : []),
      `certfile = ${etc(settings, 'certs/server.crt')}`,
      `keyfile = ${etc(settings, 'certs/server.key')}`,
      ...(clients
        ? ['verify = verify_peer', 'fail_if_no_peer_cert = true', '# device, authority of a site, root', 'depth = 3']
        : ['# clients show a password, and no certificate', 'verify = verify_none', 'fail_if_no_peer_cert = false']),
      `versions = ${both ? '["tlsv1.3", "tlsv1.2"]' : '["tlsv1.3"]'}`,
      ...(ciphers === null ? [] : [`ciphers = ${JSON.stringify(ciphers)}`]),
      'honor_cipher_order = true',
      // options of TLS 1.2, which make no sense with 1.3 alone
      ...(both ? ['client_renegotiation = false', 'secure_renegotiate = true', 'reuse_sessions = false'] : []),
      ...(clients
        ? [
            '# EMQX fetches lists from the address in the certificate, and these certificates have none: see README.txt',
            'enable_crl_check = false',
          ]
        : []),
    ].map((line) => `    ${line}`),
    '  }',
  ];
}

function mqttLines(settings: BrokerSettings, limits: EmqxLimits): string[] {
  return [
    ...(wantsPasswords(settings.kit)
      ? [
          '# the client is the user, whatever id it sends',
          'peer_cert_as_username = disabled',
          'peer_cert_as_clientid = disabled',
          'use_username_as_clientid = true',
        ]
      : [
          '# the user and the client are the CN of the certificate, whatever the client says',
          'peer_cert_as_username = cn',
          'peer_cert_as_clientid = cn',
        ]),
    `max_packet_size = ${limits.maxPacketSize}`,
    `max_inflight = ${limits.maxInflightMessages}`,
    `max_mqueue_len = ${limits.maxQueuedMessages}`,
    'session_expiry_interval = 1d',
  ];
}

function authenticator(settings: BrokerSettings): string[] {
  return [
    '{',
    '  mechanism = password_based',
    '  backend = built_in_database',
    '  user_id_type = username',
    `  password_hash_algorithm = ${hashAlgorithm}`,
    `  bootstrap_file = ${etc(settings, 'users.csv')}`,
    '  bootstrap_type = hash',
    '}',
  ];
}

function authorization(settings: BrokerSettings): string {
  return `authorization {
  no_match = deny
  # refuses what is not allowed and tells MQTT 5 clients why (reason code 135)
  deny_action = ignore
  cache.enable = true
  sources = [
    {
      type = file
      enable = true
      path = ${etc(settings, 'acl.conf')}
    }
  ]
}`;
}

/** EMQX turns its log by size, not by time: as many files as weeks are wanted, and more than a usual week fits into one. */
function logLines(settings: BrokerSettings, limits: EmqxLimits): string[] {
  const level = limits.logDetail === 'debug' ? 'debug' : limits.connectionMessages ? 'info' : 'warning';
  const host = settings.kit.form === 'whole';
  return [
    'console {',
    `  enable = ${!host}`,
    `  level = ${level}`,
    '  formatter = text',
    '}',
    'file.default {',
    '  enable = true',
    `  level = ${level}`,
    '  formatter = text',
    `  path = ${host ? JSON.stringify(`${emqxPaths(settings).log}/emqx.log`) : '"log/emqx.log"'}`,
    `  rotation_count = ${Math.max(2, limits.logWeeks)}`,
    '  rotation_size = 50MB',
    '}',
  ];
}
