import type { Incoming } from './block.ts';

/** The MQTT 5 properties of a message as JSON; bytes within them as `{"base64": "…"}`. Null = it has none. */
export function propertiesBytes(message: Incoming): Buffer | null {
  const properties = 'properties' in message ? message.properties : undefined;
  if (properties === undefined) return null;
  return Buffer.from(propertiesText(properties));
}

/** As `propertiesBytes`, as text: the form of exports, too. */
export function propertiesText(properties: unknown): string {
  return JSON.stringify(properties, (_key, value: unknown) =>
    value instanceof Uint8Array
      ? { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
      : value,
  );
}

/** What `propertiesBytes` wrote, as a part of a message: nothing, or `properties`. */
export function readPropertiesBytes(bytes: Buffer): { readonly properties?: NonNullable<Incoming['properties']> } {
  if (bytes.byteLength === 0) return {};
  const properties = JSON.parse(bytes.toString(), (_key, value: unknown) =>
    isBytes(value) ? new Uint8Array(Buffer.from(value.base64, 'base64')) : value,
  ) as NonNullable<Incoming['properties']>;
  return { properties };
}

function isBytes(value: unknown): value is { base64: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { base64?: unknown }).base64 === 'string'
  );
}
