import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { AclGap } from '../../../shared/rules/access-mosquitto.ts';
import { confHeader, connectionTier } from './config.ts';
import { brokerPaths } from './paths.ts';

export interface ReadmeInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly deviceCount: number;
  readonly gaps: readonly AclGap[];
  /** True when a device topic has `{device}` as a part of a level, which only Mosquitto 2.0 understands. */
  readonly partLevelDevice: boolean;
  /** The broker's key is not in the folder: whoever asked for the certificate has it. */
  readonly keyElsewhere?: boolean | undefined;
  /** Name of the authority of somebody else that issued the broker's certificate. */
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
  readonly crlNextUpdate?: number | undefined;
  /** Revocation lists in certs/crl.pem: one of each authority that signs certificates here. */
  readonly crlCount: number;
}

const secret =
  'KEEP IT SECRET: certs/server.key is the private key of the broker. On a USB stick everyone who holds the stick can read it. Install it, then delete this folder from the stick or lock the stick away.';
const keyElsewhere =
  'NO KEY IS IN THIS FOLDER: the private key of the broker was made by whoever asked for its certificate, and never left that place. Step 1 needs it once.';

const width = 100;

/**
 * The README.txt of the broker folder: plain ASCII, at most 100 columns but for command lines, which stand alone, each
 * indented by four spaces, so that people and tests can copy them. A title line ends with `---` below it.
 */
export function brokerReadme(input: ReadmeInput): string {
  const { settings } = input;
  const parts = [
    title(`Mosquitto for the project ${input.project}`, '='),
    text(
      `This folder holds everything that a Mosquitto ${settings.target.replace('mosquitto-', '')} broker needs to serve the project: its configuration, its access list, its certificate${input.keyElsewhere ? '' : ' and key'}, the certificates of those who issue for this project, and the list of revoked certificates. Mosquitto must be installed (Debian: the package "mosquitto").`,
    ),
    text(input.keyElsewhere ? keyElsewhere : secret),
    title('Step 1: install the files'),
    text(
      `As root, in this folder. The first line has to print "-----END X509 CRL-----"${input.crlCount > 1 ? ` ${input.crlCount} times, once for each list` : ''}; if it does not, or if another line reports an error, stop. All of it can be repeated at any time. A mosquitto.conf that was there before is kept as mosquitto.conf.before-fieldkey.`,
    ),
    commands(installCommands(settings, input.keyElsewhere === true)),
    ...(input.keyElsewhere ? keyParts(settings) : []),
    title('Step 2: start the broker'),
    text('As root. After the restart: is-active prints "active", ss shows the listening port, tail the end of the log.'),
    commands(startCommands(settings)),
    title('Only with more than 900 devices'),
    text('Debian lets a service open 1,024 files, and each connection is one. As root:'),
    commands(limitCommands(connectionTier(input.deviceCount))),
    title('Firewall'),
    text('Port to open, for the network of your devices only (write your own network instead of 192.168.100.0/24):'),
    commands([`nft add rule inet filter input ip saddr 192.168.100.0/24 tcp dport ${settings.port} accept`]),
    text('or, where ufw is used:'),
    commands([`ufw allow proto tcp from 192.168.100.0/24 to any port ${settings.port}`]),
    title('Later'),
    ...laterParts(input),
  ];
  return `${parts.join('\n\n')}\n`;
}

function laterParts(input: ReadmeInput): string[] {
  const { settings, gaps } = input;
  const certs = brokerPaths(settings).certs;
  const ends = input.notAfter === undefined ? 'on the day that Fieldkey shows' : `on ${utcDate(input.notAfter)}`;
  const crl = input.crlNextUpdate === undefined ? '' : ` The list in this folder ends on ${utcDate(input.crlNextUpdate)}.`;
  return [
    text(
      'NEW DEVICES (role "device"): nothing to do here. Other roles (dashboards, gateways ...): step 1 and step 2 again with the newly exported folder.',
    ),
    text(
      `REVOKED CERTIFICATES: export again and install the new list as below, as root, in the new folder. The list is replaced in one move and the broker is restarted. Do not reload instead: a reload that meets a missing or broken list lets revoked certificates in until the next good one, and whoever is connected stays connected. Sessions survive the restart. A list that has ended makes the broker refuse everybody.${crl}`,
    ),
    commands([crlCheck, ...crlReplacement(certs), 'systemctl restart mosquitto']),
    ...(input.crlCount > 1 ? [text(severalLists(input.crlCount))] : []),
    text(`THE BROKER'S CERTIFICATE ends ${ends}. ${renewal(input)}`),
    ...(input.partLevelDevice
      ? [
          text(
            'BEFORE AN UPGRADE to Mosquitto 2.1: a device topic of this project has the device name as a part of a level. 2.1 does not understand that; change the topic first.',
          ),
        ]
      : []),
    ...(gaps.length > 0 ? [title('What Mosquitto cannot forbid'), text(gapText(gaps))] : []),
  ];
}

/** Mosquitto looks the leaf up in the list of its issuer; of an issuer without a list it refuses everybody. */
function severalLists(count: number): string {
  return `SEVERAL LISTS: certs/crl.pem holds ${count} revocation lists, one after the other: that of the root and of each other authority that signs certificates for this project. They belong together, so the file is always replaced as a whole; never copy a single list over it. When the list of one authority is missing or has ended, the broker refuses everybody with a certificate of that authority.`;
}

function renewal({ keyElsewhere: elsewhere, issuer }: ReadmeInput): string {
  if (issuer !== undefined)
    return `It was issued by ${printable(issuer)}, not by Fieldkey. Before that, make a new request in Fieldkey, have it answered, export, step 1 and step 2.`;
  const how = elsewhere
    ? 'have it renewed in Fieldkey for the same key, or send a request for a new one'
    : 'renew it in Fieldkey';
  return `Before that, ${how}, export, step 1 and step 2.`;
}

/** This file is plain ASCII, and the name is somebody else's. */
function printable(name: string): string {
  return name.replace(/[^ -~]/g, '?').slice(0, 200);
}

/** Shell word for a path of shared/rules/broker-path.ts: letters, digits, `. _ / -` and spaces, so plain quotes do. */
function quoted(path: string): string {
  return `'${path}'`;
}

/** What belongs to a key that is not in the folder; the broker gives up root after it has read the key. */
function keyParts(settings: BrokerSettings): string[] {
  const key = quoted(`${brokerPaths(settings).certs}/server.key`);
  return [
    title('The key of the broker'),
    text(
      'Copy the private key that belongs to the request for this certificate to the place in the lines below, as PEM without a passphrase, then run them as root. They have to print nothing. A key that does not belong to the certificate stops the broker in step 2, and its log says so. A renewed certificate for the same key needs no new copy.',
    ),
    commands([`chown root:mosquitto ${key}`, `chmod 0640 ${key}`]),
  ];
}

function installCommands(settings: BrokerSettings, keyIsElsewhere: boolean): string[] {
  const paths = brokerPaths(settings);
  const conf = quoted(paths.conf);
  const kept = quoted(`${paths.conf}.before-fieldkey`);
  const install = (file: string, to: string, owner: string, mode: string) =>
    `install -o ${owner.replace(':', ' -g ')} -m ${mode} ${file} ${quoted(to)}`;
  return [
    crlCheck,
    // owner and mode of a folder that is there are somebody else's decision
    `[ -d ${quoted(paths.directory)} ] || install -d -o root -g root -m 0755 ${quoted(paths.directory)}`,
    `install -d -o root -g mosquitto -m 0750 ${quoted(paths.certs)}`,
    `install -d -o mosquitto -g mosquitto -m 0750 ${quoted(paths.data)}`,
    `install -d -o mosquitto -g mosquitto -m 0750 ${quoted(paths.log)}`,
    `[ ! -e ${conf} ] || [ -e ${kept} ] || grep -q '^${confHeader}' ${conf} || cp -p ${conf} ${kept}`,
    install('mosquitto.conf', paths.conf, 'root:root', '0644'),
    // the broker gives up root before it reads key, certificate, revocation list and access list
    install('acl', paths.acl, 'mosquitto:mosquitto', '0600'),
    install('certs/ca.crt', `${paths.certs}/ca.crt`, 'root:mosquitto', '0640'),
    install('certs/server.crt', `${paths.certs}/server.crt`, 'root:mosquitto', '0640'),
    ...(keyIsElsewhere ? [] : [install('certs/server.key', `${paths.certs}/server.key`, 'root:mosquitto', '0640')]),
    ...crlReplacement(paths.certs),
  ];
}

/**
 * Stops before anything is touched when this is another folder, or when a list was cut off on its way here. Not done with
 * openssl: the broker's package does not bring its command.
 */
const crlCheck = "grep 'END X509 CRL' certs/crl.pem";

/** Replaced in one move: a broker that reloads in between never sees half a list. */
function crlReplacement(certs: string): string[] {
  return [
    `install -o root -g mosquitto -m 0640 certs/crl.pem ${quoted(`${certs}/crl.pem.new`)}`,
    `mv -f ${quoted(`${certs}/crl.pem.new`)} ${quoted(`${certs}/crl.pem`)}`,
  ];
}

const dropIns = '/etc/systemd/system/mosquitto.service.d';

function startCommands(settings: BrokerSettings): string[] {
  const paths = brokerPaths(settings);
  // Debian's unit names /etc/mosquitto/mosquitto.conf; a drop-in has to clear ExecStart before it sets it (systemd.service(5))
  const elsewhere =
    paths.directory === '/etc/mosquitto'
      ? []
      : [
          `install -d -m 0755 ${dropIns}`,
          `printf '%s\\n' '[Service]' 'ExecStart=' 'ExecStart=/usr/sbin/mosquitto -c "${paths.conf}"' > ${dropIns}/fieldkey-path.conf`,
          'systemctl daemon-reload',
        ];
  return [
    ...elsewhere,
    'systemctl restart mosquitto',
    'systemctl is-active mosquitto',
    `ss -ltn 'sport = :${settings.port}'`,
    `tail -n 20 ${quoted(paths.logFile)}`,
  ];
}

function limitCommands(connections: number): string[] {
  return [
    `install -d -m 0755 ${dropIns}`,
    // besides the connections: log, database, listeners
    `printf '%s\\n' '[Service]' 'LimitNOFILE=${connections + 1_000}' > ${dropIns}/fieldkey-limit.conf`,
    'systemctl daemon-reload',
    'systemctl restart mosquitto',
  ];
}

function gapText(gaps: readonly AclGap[]): string {
  const shown = gaps.slice(0, 20).map((gap) => `${gap.member} (${gap.access} ${gap.topic})`);
  const more = gaps.length > shown.length ? ` and ${gaps.length - shown.length} more` : '';
  return `The rules for devices hold for every user of a Mosquitto broker. A denial takes reading and writing together, so these rights could not be taken away without breaking what their role allows: ${shown.join(', ')}${more}.`;
}

function utcDate(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function title(words: string, line = '-'): string {
  return `${words}\n${line.repeat(words.length)}`;
}

function commands(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

function text(words: string): string {
  const lines = [''];
  for (const word of words.split(' ')) {
    const last = lines[lines.length - 1] ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}
