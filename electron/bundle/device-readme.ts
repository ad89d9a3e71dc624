import type { BrokerEndpoint } from './mqtt-json.ts';

export interface DeviceReadmeInput {
  readonly project: string;
  readonly id: string;
  readonly endpoint: BrokerEndpoint;
  readonly port: number;
  readonly writeTopics: readonly string[];
  readonly readTopics: readonly string[];
  readonly publishTopic: string | undefined;
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
    title('Files'),
    [
      'ca.crt        whom this device trusts: it proves the broker',
      'client.crt    certificate of this device, with those of its issuers',
      ...(input.hasKey ? [`client.key    private key of this device${input.encrypted ? ', encrypted' : ''}`] : []),
      'mqtt.json     all of it in one file',
    ].join('\n'),
    ...(input.hasKey ? tryParts(input) : []),
    title('whatwatt Go'),
    ...whatwattParts(input),
  ];
  return `${parts.join('\n\n')}\n`;
}

function topicLines(label: string, topics: readonly string[]): string[] {
  return topics.map((topic) => `${label.padEnd(14)}${topic}`);
}

function secretText(input: DeviceReadmeInput): string {
  if (!input.hasKey)
    return text(
      'The private key is not here: it never left the place where it was made. Put it beside these files as client.key.',
    );
  const reading = input.encrypted
    ? 'Its passphrase is not in this folder; hand it over on another way.'
    : 'It is not encrypted, and on a USB stick file permissions mean nothing: whoever holds the stick can copy it.';
  return text(
    `KEEP IT SECRET: client.key, also inside mqtt.json, is the identity of this device. Whoever has it can speak as ${input.id}. ${reading} Delete this folder once the device has it. If it got into other hands, revoke the certificate in Fieldkey.`,
  );
}

function tryParts(input: DeviceReadmeInput): string[] {
  const base = `-h ${shellWord(input.endpoint.host)} -p ${input.port} --cafile ca.crt --cert client.crt --key client.key -i ${shellWord(input.id)} -V mqttv5`;
  const parts = [
    title('Try it'),
    text(
      'In this folder, with the Mosquitto clients (Debian: the package "mosquitto-clients"). The broker puts a device out that is connected at the same moment under the same name.',
    ),
  ];
  if (input.encrypted) parts.push(text('Both ask for the passphrase of the key.'));
  if (input.publishTopic !== undefined) {
    parts.push(text('Publish one message; "Not authorized" means that the access list of the broker is another one:'));
    parts.push(command(`mosquitto_pub ${base} -q 1 -t ${shellWord(input.publishTopic)} -m test`));
  }
  if (input.readTopics.length > 0) {
    parts.push(text('Show what is sent to the device, until Ctrl+C:'));
    parts.push(command(`mosquitto_sub ${base} -q 1 -v ${input.readTopics.map((topic) => `-t ${shellWord(topic)}`).join(' ')}`));
  }
  return parts.length > 2 ? parts : [];
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
