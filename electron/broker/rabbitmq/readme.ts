import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { checkLists, noteLists } from '../host/kit-lists.ts';
import { commands, points, printable, text, title, utcDate } from '../host/plain-text.ts';
import { revokedByPassword } from '../host/revoked-password.ts';
import { wantsPasswords } from '../mosquitto/config.ts';
import { firewallParts, proxyParts, shippingParts } from '../mosquitto/readme-host.ts';
import { isWhole, pluginsOf, type RabbitmqLimits, wantsLists } from './config.ts';
import { rabbitmqImage, systemdDropIn } from './host-files.ts';
import { confName, rabbitmqFolders, rabbitmqOwner, rabbitmqPaths } from './paths.ts';

export interface RabbitmqReadmeInput {
  readonly project: string;
  readonly settings: BrokerSettings;
  /** The broker's key is not in the folder: whoever asked for the certificate has it. */
  readonly keyElsewhere: boolean;
  readonly issuer?: string | undefined;
  readonly notAfter?: number | undefined;
  readonly crlNextUpdate?: number | undefined;
  readonly crlCount: number;
  /** Authorities of somebody else stand above ours. */
  readonly outsideAbove: boolean;
  readonly limits: RabbitmqLimits;
  /** Users whose password nobody here knows. */
  readonly strangers: readonly string[];
}

/** The README.txt of the broker folder for RabbitMQ. */
export function rabbitmqReadme(input: RabbitmqReadmeInput): string {
  const { settings } = input;
  const { form } = settings.kit;
  const parts = [
    title(`RabbitMQ for the project ${input.project}`, '='),
    text(
      `This folder holds everything that a RabbitMQ broker needs to serve the project over MQTT: its configuration, its users and what each of them may do, its certificate${wantsLists(settings) ? ', the certificates of those who issue for this project, and the lists of revoked certificates' : ''}. ${needs(settings)} The files were tried with RabbitMQ 3.10.8 of Debian 12; what is different in later versions is said at the end.`,
    ),
    text(
      isWhole(settings.kit)
        ? `The broker is for this project alone: nothing but MQTT over TLS is open to the network, and the user "guest" is not made.${form === 'whole' ? ' Do not install it over a RabbitMQ that serves something else.' : ''}`
        : 'The broker goes on with whatever else it does; this adds one listener for MQTT over TLS, and users that may do nothing but what the project gives them. The virtual host is "/".',
    ),
    text(
      input.keyElsewhere
        ? 'NO KEY IS IN THIS FOLDER: the private key of the broker was made by whoever asked for its certificate, and never left that place.'
        : 'KEEP IT SECRET: certs/server.key is the private key of the broker. On a USB stick everyone who holds the stick can read it. Install it, then delete this folder from the stick or lock the stick away.',
    ),
    ...(form === 'fragments' ? fragmentSteps(input) : steps(input)),
    ...limitParts(input),
    ...passwordParts(input),
    ...firewallParts(settings),
    ...proxyParts(settings, true),
    ...shippingParts(settings, { program: 'rabbitmq', group: rabbitmqOwner(form) }),
    title('Later'),
    ...later(input),
    title('What RabbitMQ does differently'),
    points(differences(settings)),
    title('Other versions'),
    text('Not tried, taken from the documentation and the source of RabbitMQ:'),
    points(versions),
  ];
  return `${parts.join('\n\n')}\n`;
}

function needs({ kit }: BrokerSettings): string {
  if (kit.form === 'container')
    return `It runs in a container (image ${rabbitmqImage}), on a machine with Docker and its compose plugin; the container itself was not tried.`;
  return 'RabbitMQ must be installed (Debian: the package "rabbitmq-server").';
}

function steps(input: RabbitmqReadmeInput): string[] {
  const { settings } = input;
  const paths = rabbitmqPaths(settings);
  const { form } = settings.kit;
  const container = form === 'container';
  return [
    title('Step 1: install and start'),
    ...(input.keyElsewhere
      ? [
          text(
            `Copy the private key that belongs to the certificate to ${paths.certs}/server.key first, as PEM without a passphrase.`,
          ),
        ]
      : []),
    text(
      `As root, in this folder. It looks whether the folder is whole${form === 'drop-in' ? ' and goes together with the configuration that is there' : ''}, sets owners and modes, keeps files of others as *.before-fieldkey, restarts the broker only when it has to, and can be run again at any time. The last line has to be "done".`,
    ),
    commands(['sh install.sh']),
    text('Then look: one listener for mqtt/ssl, and the end of the log.'),
    commands([
      container
        ? `docker compose -f '${paths.directory}/docker-compose.yml' exec rabbitmq rabbitmq-diagnostics --quiet listeners`
        : 'rabbitmq-diagnostics --quiet listeners',
      `ss -ltn 'sport = :${settings.port}'`,
      form === 'drop-in' ? `tail -n 20 '${paths.log}'/rabbit@*.log` : `tail -n 20 '${paths.logFile}'`,
    ]),
    ...(container || form === 'drop-in' || paths.directory === rabbitmqFolders.directory
      ? []
      : [
          text(
            `Debian's programs read ${rabbitmqFolders.directory}/rabbitmq-env.conf only. Before step 1, have it contain this line:`,
          ),
          commands([`. '${paths.env}'`]),
        ]),
    title('The same by hand'),
    points(byHand(input)),
  ];
}

function byHand({ settings, keyElsewhere, limits }: RabbitmqReadmeInput): string[] {
  const paths = rabbitmqPaths(settings);
  const { form } = settings.kit;
  const container = form === 'container';
  const group = rabbitmqOwner(form);
  const unit = container ? undefined : systemdDropIn(settings, limits);
  return [
    ...(form === 'drop-in'
      ? [
          `${confName[form]} to ${paths.conf}, advanced.config to ${paths.directory}, definitions.json to ${paths.definitions}: root:${group}, 0640. rabbitmq-plugins enable ${pluginsOf(settings).join(' ')}`,
        ]
      : [
          `rabbitmq.conf, advanced.config, enabled_plugins, definitions.json to ${paths.directory}: root:${group}, 0640. rabbitmq-env.conf beside them: root:${group}, 0644.`,
        ]),
    `${certList(settings, keyElsewhere)} to ${paths.certs} (root:${group}, 0750): root:${group}, 0640.`,
    ...(wantsLists(settings) ? [listsByHand(settings)] : []),
    ...(container
      ? [`docker-compose.yml to ${paths.directory}. ${paths.data} and ${paths.log} belong to ${group}:${group}, 0750.`]
      : []),
    ...(unit === undefined
      ? []
      : [
          'systemd.conf to /etc/systemd/system/rabbitmq-server.service.d/fieldkey.conf, then systemctl daemon-reload: a connection is an open file, and the unit allows too few of them.',
        ]),
    'logrotate to /etc/logrotate.d/rabbitmq-server, instead of the file of the package.',
    container
      ? `docker compose -f '${paths.directory}/docker-compose.yml' up -d. The broker reads definitions.json at every start.`
      : 'systemctl restart rabbitmq-server. It reads definitions.json at every start.',
  ];
}

function certList(settings: BrokerSettings, keyElsewhere: boolean): string {
  const all = [
    ...(wantsLists(settings) ? ['certs/ca.crt'] : []),
    'certs/server.crt',
    ...(keyElsewhere ? [] : ['certs/server.key']),
  ];
  return all.length === 1 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

function listsByHand(settings: BrokerSettings): string {
  const { crls } = rabbitmqPaths(settings);
  const group = rabbitmqOwner(settings.kit.form);
  return `Everything in crls/ to ${crls} (root:${group}, 0750), under the same names: root:${group}, 0640. Write each file under another name first and rename it. Remove lists that are not in this folder. First, in this folder: ${checkLists(crls)}. If it reports an error, stop: these lists are older than those in use, or have ended. In the end: ${noteLists(crls)}`;
}

/** For somebody else's broker: what goes where, and nothing that decides for them. */
function fragmentSteps(input: RabbitmqReadmeInput): string[] {
  const { settings } = input;
  const paths = rabbitmqPaths(settings);
  return [
    title('Step 1: put the files in their places'),
    points([
      `${certList(settings, input.keyElsewhere)} to ${paths.certs} (root:rabbitmq, 0750): root:rabbitmq, 0640.${input.keyElsewhere ? ` The key of the broker beside them, as ${paths.certs}/server.key, PEM without a passphrase.` : ''}`,
      ...(wantsLists(settings) ? [listsByHand(settings)] : []),
      `definitions.json to ${paths.definitions}: root:rabbitmq, 0640.`,
    ]),
    title('Step 2: add the pieces to the configuration'),
    text(
      `The lines of ${confName.fragments} go into rabbitmq.conf. An option that is there already is replaced, never written twice. If there is a load_definitions already, leave ours out and import the file by hand (step 3) after each change.`,
    ),
    text(
      'advanced.config: when there is none, this one is it. Otherwise its {rabbit, [{ssl_options, ...}]} is added to the list that is there. TLS options in rabbitmq.conf (ssl_options.*) have no effect then; they would be for all listeners with TLS of this broker, of AMQP as well.',
    ),
    title('Step 3: plugins, restart, users'),
    text('As root. The second line is needed once, for the new listener; later the third one is enough.'),
    commands([
      `rabbitmq-plugins enable ${pluginsOf(settings).join(' ')}`,
      'systemctl restart rabbitmq-server',
      `rabbitmqctl import_definitions '${paths.definitions}'`,
    ]),
    text(
      'Users of an earlier export that are no longer in definitions.json (tag "fieldkey") have to be deleted: rabbitmqctl delete_user NAME.',
    ),
  ];
}

/** The limit of connections is one of the virtual host: where that is not the project's alone, whoever keeps the broker decides. */
function limitParts({ settings, limits }: RabbitmqReadmeInput): string[] {
  if (isWhole(settings.kit)) return [];
  const limit = JSON.stringify({ 'max-connections': limits.maxConnections });
  return [
    title('The limit of connections'),
    text(
      'This kit sets none: connection_max of rabbitmq.conf counts no MQTT, and the limit that does is one of the virtual host "/", for everybody who uses it. As root, the first line shows the one that there is; the second sets that of this project, which holds from then on and over restarts. Make it larger by the connections of whoever else uses the virtual host.',
    ),
    commands(['rabbitmqctl list_vhost_limits --vhost /', `rabbitmqctl set_vhost_limits -p / '${limit}'`]),
  ];
}

function passwordParts({ settings, strangers }: RabbitmqReadmeInput): string[] {
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
      `${who} The name of each device is its user name and its client ID. definitions.json holds hashes of the passwords (rabbit_password_hashing_sha256); the passwords themselves are in the folders of the devices.`,
    ),
    text(
      'A device whose password is being changed has two users, the second under its name with "@2" (in turns), and both have the same rights and the same session: so the old password goes on until the device has the new one. Finish the change in Fieldkey, export, and do step 1 again: then the old one is refused, and whoever is still connected with it is put out.',
    ),
    ...(strangers.length > 0
      ? [
          text(
            `NOT LET IN: of ${shown} only a hash of Mosquitto is known, which RabbitMQ cannot read. Make new passwords for them in Fieldkey.`,
          ),
        ]
      : []),
  ];
}

const outsideLists =
  'Above the authority of this project there are authorities of somebody else, whose lists are not here: the broker looks a device up in the list of the authority that signed it, and in no other (crl_check, peer). What they revoke it does not see; take such an authority out of use in Fieldkey, and its list leaves this folder.';

function later(input: RabbitmqReadmeInput): string[] {
  const { settings } = input;
  const again =
    settings.kit.form === 'fragments' ? 'do steps 1 and 3 again with the new folder' : 'run "sh install.sh" in the new folder';
  const ends = input.notAfter === undefined ? 'on the day that Fieldkey shows' : `on ${utcDate(input.notAfter)}`;
  const first = input.crlCount > 1 ? 'The first of the lists in this folder ends' : 'The list in this folder ends';
  const crl = input.crlNextUpdate === undefined ? '' : ` ${first} on ${utcDate(input.crlNextUpdate)}.`;
  const closes =
    settings.kit.form === 'fragments'
      ? 'so close all connections once (rabbitmqctl close_all_connections --vhost / "a new revocation list")'
      : 'so install.sh closes all connections once';
  return [
    text(
      `NEW DEVICES, changed access${wantsPasswords(settings.kit) ? ', new passwords' : ''}: export again and ${again}. Every user stands in definitions.json, because RabbitMQ has no rule for users that it does not know. Users are added, changed and removed while the broker runs; nobody is disconnected but who is removed${wantsPasswords(settings.kit) ? ' or has a new password' : ''}.`,
    ),
    ...(wantsLists(settings) ? [] : [text(revokedByPassword('definitions.json', `export again and ${again}`))]),
    ...(wantsLists(settings)
      ? [
          text(
            `REVOKED CERTIFICATES: export again and ${again}. The broker reads the lists whenever somebody connects, so it needs no restart; who is connected would stay, ${closes} and everybody connects again. A list that is missing, broken or has ended makes the broker refuse everybody of that authority; it never lets anybody in.${crl}${input.outsideAbove ? ` ${outsideLists}` : ''}`,
          ),
        ]
      : []),
    text(
      `THE BROKER'S CERTIFICATE ends ${ends}. ${
        input.issuer === undefined
          ? `Before that, renew it in Fieldkey, export, and ${again}.`
          : `It was issued by ${printable(input.issuer)}, not by Fieldkey. Before ${input.keyElsewhere ? 'another one is used, take it over in Fieldkey, export, bring the devices their bundles if its root is another one' : 'that, make a new request in Fieldkey, have it answered, export'}, and ${again}.`
      }`,
    ),
  ];
}

function differences({ kit }: BrokerSettings): readonly string[] {
  return [
    kit.identity === 'certificate'
      ? 'Clients connect with their certificate and nothing else. RabbitMQ takes a user name or a password from MQTT before the certificate, and no user of this project has a password: such a client is refused ("bad user name or password").'
      : 'Clients connect with user name and password. The name in a certificate does not count.',
    `The client ID should be the name of the device. ${kit.deviceIs === 'client' ? 'With another ID a client can do nothing' : 'With another ID a client can publish, but it cannot subscribe'}: a session belongs to the user of the same name. Whoever is allowed to connect can still disconnect another client by using its client ID; that cannot be forbidden in RabbitMQ.`,
    'A message or a subscription that is not allowed ends the connection, without a reason in MQTT 3.1.1; the log says "access to topic ... refused". A subscription is allowed or refused as a whole: a client that may read lab/energy/# cannot subscribe to # and receive its part.',
    'In topics, "." and "/" are the same (lab.x arrives as lab/x), and "*" would arrive as "+". Therefore names and topics of the project have no "." and no "*", and nobody may write a topic with "*". A topic has at most 255 bytes.',
    'Retained messages arrive for a subscription to exactly their topic only, not for one with wildcards. QoS 2 is served as QoS 1. There is no $SYS.',
    ...(kit.form === 'container' ? [] : ['MQTT 3.1 and 3.1.1. MQTT 5 only from RabbitMQ 3.13.']),
    ...(kit.deviceIs === 'client'
      ? [
          'The topics of devices carry the client ID ({client_id} in definitions.json), and the user has to be the one of that name: a device that sends the client ID of another one may do nothing. RabbitMQ puts the ID into the expression without escaping it; the part before (*COMMIT) keeps an ID that is itself an expression from getting more than the topics of its own user.',
        ]
      : []),
    ...(isWhole(kit)
      ? [
          'The limit of connections is one of the virtual host (definitions.json): connection_max of rabbitmq.conf counts no MQTT.',
        ]
      : []),
  ];
}

const versions: readonly string[] = [
  '3.11 to 3.13 and 4.x are meant to take the same files. Before an upgrade from 3.10 or 3.11 enable all feature flags (rabbitmqctl enable_feature_flag all).',
  '3.13 and later speak MQTT 5 as well and tell a refused message by reason code 135. The option mqtt.subscription_ttl no longer exists there; this kit does not use it (sessions are kept for a day in all versions).',
  '4.x mirrors no classic queues: for several nodes set mqtt.durable_queue_type = quorum.',
  'Several nodes: rabbitmq-env.conf ties the node to this machine (NODENAME, ERL_EPMD_ADDRESS, inet_dist_use_interface). A cluster needs names and addresses that its nodes reach each other by, and a network of its own for that traffic.',
];
