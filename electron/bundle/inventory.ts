import type { InventoryFormat } from '../../shared/model/inventory.ts';

/** A text that Ansible must take as it is, whatever braces it has, or that it decrypts. */
type Text = string | { readonly vault: string };
type Value = string | number | boolean | null | Text | readonly Value[] | { readonly [key: string]: Value };
type Values = { readonly [key: string]: Value };

export interface InventoryDevice {
  readonly id: string;
  readonly role: string;
  readonly clientId: string;
  /** Under which name the broker knows it. */
  readonly user: string;
  /** In the clear, or what ansible-vault made of it; undefined = left out, or there is none. */
  readonly password?: Text | undefined;
  readonly writeTopics: readonly string[];
  readonly readTopics: readonly string[];
  /** Folder of its bundle in the export. */
  readonly files: { readonly ca: string; readonly certificate: string | null; readonly key: string | null } | null;
  readonly serial: string | null;
  /** ms since 1970. */
  readonly notAfter: number | null;
  /** Whose certificate it uses, if that is not its own. */
  readonly certificateOf: string | null;
}

export interface Inventory {
  readonly project: string;
  readonly broker: {
    readonly host: string;
    readonly port: number;
    readonly url: string;
    readonly software: string;
    readonly identity: string;
    readonly names: readonly string[];
    readonly addresses: readonly string[];
  };
  readonly devices: readonly InventoryDevice[];
}

/** The inventory as the text of a file. @see https://docs.ansible.com/ansible/latest/inventory_guide/ */
export function inventoryText(inventory: Inventory, format: InventoryFormat): string {
  if (format === 'terraform') return `${JSON.stringify(terraform(inventory), null, 2)}\n`;
  const tree = ansible(inventory);
  if (format === 'ansible-json') return `${JSON.stringify(asJson(tree), null, 2)}\n`;
  return `# Written by Fieldkey for the project ${inventory.project}. fieldkey_folder is where its export lies.\n${yaml(tree, 0)}`;
}

function ansible({ project, broker, devices }: Inventory): Values {
  const roles = [...new Set(devices.map(({ role }) => role))].sort();
  return {
    all: {
      vars: {
        fieldkey_project: project,
        // lazily: whoever has the export elsewhere sets it in group_vars
        fieldkey_folder: `{{ inventory_dir }}/${project}`,
        mqtt_host: broker.host,
        mqtt_port: broker.port,
        mqtt_url: broker.url,
        mqtt_identity: broker.identity,
      },
      children: {
        mqtt_broker: {
          hosts: {
            [broker.host]: {
              mqtt_software: broker.software,
              mqtt_names: broker.names,
              mqtt_addresses: broker.addresses,
              mqtt_kit: '{{ fieldkey_folder }}/broker',
            },
          },
        },
        mqtt_devices: {
          children: Object.fromEntries(
            roles.map((role) => [
              groupOf(role),
              {
                hosts: Object.fromEntries(
                  devices.filter((device) => device.role === role).map((device) => [device.id, hostVars(device)]),
                ),
              },
            ]),
          ),
        },
      },
    },
  };
}

/** Letters, digits and underscores: everything else makes Ansible warn about the name of a group. */
function groupOf(role: string): string {
  return `mqtt_role_${role.replace(/[^A-Za-z0-9_]/g, '_')}`;
}

function hostVars(device: InventoryDevice): Values {
  const { files } = device;
  const inFolder = (path: string) => `{{ fieldkey_folder }}/${path}`;
  return {
    mqtt_role: plain(device.role),
    mqtt_client_id: device.clientId,
    mqtt_username: device.user,
    ...(device.password === undefined ? {} : { mqtt_password: secretText(device.password) }),
    mqtt_write_topics: device.writeTopics.map(plain),
    mqtt_read_topics: device.readTopics.map(plain),
    ...(files === null
      ? {}
      : {
          mqtt_ca_file: inFolder(files.ca),
          ...(files.certificate === null ? {} : { mqtt_certificate_file: inFolder(files.certificate) }),
          ...(files.key === null ? {} : { mqtt_key_file: inFolder(files.key) }),
        }),
    ...certificateVars(device, 'mqtt_certificate_'),
  };
}

function certificateVars(device: InventoryDevice, prefix: string): Values {
  return {
    ...(device.serial === null ? {} : { [`${prefix}serial`]: device.serial }),
    ...(device.notAfter === null ? {} : { [`${prefix}not_after`]: new Date(device.notAfter).toISOString() }),
    ...(device.certificateOf === null ? {} : { [`${prefix}of`]: device.certificateOf }),
  };
}

/** Variables `mqtt_project`, `mqtt_broker` and `mqtt_devices` (a map by id). In this file `${` means nothing to Terraform. */
function terraform({ project, broker, devices }: Inventory): Values {
  return {
    mqtt_project: project,
    mqtt_broker: { ...broker },
    mqtt_devices: Object.fromEntries(
      devices.map((device) => [
        device.id,
        {
          role: device.role,
          client_id: device.clientId,
          username: device.user,
          ...(typeof device.password === 'string' ? { password: device.password } : {}),
          write_topics: device.writeTopics,
          read_topics: device.readTopics,
          ca_file: device.files?.ca ?? null,
          certificate_file: device.files?.certificate ?? null,
          key_file: device.files?.key ?? null,
          certificate_serial: device.serial,
          certificate_not_after: device.notAfter === null ? null : new Date(device.notAfter).toISOString(),
          certificate_of: device.certificateOf,
        },
      ]),
    ),
  };
}

const unsafe = Symbol('unsafe');
type Unsafe = { readonly [unsafe]: string };

/** Braces of somebody else's text are no template of Ansible's. */
function plain(text: string): Value {
  return /\{[{%#]/.test(text) ? ({ [unsafe]: text } as unknown as Value) : text;
}

function secretText(text: Text): Value {
  return typeof text === 'string' ? plain(text) : text;
}

function unsafeText(value: Value): string | undefined {
  return typeof value === 'object' && value !== null && unsafe in value ? (value as unknown as Unsafe)[unsafe] : undefined;
}

function isVault(value: Value): value is { readonly vault: string } {
  return typeof value === 'object' && value !== null && typeof (value as { vault?: unknown }).vault === 'string';
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function asJson(value: Value): unknown {
  const braces = unsafeText(value);
  if (braces !== undefined) return { __ansible_unsafe: braces };
  if (isVault(value)) return { __ansible_vault: value.vault };
  if (isList(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asJson(each)]));
}

/** Block style. Every text is quoted as JSON, which YAML is a superset of, so that no text is ever a number, a date or `no`. */
function yaml(values: Values, depth: number): string {
  const indent = '  '.repeat(depth);
  return Object.entries(values)
    .map(([key, value]) => {
      const name = `${indent}${/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key)}:`;
      const braces = unsafeText(value);
      if (braces !== undefined) return `${name} !unsafe ${quoted(braces)}\n`;
      if (isVault(value)) return `${name} !vault |\n${lines(value.vault, `${indent}  `)}`;
      if (isList(value)) {
        if (value.length === 0) return `${name} []\n`;
        return `${name}\n${value.map((each) => `${indent}  - ${scalar(each)}\n`).join('')}`;
      }
      if (typeof value !== 'object' || value === null) return `${name} ${scalar(value)}\n`;
      return Object.keys(value).length === 0 ? `${name} {}\n` : `${name}\n${yaml(value as Values, depth + 1)}`;
    })
    .join('');
}

function scalar(value: Value): string {
  const braces = unsafeText(value);
  if (braces !== undefined) return `!unsafe ${quoted(braces)}`;
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

/** YAML 1.1 breaks lines at three characters that JSON leaves alone. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0085\u2028\u2029]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function lines(text: string, indent: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}\n`)
    .join('');
}
