import type { PublishProperties } from '../model/publish-properties.ts';
import { plainSubscription, type SubscriptionOptions } from '../model/subscription.ts';
import { asArgument, nodeBytes, printfText, pythonBytes, utf8Text } from './command-bytes.ts';
import { toBase64 } from './payload-form.ts';
import { commandLine, type Shell } from './shell-words.ts';

/** What another program is to do once it is connected. */
export type ClientAct =
  | {
      readonly kind: 'subscribe';
      readonly filters: readonly {
        readonly filter: string;
        readonly qos: 0 | 1 | 2;
        readonly options?: SubscriptionOptions | undefined;
      }[];
    }
  | {
      readonly kind: 'publish';
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly qos: 0 | 1 | 2;
      readonly retain: boolean;
      readonly properties?: PublishProperties | undefined;
    };

/** What a program cannot be told, and its line therefore does without. */
export const partsNotCarried = [
  'serverName',
  'alpn',
  'verify',
  'systemAuthorities',
  'keepAlive',
  'session',
  'reconnect',
  'authentication',
  'will',
  'willCorrelation',
  'correlation',
  'subscriptionQos',
  'subscriptionOptions',
] as const;
export type PartNotCarried = (typeof partsNotCarried)[number];

/** A line or a script, and what it leaves out. */
export interface CopiedClient {
  readonly text: string;
  readonly notCarried: readonly PartNotCarried[];
}

/** Properties of a message as programs name them, in the order of MQTT 5 §3.3.2.3; absent ones are left out. */
function present<T>(pairs: readonly (readonly [name: string, value: T | undefined])[]): (readonly [string, T])[] {
  return pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

const textOrBytes = (bytes: Uint8Array) => utf8Text(bytes) ?? bytes;

/** Longer arguments are refused: a word of Linux ends at 128 KiB, a line of Windows at 32,767 characters. */
const longestArgument = { sh: 100_000, powershell: 8_000 } as const;
/** Where PowerShell, whose pipes carry text, puts other bytes for mosquitto_pub. */
const payloadFile = 'payload.bin';

/**
 * mosquitto_pub or mosquitto_sub with the options of its connection before those of the act (mosquitto_pub(1), 2.0). `words` are
 * quoted; what stands in `program` before and after its name is not. mosquitto_sub has one QoS for all its filters: the highest.
 */
export function mosquittoLine(
  shell: Shell,
  connection: { readonly before: string; readonly after: string; readonly words: readonly string[] },
  act: ClientAct,
  v5: boolean,
): CopiedClient {
  const words = [...connection.words];
  const notCarried: PartNotCarried[] = [];
  const line = (program: string) => commandLine(shell, `${connection.before}${program}${connection.after}`, words);
  if (act.kind === 'subscribe') {
    const qos = Math.max(0, ...act.filters.map((each) => each.qos));
    words.push('-q', String(qos), '-v', ...act.filters.flatMap(({ filter }) => ['-t', filter]));
    if (act.filters.some((each) => each.qos !== qos)) notCarried.push('subscriptionQos');
    const options = v5 ? act.filters.map((each) => each.options ?? plainSubscription) : [];
    const same = (part: keyof SubscriptionOptions) => options.every((each) => each[part] === options[0]?.[part]);
    const kept = options.every((each) => !each.noLocal && each.retainHandling === 0);
    const [first] = options;
    if (first && same('retainAsPublished') && first.retainAsPublished) words.push('--retain-as-published');
    if (first && same('identifier') && first.identifier !== null)
      words.push('-D', 'subscribe', 'subscription-identifier', String(first.identifier));
    if (!kept || !same('retainAsPublished') || !same('identifier')) notCarried.push('subscriptionOptions');
    return { text: line('mosquitto_sub'), notCarried };
  }
  words.push('-q', String(act.qos), ...(act.retain ? ['-r'] : []), '-t', act.topic);
  if (v5 && act.properties) {
    const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, topicAlias } = act.properties;
    const correlation = correlationData && asArgument(textOrBytes(correlationData));
    if (correlation === null) notCarried.push('correlation');
    const given = present<string | number>([
      ['payload-format-indicator', payloadFormat],
      ['message-expiry-interval', messageExpiry],
      ['topic-alias', topicAlias],
      ['response-topic', responseTopic],
      ['correlation-data', correlation ?? undefined],
      ['content-type', contentType],
    ]);
    for (const [name, value] of given) words.push('-D', 'publish', name, String(value));
    for (const [name, value] of act.properties.userProperties ?? []) words.push('-D', 'publish', 'user-property', name, value);
  }
  const text = asArgument(textOrBytes(act.payload));
  if (act.payload.byteLength === 0) words.push('-n');
  else if (text !== null && act.payload.byteLength <= longestArgument[shell]) words.push('-m', text);
  else if (shell === 'sh') {
    words.push('-s');
    return { text: `${printfText(act.payload)} | ${line('mosquitto_pub')}`, notCarried };
  } else {
    words.push('-f', payloadFile);
    const file = `[IO.File]::WriteAllBytes("$PWD\\${payloadFile}", [Convert]::FromBase64String('${toBase64(act.payload)}'))`;
    return { text: `${file}\n${line('mosquitto_pub')}`, notCarried };
  }
  return { text: line('mosquitto_pub'), notCarried };
}

/** mqtt.js takes user properties one by one as well, and then keeps their order. */
export function nodeUserProperties(properties: readonly (readonly [name: string, value: string])[]): string {
  // of a literal, __proto__ is no member
  const key = (name: string) => (name === '__proto__' ? `["${name}"]` : JSON.stringify(name));
  return `[${properties.map(([name, value]) => `{ ${key(name)}: ${JSON.stringify(value)} }`).join(', ')}]`;
}

/** The lines of a module for mqtt.js 5 after those that connect `client`. */
export function nodeAct(act: ClientAct, v5: boolean): string[] {
  if (act.kind === 'publish') {
    const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, topicAlias, userProperties } =
      (v5 && act.properties) || {};
    const given = present<string | number | boolean>([
      ['payloadFormatIndicator', payloadFormat === undefined ? undefined : payloadFormat === 1],
      ['messageExpiryInterval', messageExpiry],
      ['topicAlias', topicAlias],
      ['responseTopic', responseTopic && JSON.stringify(responseTopic)],
      ['correlationData', correlationData && nodeBytes(textOrBytes(correlationData), true)],
      ['contentType', contentType && JSON.stringify(contentType)],
      ['userProperties', userProperties?.length ? nodeUserProperties(userProperties) : undefined],
    ]).map(([name, value]) => `    ${name}: ${value},`);
    const options = `qos: ${act.qos}, retain: ${act.retain}`;
    const message = `${JSON.stringify(act.topic)}, ${nodeBytes(textOrBytes(act.payload))}`;
    return [
      ...(given.length === 0
        ? [`await client.publishAsync(${message}, { ${options} });`]
        : [`await client.publishAsync(${message}, {`, `  ${options},`, '  properties: {', ...given, '  },', '});']),
      'await client.endAsync();',
    ];
  }
  const written = act.filters.map(({ filter, qos, options = plainSubscription }) => {
    const { noLocal, retainAsPublished, retainHandling, identifier } = v5 ? options : plainSubscription;
    const parts = [
      `qos: ${qos}`,
      ...(noLocal ? ['nl: true'] : []),
      ...(retainAsPublished ? ['rap: true'] : []),
      ...(retainHandling === 0 ? [] : [`rh: ${retainHandling}`]),
      ...(identifier === null ? [] : [`properties: { subscriptionIdentifier: ${identifier} }`]),
    ];
    return `await client.subscribeAsync(${JSON.stringify(filter)}, { ${parts.join(', ')} });`;
  });
  return ["client.on('message', (topic, payload) => console.log(topic, payload.toString()));", ...written];
}

/** Statements of Python that make an object of properties; none when there are none. */
export function pythonProperties(
  name: string,
  packet: 'CONNECT' | 'PUBLISH' | 'WILLMESSAGE' | 'SUBSCRIBE',
  pairs: readonly (readonly [name: string, value: string | number | undefined])[],
): string[] {
  const given = present(pairs);
  if (given.length === 0) return [];
  return [`${name} = Properties(PacketTypes.${packet})`, ...given.map(([property, value]) => `${name}.${property} = ${value}`)];
}

export function pythonUserProperties(properties: readonly (readonly [name: string, value: string])[] = []): string | undefined {
  if (properties.length === 0) return undefined;
  return `[${properties.map(([name, value]) => `(${JSON.stringify(name)}, ${JSON.stringify(value)})`).join(', ')}]`;
}

/** The lines of a script for paho-mqtt 2 after those that make `client`; `connect` are the arguments of its connecting. */
export function pythonAct(act: ClientAct, v5: boolean, connect: string): string[] {
  if (act.kind === 'publish') {
    const own = (v5 && act.properties) || {};
    const properties = pythonProperties('properties', 'PUBLISH', [
      ['PayloadFormatIndicator', own.payloadFormat],
      ['MessageExpiryInterval', own.messageExpiry],
      ['TopicAlias', own.topicAlias],
      ['ResponseTopic', own.responseTopic && JSON.stringify(own.responseTopic)],
      ['CorrelationData', own.correlationData && pythonBytes(textOrBytes(own.correlationData), true)],
      ['ContentType', own.contentType && JSON.stringify(own.contentType)],
      ['UserProperty', pythonUserProperties(own.userProperties)],
    ]);
    const words = [
      JSON.stringify(act.topic),
      pythonBytes(textOrBytes(act.payload)),
      `qos=${act.qos}`,
      `retain=${act.retain ? 'True' : 'False'}`,
      ...(properties.length > 0 ? ['properties=properties'] : []),
    ];
    return [
      ...properties,
      `client.connect(${connect})`,
      'client.loop_start()',
      `client.publish(${words.join(', ')}).wait_for_publish(10)`,
      'client.disconnect()',
      'client.loop_stop()',
    ];
  }
  const asked = act.filters.flatMap(({ filter, qos, options = plainSubscription }) => {
    if (!v5) return [`client.subscribe(${JSON.stringify(filter)}, ${qos})`];
    const { noLocal, retainAsPublished, retainHandling, identifier } = options;
    const parts = [
      `qos=${qos}`,
      ...(noLocal ? ['noLocal=True'] : []),
      ...(retainAsPublished ? ['retainAsPublished=True'] : []),
      ...(retainHandling === 0 ? [] : [`retainHandling=${retainHandling}`]),
    ];
    const subscription = `${JSON.stringify(filter)}, options=mqtt.SubscribeOptions(${parts.join(', ')})`;
    if (identifier === null) return [`client.subscribe(${subscription})`];
    return [
      ...pythonProperties('wanted', 'SUBSCRIBE', [['SubscriptionIdentifier', identifier]]),
      `client.subscribe(${subscription}, properties=wanted)`,
    ];
  });
  return [
    '',
    '',
    'def on_connect(client, userdata, flags, reason_code, properties):',
    ...(asked.length > 0 ? asked : ['pass']).map((line) => `    ${line}`),
    '',
    '',
    'def on_message(client, userdata, message):',
    '    print(message.topic, message.payload.decode("utf-8", "replace"))',
    '',
    '',
    'client.on_connect = on_connect',
    'client.on_message = on_message',
    `client.connect(${connect})`,
    'client.loop_forever()',
  ];
}

/** Imports of a script, beside those that it names: what its lines use of paho's properties. */
export function pythonImports(lines: readonly string[]): string[] {
  const uses = lines.some((line) => line.includes('Properties(PacketTypes.'));
  return [
    'import paho.mqtt.client as mqtt',
    ...(uses ? ['from paho.mqtt.packettypes import PacketTypes', 'from paho.mqtt.properties import Properties'] : []),
  ];
}
