import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { commands, points, printable, text, title, utcDate } from '../host/plain-text.ts';
import { firewallParts } from '../mosquitto/readme-host.ts';
import { rabbitmqFolders, rabbitmqPaths } from './config.ts';

export interface RabbitmqReadmeInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  /** The broker's key is not in the folder: whoever asked for the certificate has it. */
  readonly keyElsewhere: boolean;
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
  readonly crlNextUpdate?: number | undefined;
  readonly crlCount: number;
}

/** The README.txt of the broker folder for RabbitMQ. */
export function rabbitmqReadme(input: RabbitmqReadmeInput): string {
  const { settings } = input;
  const paths = rabbitmqPaths(settings);
  const parts = [
    title(`RabbitMQ for the project ${input.project}`, '='),
    text(
      'This folder holds everything that a RabbitMQ broker needs to serve the project over MQTT: its configuration, its users and what each of them may do, its certificate, the certificates of those who issue for this project, and the lists of revoked certificates. RabbitMQ must be installed (Debian: the package "rabbitmq-server"). The files were tried with RabbitMQ 3.10.8 of Debian 12; what is different in later versions is said at the end.',
    ),
    text(
      'The broker is for this project alone: nothing but MQTT over TLS is open to the network, and the user "guest" is not made. Do not install it over a RabbitMQ that serves something else.',
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
            `Copy the private key that belongs to the certificate to ${paths.certs}/server.key first, as PEM without a passphrase.`,
          ),
        ]
      : []),
    text(
      'As root, in this folder. It sets owners and modes, keeps files of others as *.before-fieldkey, restarts the broker only when it has to, and can be run again at any time. The last line has to be "done".',
    ),
    commands(['sh install.sh']),
    text('Then look: one listener for mqtt/ssl, and the end of the log.'),
    commands(['rabbitmq-diagnostics --quiet listeners', `ss -ltn 'sport = :${settings.port}'`, `tail -n 20 '${paths.logFile}'`]),
    ...(paths.directory === rabbitmqFolders.directory
      ? []
      : [
          text(
            `Debian's programs read ${rabbitmqFolders.directory}/rabbitmq-env.conf only. Before step 1, have it contain this line:`,
          ),
          commands([`. '${paths.env}'`]),
        ]),
    title('The same by hand'),
    points(byHand(input)),
    ...firewallParts(settings),
    title('Later'),
    ...later(input),
    title('What RabbitMQ does differently'),
    points(differences),
    title('Other versions'),
    text('Not tried, taken from the documentation and the source of RabbitMQ:'),
    points(versions),
  ];
  return `${parts.join('\n\n')}\n`;
}

function byHand({ settings, keyElsewhere }: RabbitmqReadmeInput): string[] {
  const paths = rabbitmqPaths(settings);
  return [
    `rabbitmq.conf, advanced.config, enabled_plugins, definitions.json to ${paths.directory}: root:rabbitmq, 0640. rabbitmq-env.conf beside them: root:rabbitmq, 0644.`,
    `certs/ca.crt, certs/server.crt${keyElsewhere ? '' : ' and certs/server.key'} to ${paths.certs} (root:rabbitmq, 0750): root:rabbitmq, 0640.`,
    `Everything in crls/ to ${paths.crls} (root:rabbitmq, 0750), under the same names: root:rabbitmq, 0640. Write each file under another name first and rename it. Remove lists that are not in this folder.`,
    'logrotate to /etc/logrotate.d/rabbitmq-server, instead of the file of the package.',
    'systemctl restart rabbitmq-server. It reads definitions.json at every start.',
  ];
}

function later(input: RabbitmqReadmeInput): string[] {
  const ends = input.notAfter === undefined ? 'on the day that Fieldkey shows' : `on ${utcDate(input.notAfter)}`;
  const first = input.crlCount > 1 ? 'The first of the lists in this folder ends' : 'The list in this folder ends';
  const crl = input.crlNextUpdate === undefined ? '' : ` ${first} on ${utcDate(input.crlNextUpdate)}.`;
  return [
    text(
      'NEW DEVICES, changed access: export again and run "sh install.sh" in the new folder. Every user stands in definitions.json, because RabbitMQ has no rule for users that it does not know. Users are added, changed and removed while the broker runs; nobody is disconnected but who is removed.',
    ),
    text(
      `REVOKED CERTIFICATES: export again and run "sh install.sh" in the new folder. The broker reads the lists whenever somebody connects, so it needs no restart; who is connected would stay, so install.sh closes all connections once and everybody connects again. A list that is missing, broken or has ended makes the broker refuse everybody of that authority; it never lets anybody in.${crl}`,
    ),
    text(
      `THE BROKER'S CERTIFICATE ends ${ends}. ${
        input.issuer === undefined
          ? 'Before that, renew it in Fieldkey, export, and run "sh install.sh" again.'
          : `It was issued by ${printable(input.issuer)}, not by Fieldkey. Before that, make a new request in Fieldkey, have it answered, export, and run "sh install.sh" again.`
      }`,
    ),
  ];
}

const differences: readonly string[] = [
  'Clients connect with their certificate and nothing else. RabbitMQ takes a user name or a password from MQTT before the certificate, and no user of this project has a password: such a client is refused ("bad user name or password").',
  'The client ID should be the name in the certificate. With another ID a client can publish, but it cannot subscribe: a session belongs to the user of the same name. Whoever is allowed to connect can still disconnect another client by using its client ID; that cannot be forbidden in RabbitMQ.',
  'A message or a subscription that is not allowed ends the connection, without a reason in MQTT 3.1.1; the log says "access to topic ... refused". A subscription is allowed or refused as a whole: a client that may read lab/energy/# cannot subscribe to # and receive its part.',
  'In topics, "." and "/" are the same (lab.x arrives as lab/x), and "*" would arrive as "+". Therefore names and topics of the project have no "." and no "*", and nobody may write a topic with "*". A topic has at most 255 bytes.',
  'Retained messages arrive for a subscription to exactly their topic only, not for one with wildcards. QoS 2 is served as QoS 1. There is no $SYS.',
  'MQTT 3.1 and 3.1.1. MQTT 5 only from RabbitMQ 3.13.',
];

const versions: readonly string[] = [
  '3.11 to 3.13 and 4.x are meant to take the same files. Before an upgrade from 3.10 or 3.11 enable all feature flags (rabbitmqctl enable_feature_flag all).',
  '3.13 and later speak MQTT 5 as well and tell a refused message by reason code 135. The option mqtt.subscription_ttl no longer exists there; this kit does not use it (sessions are kept for a day in all versions).',
  '4.x mirrors no classic queues: for several nodes set mqtt.durable_queue_type = quorum.',
  'Several nodes: rabbitmq-env.conf ties the node to this machine (NODENAME, ERL_EPMD_ADDRESS, inet_dist_use_interface). A cluster needs names and addresses that its nodes reach each other by, and a network of its own for that traffic.',
];
