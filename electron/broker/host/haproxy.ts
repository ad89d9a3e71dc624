/** A proxy before the broker that counts connections of each address. */
export interface HaproxyInput {
  readonly project: string;
  /** Where devices connect, and where the broker listens on the loopback interface. */
  readonly port: number;
  readonly brokerPort: number;
  /** New connections of one address in ten seconds. */
  readonly rate: number;
  readonly maxConnections: number;
  /** Devices that come over IPv6 as well. */
  readonly ipv6: boolean;
  /** The broker reads the address of the device from a line that the proxy puts before the connection. */
  readonly sendProxy: boolean;
}

/**
 * haproxy.cfg (HAProxy 2.4 and later): TLS goes through untouched, so that the broker sees the certificates. Whoever opens more
 * than `rate` connections in ten seconds is refused until that has calmed down.
 */
export function haproxyConfig(input: HaproxyInput): string {
  const { project, port, brokerPort, rate, maxConnections } = input;
  return `${[
    `# Written by Fieldkey for the project ${project}. Above an existing haproxy.cfg only the two last sections are needed.`,
    'global',
    // each connection is one to the device and one to the broker
    `    maxconn ${maxConnections}`,
    '',
    'defaults',
    '    mode tcp',
    '    timeout connect 5s',
    '',
    'frontend mqtt',
    '    mode tcp',
    `    bind ${input.ipv6 ? ':::' : ':'}${port}${input.ipv6 ? ' v4v6' : ''}`,
    `    maxconn ${maxConnections}`,
    // MQTT's longest keep alive is 18.2 hours and the broker waits one and a half times as long (MQTT 5 §3.1.2.10)
    '    timeout client 28h',
    '    stick-table type ipv6 size 200k expire 30s store conn_rate(10s)',
    '    tcp-request connection track-sc0 src',
    `    tcp-request connection reject if { sc0_conn_rate gt ${rate} }`,
    '    default_backend mqtt-broker',
    '',
    'backend mqtt-broker',
    '    mode tcp',
    '    timeout server 28h',
    `    server broker 127.0.0.1:${brokerPort}${input.sendProxy ? ' send-proxy' : ''}`,
  ].join('\n')}\n`;
}
