import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { AclGap } from '../../../shared/rules/access-mosquitto.ts';
import { commands, points, printable, text, title, utcDate } from '../host/plain-text.ts';
import { firewallParts } from '../mosquitto/readme-host.ts';
import { clean, emqxImage } from './config.ts';

export interface EmqxReadmeInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  readonly keyElsewhere: boolean;
  readonly gaps: readonly AclGap[];
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
}

/** The README.txt of the broker folder for EMQX. */
export function emqxReadme(input: EmqxReadmeInput): string {
  const { settings, gaps } = input;
  const directory = clean(settings.directory);
  const ends = input.notAfter === undefined ? 'on the day that Fieldkey shows' : `on ${utcDate(input.notAfter)}`;
  const parts = [
    title(`EMQX for the project ${input.project}`, '='),
    text(
      `This folder holds everything that an EMQX broker needs to serve the project, in a container (image ${emqxImage}): configuration, access rules, its certificate and the certificates of those who issue for this project.`,
    ),
    text(
      'NOT RUN WITH EMQX: these files were written after its documentation and source. The access rules were read by Erlang and the configuration by a HOCON parser, but no EMQX was started with them. Try the broker with one device before you install the fleet: "Test" in Fieldkey connects as that device.',
    ),
    text(
      input.keyElsewhere
        ? 'NO KEY IS IN THIS FOLDER: the private key of the broker was made by whoever asked for its certificate, and never left that place.'
        : 'KEEP IT SECRET: certs/server.key is the private key of the broker. On a USB stick everyone who holds the stick can read it. Install it, then delete this folder from the stick or lock the stick away.',
    ),
    title('Step 1: install and start'),
    ...(input.keyElsewhere
      ? [
          text(
            `Copy the private key that belongs to the certificate to ${directory}/certs/server.key first, as PEM without a passphrase.`,
          ),
        ]
      : []),
    text(
      `As root, in this folder, on a machine with Docker and its compose plugin. The files go to ${directory}; the last line has to be "done".`,
    ),
    commands(['sh install.sh']),
    commands([`docker compose -f '${directory}/docker-compose.yml' logs --tail 20`, `ss -ltn 'sport = :${settings.port}'`]),
    ...firewallParts({ ...settings, kit: { ...settings.kit, form: 'container' } }),
    title('Later'),
    text(
      'NEW DEVICES (role "device"): nothing to do here. Other roles, exceptions and changed access: export again and run "sh install.sh" in the new folder.',
    ),
    text(
      'REVOKED CERTIFICATES: EMQX knows revocation lists only from an address inside the certificate (CRL distribution point), and certificates of this project have none. So acl.conf of a new export denies everything to devices whose certificates are all revoked: they can connect and do nothing. Export again and run "sh install.sh"; the container is made anew, so nobody stays connected. A device that was REPLACED under the same name cannot be told from the old one: whoever has the old key is let in until that certificate ends. If that matters, give the new device a new name, use Mosquitto or RabbitMQ, or put a proxy in front that checks the list (HAProxy: crl-file, and send-proxy-v2-ssl-cn to a listener with proxy_protocol = true).',
    ),
    text(
      `THE BROKER'S CERTIFICATE ends ${ends}. ${
        input.issuer === undefined
          ? 'Before that, renew it in Fieldkey, export, and run "sh install.sh" again.'
          : `It was issued by ${printable(input.issuer)}, not by Fieldkey. Before that, make a new request in Fieldkey, have it answered, export, and run "sh install.sh" again.`
      }`,
    ),
    title('What EMQX does differently'),
    points([
      'The name in the certificate is the user name and the client ID, whatever the client sends. Whoever connects with the certificate of a device takes over from the device.',
      'A subscription is judged as a whole when it is made: a client that may read lab/energy/# cannot subscribe to #. What arrives later is not looked at.',
      'A message or a subscription that is not allowed is refused and the connection stays; clients with MQTT 5 are told (reason code 135), others are not.',
      'Everybody with a certificate of this project may connect; without a rule in acl.conf they may do nothing.',
    ]),
    ...(gaps.length > 0 ? [title('What EMQX cannot forbid'), text(gapText(gaps))] : []),
    title('Without a container'),
    points([
      'emqx.conf, acl.conf and certs/ to /etc/emqx: root:emqx, 0640. In emqx.conf set node.data_dir = "/var/lib/emqx" and log.file.default.path = "/var/log/emqx/emqx.log".',
      'Set a node.cookie of your own, at least 24 random characters. Keep port 4370 (for other nodes) closed to the network.',
      'systemctl restart emqx after every change.',
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function gapText(gaps: readonly AclGap[]): string {
  const shown = gaps.slice(0, 20).map((gap) => `${gap.member === '{}' ? 'devices' : gap.member} (read ${gap.topic})`);
  const more = gaps.length > shown.length ? ` and ${gaps.length - shown.length} more` : '';
  return `A denied topic with wildcards is denied for subscriptions to it and below. A wider subscription that is allowed brings it all the same: ${shown.join(', ')}${more}.`;
}
