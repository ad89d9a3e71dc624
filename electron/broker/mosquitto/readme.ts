import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { AclGap } from '../../../shared/rules/access-mosquitto.ts';
import { commands, printable, quoted, text, title, utcDate } from '../host/plain-text.ts';
import { revokedByPassword } from '../host/revoked-password.ts';
import { installByHand, listByHand, listsCheck, lookByHand, restartCommand, startByHand } from './by-hand.ts';
import { ownClientIds, wantsCertificates, wantsPasswords } from './config.ts';
import { systemdDropIn } from './host-files.ts';
import { brokerOwner, brokerPaths, globalFragment } from './paths.ts';
import { clientIdParts, firewallParts, passwordParts, proxyParts, sharedParts, shippingParts } from './readme-host.ts';

export interface ReadmeInput {
  readonly sharers?:
    | readonly { readonly device: { readonly id: string }; readonly holder: { readonly id: string } }[]
    | undefined;
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly deviceCount: number;
  readonly gaps: readonly AclGap[];
  /** True when a device topic has `{device}` as a part of a level, which only Mosquitto 2.0 understands. */
  readonly partLevelDevice: boolean;
  /** The broker's key is not in the folder: whoever asked for the certificate has it. */
  readonly keyElsewhere: boolean;
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

/**
 * The README.txt of the broker folder: plain ASCII, at most 100 columns but for command lines, which stand alone, each
 * indented by four spaces, so that people and tests can copy them. A title line ends with `---` below it.
 */
export function brokerReadme(input: ReadmeInput): string {
  const { settings } = input;
  const { form } = settings.kit;
  const parts = [
    title(`Mosquitto for the project ${input.project}`, '='),
    text(introduction(input)),
    text(input.keyElsewhere ? keyElsewhere : secret),
    ...(form === 'fragments' ? fragmentSteps(input) : steps(input)),
    ...passwordParts(settings),
    ...sharedParts(settings, input.sharers ?? []),
    ...clientIdParts(settings, ownClientIds(settings.kit, input.sharers ?? [])),
    ...firewallParts(settings),
    ...proxyParts(settings),
    ...shippingParts(settings),
    title('Later'),
    ...laterParts(input),
  ];
  return `${parts.join('\n\n')}\n`;
}

function introduction({ settings, keyElsewhere: elsewhere }: ReadmeInput): string {
  const { kit } = settings;
  const list = [
    'its configuration',
    'its access list',
    elsewhere ? 'its certificate' : 'its certificate and key',
    ...(wantsCertificates(kit)
      ? ['the certificates of those who issue for this project', 'and the list of revoked certificates']
      : []),
  ].join(', ');
  const version = settings.target.replace('mosquitto-', '');
  switch (kit.form) {
    case 'whole':
      return `This folder holds everything that a Mosquitto ${version} broker needs to serve the project: ${list}. Mosquitto must be installed (Debian: the package "mosquitto"). mosquitto.conf is the whole configuration and replaces the one that is there.`;
    case 'drop-in':
      return `This folder holds everything that a Mosquitto ${version} broker needs to serve the project: ${list}. Mosquitto must be installed (Debian: the package "mosquitto"). fieldkey.conf becomes a part of the configuration that Debian brings, in its folder conf.d.`;
    case 'container':
      return `This folder holds everything that a Mosquitto ${version} broker in a container needs to serve the project: ${list}, and docker-compose.yml. Docker with its compose plugin must be installed.`;
    case 'fragments':
      return `This folder is for whoever runs a Mosquitto ${version} broker already. It holds what that broker needs to serve the project besides what it does otherwise: pieces of a configuration, ${list}. Nothing here starts or stops anything.`;
  }
}

function steps(input: ReadmeInput): string[] {
  const { settings } = input;
  const hasUnit = settings.kit.form !== 'container' && systemdDropIn(settings, input.deviceCount) !== undefined;
  const lists = input.crlCount > 1 ? ` ${input.crlCount} times, once for each list` : '';
  const check = wantsCertificates(settings.kit)
    ? ` The first line has to print "-----END X509 CRL-----"${lists}; if it does not, or if another line reports an error, stop.`
    : ' If a line reports an error, stop.';
  const kept =
    settings.kit.form === 'whole' ? ' A mosquitto.conf that was there before is kept as mosquitto.conf.before-fieldkey.' : '';
  return [
    title('Step 1: install the files and start the broker'),
    text(
      `As root, in this folder. It looks whether the folder is complete and ${settings.kit.form === 'container' ? 'whether Docker accepts the compose file' : 'whether Mosquitto starts with it'} before it replaces anything, sets owners and modes, and restarts the broker. It can be run again at any time.${input.keyElsewhere ? ' Copy the key of the broker to certs/server.key in this folder first, as PEM without a passphrase.' : ''}`,
    ),
    commands(['sh install.sh']),
    title('Step 2: look whether it runs'),
    text(
      `${settings.kit.form === 'container' ? 'docker ps shows the container as "Up"' : 'is-active prints "active"'}, ss shows the listening port, tail the end of the log.`,
    ),
    commands(lookByHand(settings)),
    title('By hand, instead of step 1: install the files'),
    text(`As root, in this folder.${check} All of it can be repeated at any time.${kept}`),
    commands(installByHand(settings, input.keyElsewhere)),
    ...(input.keyElsewhere ? keyParts(settings) : []),
    title('By hand, instead of step 1: start the broker'),
    text(
      `As root.${hasUnit ? ' Debian lets a service open 1,024 files and each connection is one; systemd.conf allows more.' : ''} The rules for the log replace those of the package, for two for the same file are an error.`,
    ),
    commands(startByHand(settings, hasUnit)),
  ];
}

/** For somebody else's broker: what goes where, and nothing that decides for them. */
function fragmentSteps(input: ReadmeInput): string[] {
  const { settings } = input;
  const lists = input.crlCount > 1 ? ` ${input.crlCount} times, once for each list` : '';
  return [
    title('Step 1: put the files in their places'),
    text(
      `As root, in this folder.${wantsCertificates(settings.kit) ? ` The first line has to print "-----END X509 CRL-----"${lists}; if it does not, or if the second one reports an error, stop.` : ''} The user of the broker is taken to be "mosquitto".`,
    ),
    commands(installByHand(settings, input.keyElsewhere)),
    ...(input.keyElsewhere ? keyParts(settings) : []),
    title('Step 2: add the pieces to the configuration'),
    text(
      `${globalFragment} goes before the first listener. If the configuration has an access list (acl_file) of its own, append the lines of the file "acl" to it and leave out that line of ${globalFragment}: there can only be one list. An option that is there already is replaced, never written twice. With "per_listener_settings true", the lines about users and access go below the listener instead.`,
    ),
    text(
      `listener.conf goes directly below the line "listener ${settings.port}". If there is no such line, write it. TLS options of that listener that are there already are taken out. No listener without TLS may be open to the network of the devices.`,
    ),
    text('Then restart the broker. A reload is not enough: it opens no new listener.'),
  ];
}

function keyParts(settings: BrokerSettings): string[] {
  const key = quoted(`${brokerPaths(settings).certs}/server.key`);
  const { group } = brokerOwner(settings.kit.form);
  return [
    title('The key of the broker'),
    text(
      'Copy the private key that belongs to the request for this certificate to the place in the lines below, as PEM without a passphrase, then run them as root. They have to print nothing. A key that does not belong to the certificate stops the broker at its start, and its log says so. A renewed certificate for the same key needs no new copy.',
    ),
    commands([`chown root:${group} ${key}`, `chmod 0640 ${key}`]),
  ];
}

function laterParts(input: ReadmeInput): string[] {
  const { settings, gaps } = input;
  const { form } = settings.kit;
  const install =
    form === 'fragments'
      ? 'step 1 again with the newly exported folder, and restart the broker'
      : 'step 1 again with the newly exported folder';
  const ends = input.notAfter === undefined ? 'on the day that Fieldkey shows' : `on ${utcDate(input.notAfter)}`;
  return [
    text(
      wantsPasswords(settings.kit)
        ? `NEW DEVICES, NEW OR CHANGED PASSWORDS: ${install}. A device is refused until the broker has its password.`
        : `NEW DEVICES (role "device"): nothing to do here. Other roles (dashboards, gateways ...): ${install}.`,
    ),
    ...(wantsCertificates(settings.kit) ? listParts(input) : [text(revokedByPassword('"passwd"', install))]),
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

function listParts(input: ReadmeInput): string[] {
  const { settings } = input;
  const fragments = settings.kit.form === 'fragments';
  const crl = input.crlNextUpdate === undefined ? '' : ` The list in this folder ends on ${utcDate(input.crlNextUpdate)}.`;
  return [
    text(
      `REVOKED CERTIFICATES: export again and install the new list, as root, in the new folder. The list is replaced in one move and the broker is restarted. Do not reload instead: a reload that meets a missing or broken list lets revoked certificates in until the next good one, and whoever is connected stays connected. Sessions survive the restart. A list that has ended makes the broker refuse everybody.${crl}`,
    ),
    ...(fragments ? [] : [commands(['sh install.sh crl']), text('or by hand:')]),
    commands([...listsCheck(settings), ...listByHand(settings), restartCommand(settings)]),
    ...(input.crlCount > 1 ? [text(severalLists(input.crlCount))] : []),
  ];
}

/** Mosquitto looks the leaf up in the list of its issuer; of an issuer without a list it refuses everybody. */
function severalLists(count: number): string {
  return `SEVERAL LISTS: certs/crl.pem holds ${count} revocation lists, one after the other: that of the root and of each other authority that signs certificates for this project. They belong together, so the file is always replaced as a whole; never copy a single list over it. When the list of one authority is missing or has ended, the broker refuses everybody with a certificate of that authority.`;
}

function renewal({ keyElsewhere: elsewhere, issuer }: ReadmeInput): string {
  if (issuer !== undefined && elsewhere)
    return `It was issued by ${printable(issuer)}, not by Fieldkey. Before another one is used, take it over in Fieldkey, export, bring the devices their bundles if its root is another one, and do step 1 again with its key.`;
  if (issuer !== undefined)
    return `It was issued by ${printable(issuer)}, not by Fieldkey. Before that, make a new request in Fieldkey, have it answered, export, and do step 1 again.`;
  const how = elsewhere
    ? 'have it renewed in Fieldkey for the same key, or send a request for a new one'
    : 'renew it in Fieldkey';
  return `Before that, ${how}, export, and do step 1 again.`;
}

function gapText(gaps: readonly AclGap[]): string {
  const shown = gaps.slice(0, 20).map((gap) => `${gap.member} (${gap.access} ${gap.topic})`);
  const more = gaps.length > shown.length ? ` and ${gaps.length - shown.length} more` : '';
  return `The rules for devices hold for every user of a Mosquitto broker. A denial takes reading and writing together, so these rights could not be taken away without breaking what their role allows: ${shown.join(', ')}${more}.`;
}
