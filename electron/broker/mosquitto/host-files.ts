import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { brokerPort, maxConnections, wantsCertificates } from './config.ts';
import { brokerOwner, brokerPaths, portBehindProxy } from './paths.ts';

/** What Debian lets a service open unless its unit says otherwise (systemd.exec(5), LimitNOFILE). */
const softLimit = 1_024;
/** Besides the connections: log, database, listeners. */
const reserve = 1_000;

/** Files that the broker may have open at once. */
export function openFiles(settings: BrokerSettings, devices: number): number {
  return maxConnections(settings.kit, devices) + reserve;
}

/**
 * Lines for the unit of Debian's package, undefined where it does as it is: more connections than a service may open files by
 * itself, and a configuration in another place than the unit names.
 */
export function systemdDropIn(settings: BrokerSettings, devices: number): string | undefined {
  const paths = brokerPaths(settings);
  const limit = maxConnections(settings.kit, devices) + 50 > softLimit ? [`LimitNOFILE=${openFiles(settings, devices)}`] : [];
  const elsewhere =
    paths.directory === '/etc/mosquitto'
      ? []
      : // a drop-in has to clear ExecStart before it sets it (systemd.service(5))
        ['ExecStart=', `ExecStart=/usr/sbin/mosquitto -c "${paths.directory}/mosquitto.conf"`];
  if (limit.length + elsewhere.length === 0) return undefined;
  return `${['# Written by Fieldkey: a connection is an open file.', '[Service]', ...limit, ...elsewhere].join('\n')}\n`;
}

/**
 * logrotate(8): weekly. The signal that makes the broker open a new log file also makes it read the revocation list again, and a
 * list that is missing or broken at that moment lets revoked certificates in: so the signal is only sent when the broker's own
 * user can read a list that is complete. In a container the file is copied and emptied, which needs no signal.
 */
export function logrotateConf(settings: BrokerSettings): string {
  const paths = brokerPaths(settings);
  const { user, group } = brokerOwner(settings.kit.form);
  const common = ['weekly', `rotate ${settings.kit.logWeeks}`, 'compress', 'delaycompress', 'missingok', 'notifempty'];
  const list = `'${paths.certs}/crl.pem'`;
  const listIsSound = `runuser -u ${user} -- grep -q 'END X509 CRL' ${list}`;
  const reload = 'systemctl kill --signal=HUP --kill-who=main mosquitto';
  const how =
    settings.kit.form === 'container'
      ? ['copytruncate']
      : [
          `create 0640 ${user} ${group}`,
          'postrotate',
          ...(wantsCertificates(settings.kit)
            ? [`\tif ${listIsSound}; then`, `\t\t${reload} || true`, '\tfi']
            : [`\t${reload} || true`]),
          'endscript',
        ];
  return `${[
    `# Written by Fieldkey, in place of the one that the package brings: two for the same file are an error.`,
    `"${paths.logFile}" {`,
    ...[...common, ...how].map((line) => `\t${line}`),
    '}',
  ].join('\n')}\n`;
}

/** Mosquitto's official image, pinned: another version has other rules for files and options. */
function imageOf({ target }: BrokerSettings): string {
  return target === 'mosquitto-2.1' ? 'eclipse-mosquitto:2.1.2-alpine' : 'eclipse-mosquitto:2.0.22';
}

/**
 * docker-compose.yml (Compose Specification): the broker as the user of its image, with nothing to write but its data and its
 * log. What is mounted are folders, because a file that is replaced is another file than the one that was mounted.
 */
export function composeFile(settings: BrokerSettings, devices: number): string {
  const paths = brokerPaths(settings);
  const { user, group } = brokerOwner('container');
  // Docker's published ports pass by ufw: behind a proxy the broker is for this machine only
  const outside = settings.kit.connectionRate === null ? settings.port : `127.0.0.1:${portBehindProxy(settings.port)}`;
  const published = `${outside}:${brokerPort(settings)}`;
  const mount = (source: string, target: string, readOnly: boolean) => [
    '      - type: bind',
    `        source: ${JSON.stringify(source)}`,
    `        target: ${target}`,
    ...(readOnly ? ['        read_only: true'] : []),
  ];
  return `${[
    '# Written by Fieldkey. In this folder: docker compose up -d',
    'name: mosquitto',
    'services:',
    '  mosquitto:',
    `    image: ${imageOf(settings)}`,
    '    container_name: mosquitto',
    `    user: "${user}:${group}"`,
    '    restart: unless-stopped',
    '    read_only: true',
    '    cap_drop: [ALL]',
    '    security_opt: ["no-new-privileges:true"]',
    '    stop_grace_period: 30s',
    '    ports:',
    `      - "${published}"`,
    '    volumes:',
    ...mount(paths.directory, '/mosquitto/config', true),
    ...mount(paths.data, '/mosquitto/data', false),
    ...mount(paths.log, '/mosquitto/log', false),
    '    ulimits:',
    '      nofile:',
    `        soft: ${openFiles(settings, devices)}`,
    `        hard: ${openFiles(settings, devices)}`,
  ].join('\n')}\n`;
}
