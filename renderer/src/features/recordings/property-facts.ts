import type { TestMessage } from '../../../../shared/model/connection.ts';

/** The MQTT 5 properties of a message by the names of the specification (§2.2.2.2), which are not translated. */
export function propertyFacts({ properties }: TestMessage): [name: string, value: string][] {
  if (!properties) return [];
  const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, userProperties } = properties;
  const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return [
    ...(contentType === undefined ? [] : [['Content Type', contentType] as [string, string]]),
    ...(responseTopic === undefined ? [] : [['Response Topic', responseTopic] as [string, string]]),
    ...(correlationData === undefined ? [] : [['Correlation Data', hex(correlationData)] as [string, string]]),
    ...(messageExpiry === undefined ? [] : [['Message Expiry Interval', `${messageExpiry} s`] as [string, string]]),
    ...(payloadFormat === undefined ? [] : [['Payload Format', payloadFormat === 1 ? 'UTF-8' : '0'] as [string, string]]),
    ...(userProperties ?? []).map(([name, value]): [string, string] => [name, value]),
  ];
}
