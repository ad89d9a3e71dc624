import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { AclGap } from '../../../shared/rules/access-mosquitto.ts';
import { commands, points, printable, text, title, utcDate } from '../host/plain-text.ts';
import { revokedByPassword } from '../host/revoked-password.ts';
import { wantsCertificates, wantsPasswords } from '../mosquitto/config.ts';
import { firewallParts, proxyParts, shippingParts } from '../mosquitto/readme-host.ts';
import { emqxImage } from './host-files.ts';
import { confName, emqxOwner, emqxPaths, packageFolder } from './paths.ts';

export interface EmqxReadmeInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly keyElsewhere: boolean;
  readonly gaps: readonly AclGap[];
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
  /** Users whose password nobody here knows. */
  readonly strangers: readonly string[];
}

/** The README.txt of the broker folder for EMQX. */
export function emqxReadme(input: EmqxReadmeInput): string {
  const { settings, gaps } = input;
  const { form } = settings.kit;
  const parts = [
    title(`EMQX for the project ${input.project}`, '='),
    text(
      `This folder holds everything that an EMQX broker needs to serve the project${where(settings)}: configuration, access rules, its certificate${wantsCertificates(settings.kit) ? ' and the certificates of those who issue for this project' : ''}${wantsPasswords(settings.kit) ? ', and its users with hashes of their passwords' : ''}.`,
    ),
    text(
      'NOT RUN WITH EMQX: these files were written after its documentation and source (5.8). The access rules were read by Erlang and the configuration by a HOCON parser, but no EMQX was started with them. Try the broker with one device before you install the fleet: "Test" in Fieldkey connects as that device.',
    ),
    text(
      input.keyElsewhere
        ? 'NO KEY IS IN THIS FOLDER: the private key of the broker was made by whoever asked for its certificate, and never left that place.'
        : 'KEEP IT SECRET: certs/server.key is the private key of the broker. On a USB stick everyone who holds the stick can read it. Install it, then delete this folder from the stick or lock the stick away.',
    ),
    ...(form === 'fragments' ? fragmentSteps(input) : steps(input)),
    ...passwordParts(input),
    ...firewallParts(settings),
    ...proxyParts(settings, true),
    ...shippingParts(settings, { program: 'emqx', group: emqxOwner(form) }),
    ...clientIdParts(settings),
    title('Later'),
    ...later(input),
    title('What EMQX does differently'),
    points(differences(settings)),
    ...(gaps.length > 0 ? [title('What EMQX cannot forbid'), text(gapText(gaps))] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function clientIdParts({ kit }: BrokerSettings): string[] {
  if (kit.deviceIs !== 'client') return [];
  const line = wantsPasswords(kit) ? 'use_username_as_clientid = true' : 'peer_cert_as_clientid = cn';
  return [
    title('Devices by client id'),
    text(
      `In acl.conf the topics of devices carry $\{clientid}. A client id is whatever a client sends, and proves nothing by itself. With "${line}" the broker makes the user name, which was proved, the client id: leave that line as it is. Without it, whoever is let in could send the name of any device as its client id and would have its topics.`,
    ),
  ];
}

function where({ kit }: BrokerSettings): string {
  if (kit.form === 'container') return `, in a container (image ${emqxImage})`;
  return kit.form === 'whole' ? ", installed from EMQX's package (deb, rpm)" : ', as pieces for a configuration that is there';
}

function steps(input: EmqxReadmeInput): string[] {
  const { settings } = input;
  const { directory, conf, log } = emqxPaths(settings);
  const container = settings.kit.form === 'container';
  return [
    title('Step 1: install and start'),
    ...(input.keyElsewhere
      ? [
          text(
            `Copy the private key that belongs to the certificate to ${directory}/certs/server.key first, as PEM without a passphrase.`,
          ),
        ]
      : []),
    ...(container || directory === packageFolder
      ? []
      : [
          text(`EMQX reads ${packageFolder}/emqx.conf. Before step 1, let that file consist of this line:`),
          commands([`include "${conf}"`]),
        ]),
    text(
      `As root, in this folder, on a machine with ${container ? 'Docker and its compose plugin' : 'the package emqx'}. The files go to ${directory}; the last line has to be "done". It can be run again at any time.`,
    ),
    commands(['sh install.sh']),
    commands([
      container ? `docker compose -f '${directory}/docker-compose.yml' logs --tail 20` : `ls '${log}' && systemctl status emqx`,
      `ss -ltn 'sport = :${settings.port}'`,
    ]),
    title('The same by hand'),
    points(byHand(input)),
  ];
}

function fileList({ settings, keyElsewhere }: EmqxReadmeInput): string {
  const { kit } = settings;
  const certs = [...(wantsCertificates(kit) ? ['ca.crt'] : []), 'server.crt', ...(keyElsewhere ? [] : ['server.key'])];
  return [
    confName[kit.form],
    'acl.conf',
    ...(wantsPasswords(kit) ? ['users.csv'] : []),
    ...certs.map((name) => `certs/${name}`),
  ].join(', ');
}

function byHand(input: EmqxReadmeInput): string[] {
  const { settings } = input;
  const { kit } = settings;
  const { directory, data, log, env } = emqxPaths(settings);
  const group = emqxOwner(kit.form);
  const container = kit.form === 'container';
  return [
    `${container ? 'docker-compose.yml, ' : ''}${fileList(input)} to ${directory}, under the same names: root:${group}, 0640; the folder certs root:${group}, 0750.`,
    `${data} and ${log} belong to ${group}:${group}, 0750.`,
    `${env} (root:root, 0600) with one line, EMQX_NODE__COOKIE= and at least 24 random characters; keep it as long as the data.`,
    ...(container
      ? [`In ${directory}: docker compose up -d --force-recreate, after every change.`]
      : [
          'systemd.conf to /etc/systemd/system/emqx.service.d/fieldkey.conf, then systemctl daemon-reload. Keep port 4370 (for other nodes) closed to the network.',
          'systemctl restart emqx, after every change.',
        ]),
    ...(wantsPasswords(kit)
      ? [
          `When users.csv has changed, also: ${container ? 'docker compose exec emqx ' : ''}emqx eval 'mria:clear_table(emqx_authn_mnesia).' and then restart once more. EMQX adds the users of the file to its own database, but changes and removes none.`,
        ]
      : []),
  ];
}

/** For somebody else's broker: what goes where, and nothing that decides for them. */
function fragmentSteps(input: EmqxReadmeInput): string[] {
  const { settings } = input;
  const { directory, conf } = emqxPaths(settings);
  return [
    title('Step 1: put the files in their places'),
    points([
      `${fileList(input)} to ${directory}, under the same names, but acl.conf as fieldkey-acl.conf: root:emqx, 0640; the folder certs root:emqx, 0750.${input.keyElsewhere ? ' The key of the broker as certs/server.key beside them, PEM without a passphrase.' : ''}`,
    ]),
    title('Step 2: add the pieces to the configuration'),
    text('At the end of emqx.conf. It adds a listener with a zone and users of its own, and changes none that is there:'),
    commands([`include "${conf}"`]),
    text(
      `Access rules are those of the whole broker. Where there are none yet, add to emqx.conf: authorization { no_match = deny, sources = [{ type = file, enable = true, path = "${directory}/fieldkey-acl.conf" }] }. Otherwise put the lines of that file before the first line of theirs that lets or forbids "all", and leave out its last line. The first rule that fits decides; who is not named in it has the rules for devices of this project.`,
    ),
    text('Then restart EMQX.'),
  ];
}

function passwordParts({ settings, strangers }: EmqxReadmeInput): string[] {
  const { kit } = settings;
  if (!wantsPasswords(kit)) return [];
  const who =
    kit.identity === 'password'
      ? 'Clients show user name and password over TLS, and no certificate.'
      : 'Clients show a certificate of the project, and user name and password besides: the certificate opens the door, the user name says who it is.';
  const shown = `${strangers.slice(0, 20).join(', ')}${strangers.length > 20 ? ` and ${strangers.length - 20} more` : ''}`;
  return [
    title('Users and passwords'),
    text(
      `${who} The name of each device is its user name. users.csv holds all names with hashes of their passwords (PBKDF2); the passwords themselves are in the folders of the devices. EMQX reads it into its own database when it starts, adds whom it does not have, and changes nobody: so install.sh lets it forget all users first, and start once more.`,
    ),
    text(
      'A device whose password is being changed has two lines, the second under its name with "@2" (in turns), and acl.conf gives both the same rights: so the old password goes on until the device has the new one. Finish the change in Fieldkey, export, and do step 1 again: then the old one is refused. With the second name a device is another client for the broker: its session begins anew.',
    ),
    ...(strangers.length > 0
      ? [text(`NOT LET IN: of ${shown} only a hash is known that EMQX cannot read. Make new passwords for them in Fieldkey.`)]
      : []),
  ];
}

function later(input: EmqxReadmeInput): string[] {
  const { settings } = input;
  const { kit } = settings;
  const again =
    kit.form === 'fragments' ? 'do step 1 again with the new folder and restart EMQX' : 'run "sh install.sh" in the new folder';
  const ends = input.notAfter === undefined ? 'on the day that Fieldkey shows' : `on ${utcDate(input.notAfter)}`;
  return [
    text(
      wantsPasswords(kit)
        ? `NEW DEVICES, NEW OR CHANGED PASSWORDS, changed access: export again and ${again}. A device is refused until the broker has its password.`
        : `NEW DEVICES (role "device"): nothing to do here. Other roles, exceptions and changed access: export again and ${again}.`,
    ),
    ...(wantsCertificates(kit) ? revoked(input, again) : [text(revokedByPassword('users.csv', `export again and ${again}`))]),
    text(
      `THE BROKER'S CERTIFICATE ends ${ends}. ${
        input.issuer === undefined
          ? `Before that, renew it in Fieldkey, export, and ${again}.`
          : `It was issued by ${printable(input.issuer)}, not by Fieldkey. Before ${input.keyElsewhere ? 'another one is used, take it over in Fieldkey, export, bring the devices their bundles if its root is another one' : 'that, make a new request in Fieldkey, have it answered, export'}, and ${again}.`
      }`,
    ),
  ];
}

function revoked({ settings }: EmqxReadmeInput, again: string): string[] {
  const { kit } = settings;
  const known =
    'REVOKED CERTIFICATES: EMQX knows revocation lists only from an address inside the certificate (CRL distribution point), and certificates of this project have none.';
  if (kit.identity === 'certificate-password')
    return [
      text(
        `${known} So a revoked certificate still opens the door; but users.csv of a new export has no line for a device whose certificates are all revoked, and without a password nobody comes in. Export again and ${again}.`,
      ),
    ];
  return [
    text(
      `${known} So acl.conf of a new export denies everything to devices whose certificates are all revoked: they can connect and do nothing. Export again and ${again}; nobody stays connected. A device that was REPLACED under the same name cannot be told from the old one: whoever has the old key is let in until that certificate ends. If that matters, give the new device a new name, choose "a certificate, and a password", use Mosquitto or RabbitMQ, or put a proxy in front that checks the list (HAProxy: crl-file, and send-proxy-v2-ssl-cn to a listener with proxy_protocol = true).`,
    ),
  ];
}

function differences({ kit }: BrokerSettings): readonly string[] {
  return [
    wantsPasswords(kit)
      ? 'The user name is the client ID, whatever the client sends. Whoever connects with the name and password of a device takes over from the device.'
      : 'The name in the certificate is the user name and the client ID, whatever the client sends. Whoever connects with the certificate of a device takes over from the device.',
    'A subscription is judged as a whole when it is made: a client that may read lab/energy/# cannot subscribe to #. What arrives later is not looked at.',
    'A message or a subscription that is not allowed is refused and the connection stays; clients with MQTT 5 are told (reason code 135), others are not.',
    wantsPasswords(kit)
      ? 'Without a rule in acl.conf nobody may do anything.'
      : 'Everybody with a certificate of this project may connect; without a rule in acl.conf they may do nothing.',
    ...(kit.form === 'fragments'
      ? []
      : [
          `The log is turned by size, not by time: ${Math.max(2, kit.logWeeks)} files of 50 MB are kept, for the ${kit.logWeeks} weeks that were asked for. logrotate must not touch them.`,
        ]),
  ];
}

function gapText(gaps: readonly AclGap[]): string {
  const shown = gaps.slice(0, 20).map((gap) => `${gap.member === '{}' ? 'devices' : gap.member} (read ${gap.topic})`);
  const more = gaps.length > shown.length ? ` and ${gaps.length - shown.length} more` : '';
  return `A denied topic with wildcards is denied for subscriptions to it and below. A wider subscription that is allowed brings it all the same: ${shown.join(', ')}${more}.`;
}
