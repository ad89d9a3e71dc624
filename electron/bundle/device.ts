import type { AccessRule } from '../../shared/model/access.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { ExportFile } from '../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import { bundleNames } from '../../shared/rules/client-commands.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import { deviceReadme } from './device-readme.ts';
import { brokerEndpoint, mqttJson, whatwattObjections } from './mqtt-json.ts';

export interface DeviceBundleInput {
  readonly project: string;
  readonly device: DeviceRequest;
  readonly broker: BrokerSettings;
  readonly access: readonly AccessRule[];
  /** PEM of whom the device trusts for the broker. */
  readonly ca: string;
  /** PEM: the device's certificate, then its issuers without the root. */
  readonly certificateChain: string;
  /** Other devices that show the same certificate. */
  readonly sharedWith?: readonly string[] | undefined;
  /** User name and password, where the broker asks for them and they are known. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  /** Null when the key never was in the vault. `pem` is what client.key holds; `sec1` the same EC key, unencrypted, in that form. */
  readonly key: { readonly pem: string; readonly encrypted: boolean; readonly sec1?: string | undefined } | null;
  /** ms since 1970, UTC. */
  readonly notAfter: number;
  /** Hexadecimal without separators, in either case. */
  readonly serial: string;
  /** SHA-256 of the certificate, the same form. */
  readonly fingerprint: string;
}

/** The files of `devices/<id>/` for every MQTT client and for the whatwatt Go (devices.md). */
export function deviceBundle(input: DeviceBundleInput): ExportFile[] {
  const { device, key, project } = input;
  const rules = input.access.filter((rule) => rule.role === device.role);
  const fill = (template: string) => fillTopic(template, { project, device: device.id });
  const writeTopics = [...new Set(rules.flatMap((rule) => rule.write.map(fill)))];
  const readTopics = [...new Set(rules.flatMap((rule) => rule.read.map(fill)))];
  const endpoint = brokerEndpoint(input.broker);
  const certificateChain = lineEnded(input.certificateChain);
  const { identity } = input.broker.kit;
  const settings = {
    url: endpoint.url,
    clientId: device.id,
    // MQTT 5 §3.3.2.1: nobody publishes to a wildcard
    publishTopic: writeTopics.find((topic) => !/[+#]/.test(topic)),
    subscribeTopic: readTopics[0],
    ca: lineEnded(input.ca),
    ...(identity === 'certificate' ? {} : { login: input.login }),
    // by password alone the broker asks for no certificate
    certificate: identity === 'password' ? undefined : certificateChain,
    // the vendor documents SEC1 (`BEGIN EC PRIVATE KEY`) and says nothing of PKCS#8
    key: key === null || identity === 'password' ? undefined : lineEnded(key.encrypted ? key.pem : (key.sec1 ?? key.pem)),
  };
  const json = mqttJson(settings);
  const readme = deviceReadme({
    project,
    id: device.id,
    endpoint,
    port: input.broker.port,
    writeTopics,
    readTopics,
    publishTopic: settings.publishTopic,
    identity,
    user: input.login?.username,
    sharedWith: input.sharedWith ?? [],
    hasKey: key !== null,
    encrypted: key?.encrypted === true,
    notAfter: input.notAfter,
    serial: input.serial.toUpperCase(),
    fingerprint: (input.fingerprint.toUpperCase().match(/../g) ?? []).join(':'),
    whatwattObjections: whatwattObjections(json, settings, { identity, encrypted: key?.encrypted === true }),
  });
  const file = (name: string, content: string, secret = false): ExportFile => ({
    path: `devices/${device.id}/${name}`,
    content: encoder.encode(content),
    secret,
  });
  return [
    file(bundleNames.ca, settings.ca),
    file(bundleNames.certificate, certificateChain),
    ...(key === null ? [] : [file(bundleNames.key, lineEnded(key.pem), true)]),
    file(bundleNames.settings, json, key !== null || settings.login !== undefined),
    ...(settings.login === undefined
      ? []
      : ['mosquitto_pub', 'mosquitto_sub'].map((name) => file(name, optionFile(input, endpoint.host, settings.login), true))),
    file('README.txt', readme),
  ];
}

/** Options of the Mosquitto clients, one a line: a password in a file is not seen in the list of programs that run. */
function optionFile(input: DeviceBundleInput, host: string, login: DeviceBundleInput['login']): string {
  const withKey = input.broker.kit.identity !== 'password' && input.key !== null;
  return [
    `-h ${host}`,
    `-p ${input.broker.port}`,
    '--cafile ca.crt',
    ...(withKey ? ['--cert client.crt', '--key client.key'] : []),
    `-u ${login?.username}`,
    `-P ${login?.password}`,
    `-i ${input.device.id}`,
    '-V mqttv5',
    '',
  ].join('\n');
}

const encoder = new TextEncoder();

function lineEnded(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
