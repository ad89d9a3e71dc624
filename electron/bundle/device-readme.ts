import type { IdentityMode } from '../../shared/model/kit.ts';
import { mosquittoOptions } from '../../shared/rules/client-commands.ts';
import type { BrokerEndpoint } from './mqtt-json.ts';

export interface DeviceReadmeInput {
  readonly project: string;
  readonly id: string;
  readonly endpoint: BrokerEndpoint;
  readonly port: number;
  readonly writeTopics: readonly string[];
  readonly readTopics: readonly string[];
  readonly publishTopic: string | undefined;
  readonly identity: IdentityMode;
  /** User name on the broker, where its password is in this folder. */
  readonly user: string | undefined;
  /** Other devices that show the same certificate. */
  readonly sharedWith: readonly string[];
  readonly hasKey: boolean;
  readonly encrypted: boolean;
  readonly notAfter: number;
  readonly serial: string;
  readonly fingerprint: string;
  readonly whatwattObjections: readonly string[];
}

const width = 100;

/** The README.txt of a device folder; command lines stand alone, each indented by four spaces, and run in the folder. */
export function deviceReadme(input: DeviceReadmeInput): string {
  const heading = `${input.id}, project ${input.project}`;
  const parts = [
    `${heading}\n${'='.repeat(heading.length)}`,
    [
      `Valid until   ${new Date(input.notAfter).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      `Serial        ${input.serial}`,
      `SHA-256       ${input.fingerprint}`,
      `Broker        ${input.endpoint.url}`,
      ...(input.user === undefined ? [] : [`User name     ${input.user}`]),
      ...topicLines('May write', input.writeTopics),
      ...topicLines('May read', input.readTopics),
    ].join('\n'),
    ...(input.endpoint.guessed
      ? [
          text(
            `The broker's certificate holds only a wildcard name: replace ${input.endpoint.host} by the broker's real name, here and in mqtt.json.`,
          ),
        ]
      : []),
    secretText(input),
    ...sharedParts(input),
    title('Files'),
    [
      'ca.crt        whom this device trusts: it proves the broker',
      'client.crt    certificate of this device, with those of its issuers',
      ...(input.hasKey ? [`client.key    private key of this device${input.encrypted ? ', encrypted' : ''}`] : []),
      'mqtt.json     all of it in one file',
      ...(input.user === undefined
        ? []
        : ['mosquitto_pub, mosquitto_sub', '              options of the Mosquitto clients, with user name and password']),
    ].join('\n'),
    ...passwordParts(input),
    ...(canTry(input) ? tryParts(input) : []),
    title('whatwatt Go'),
    ...whatwattParts(input),
  ];
  return `${parts.join('\n\n')}\n`;
}

function topicLines(label: string, topics: readonly string[]): string[] {
  return topics.map((topic) => `${label.padEnd(14)}${topic}`);
}

function secretText(input: DeviceReadmeInput): string {
  const { hasKey, user, id } = input;
  const secrets = [...(hasKey ? ['client.key'] : []), ...(user === undefined ? [] : ['the password'])].join(' and ');
  if (!hasKey && user === undefined)
    return text(
      'The private key is not here: it never left the place where it was made. Put it beside these files as client.key.',
    );
  const reading = input.encrypted
    ? 'The passphrase of the key is not in this folder; hand it over on another way.'
    : 'It is not encrypted, and on a USB stick file permissions mean nothing: whoever holds the stick can copy it.';
  const password = user === undefined || !input.encrypted ? '' : ' The password is readable: no device could use it otherwise.';
  const ends =
    user === undefined
      ? 'revoke the certificate in Fieldkey'
      : 'replace the device in Fieldkey: its certificate is revoked and its password is over';
  const verb = secrets.includes(' and ') ? 'are' : 'is';
  return text(
    `KEEP IT SECRET: ${secrets}, also inside mqtt.json, ${verb} the identity of this device. Whoever has it can speak as ${id}. ${reading}${password} Delete this folder once the device has it. If it got into other hands, ${ends}.`,
  );
}

function sharedParts({ sharedWith, identity }: DeviceReadmeInput): string[] {
  if (sharedWith.length === 0 || identity === 'password') return [];
  const named = `${sharedWith.slice(0, 20).join(', ')}${sharedWith.length > 20 ? ` and ${sharedWith.length - 20} more` : ''}`;
  const tell =
    identity === 'certificate'
      ? 'The broker cannot tell them apart: send the client id below and no other, and know that each of them can pose as this one.'
      : 'The broker tells them apart by user name and password only.';
  return [
    text(
      `SHARED CERTIFICATE: key and certificate are the same as those of ${named}. ${tell} When it is revoked, all of them stop.`,
    ),
  ];
}

/** Whether everything that the broker asks for is in this folder. */
function canTry({ identity, user, hasKey }: DeviceReadmeInput): boolean {
  return (identity === 'password' || hasKey) && (identity === 'certificate' || user !== undefined);
}

function passwordParts({ identity, user, id }: DeviceReadmeInput): string[] {
  if (identity === 'certificate') return [];
  const asks =
    identity === 'password'
      ? 'This broker asks for user name and password, and for no certificate; client.crt and client.key serve when that is changed.'
      : 'This broker asks for a certificate of the project, and for user name and password besides: the user name says who it is.';
  if (user === undefined)
    return [text(`${asks} The password is not in this folder: only its hash is known. The device keeps the one that it has.`)];
  const other =
    user === id
      ? ''
      : ` The user name is not the device's own name: its password is being changed, and until the device has the new one, the broker takes the old one under the other name. Enter both, name and password.`;
  return [text(`${asks}${other}`)];
}

function tryParts(input: DeviceReadmeInput): string[] {
  // the options with the password are read from the files in this folder (mosquitto_pub(1), "Options files")
  const [pub, sub] = ['mosquitto_pub', 'mosquitto_sub'].map((name) =>
    input.user === undefined ? `${name} ${optionsOf(input)}` : `XDG_CONFIG_HOME=. ${name}`,
  );
  const parts = [
    title('Try it'),
    text(
      `In this folder, with the Mosquitto clients (Debian: the package "mosquitto-clients")${input.user === undefined ? '' : ', in a shell of Linux or macOS'}. The broker puts a device out that is connected at the same moment under the same name.`,
    ),
  ];
  if (input.encrypted && input.identity !== 'password') parts.push(text('Both ask for the passphrase of the key.'));
  if (input.publishTopic !== undefined) {
    parts.push(text('Publish one message; "Not authorized" means that the access list of the broker is another one:'));
    parts.push(command(`${pub} -q 1 -t ${shellWord(input.publishTopic)} -m test`));
  }
  if (input.readTopics.length > 0) {
    parts.push(text('Show what is sent to the device, until Ctrl+C:'));
    parts.push(command(`${sub} -q 1 -v ${input.readTopics.map((topic) => `-t ${shellWord(topic)}`).join(' ')}`));
  }
  return parts.length > 2 ? parts : [];
}

function optionsOf({ endpoint, port, id }: DeviceReadmeInput): string {
  const connection = { host: endpoint.host, port, clientId: id, protocolVersion: 5, identity: 'certificate' } as const;
  return mosquittoOptions(connection).map(shellWord).join(' ');
}

function whatwattParts(input: DeviceReadmeInput): string[] {
  if (input.whatwattObjections.length > 0)
    return [text(`mqtt.json cannot be sent to this gateway as it is: ${input.whatwattObjections.join('; ')}.`)];
  return [
    text(
      'Write its name or address instead of whatwatt-XXXXXX.local and the password of its web page instead of PASSWORD. The key travels unencrypted: use a direct cable.',
    ),
    command(
      'curl --fail --anyauth -u ":PASSWORD" -X PUT -H "Content-Type: application/json" --data @mqtt.json http://whatwatt-XXXXXX.local/api/v1/mqtt/settings',
    ),
  ];
}

/**
 * One word for sh, PowerShell and cmd.exe alike as long as that is possible: bare where nothing is special, double quotes
 * where these three agree on them, and sh's single quotes for the rest.
 */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9._:/+-]+$/.test(word)) return word;
  if (!/["$`\\!%]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function title(words: string): string {
  return `${words}\n${'-'.repeat(words.length)}`;
}

function command(line: string): string {
  return `    ${line}`;
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
