import { Message } from './protobuf.ts';
import {
  Bounds,
  byteString,
  float,
  left,
  Malformed,
  mostValues,
  quoted,
  type Reading,
  type Value,
  whole,
  word,
} from './value.ts';

/** Sparkplug 3.0 §6.4.16, by number. */
const types = [
  ...['Unknown', 'Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'Float', 'Double', 'Boolean'],
  ...['String', 'DateTime', 'Text', 'UUID', 'DataSet', 'Bytes', 'File', 'Template', 'PropertySet', 'PropertySetList'],
  ...['Int8Array', 'Int16Array', 'Int32Array', 'Int64Array', 'UInt8Array', 'UInt16Array', 'UInt32Array', 'UInt64Array'],
  ...['FloatArray', 'DoubleArray', 'BooleanArray', 'StringArray', 'DateTimeArray'],
];
const signedBits: Readonly<{ [type: number]: number }> = { 1: 8, 2: 16, 3: 32, 4: 64 };
const dateTime = 13;

type Entries = [string, Value][];

/** True for topics of Sparkplug B whose payloads are of its Protocol Buffers form; STATE is JSON (Sparkplug 3.0 §4, §6.4). */
export function isSparkplugTopic(topic: string): boolean {
  return /^spBv1\.0\/[^/]+\/[ND](BIRTH|DEATH|DATA|CMD)(\/|$)/.test(topic);
}

/** A payload of Sparkplug B, metrics by their names; `nameOf` knows those of aliases. Throws `Malformed`. */
export function readSparkplug(bytes: Uint8Array, nameOf?: (alias: bigint) => string | undefined): Reading {
  const reader = new Reader(new Bounds(), nameOf);
  const value = reader.payload(bytes);
  return { value, cut: reader.bounds.cut };
}

/** The aliases that a birth certificate gives, with their names. Throws `Malformed`. */
export function sparkplugNames(bytes: Uint8Array): Map<bigint, string> {
  const names = new Map<bigint, string>();
  for (const { bytes: each } of new Message(bytes, mostValues * 2).all(2, 2)) {
    const metric = new Message(each, mostValues);
    const [name, alias] = [metric.text(1), metric.integer(2)];
    if (name !== undefined && alias !== undefined) names.set(alias, name);
  }
  return names;
}

class Reader {
  readonly bounds: Bounds;
  readonly #nameOf: ((alias: bigint) => string | undefined) | undefined;

  constructor(bounds: Bounds, nameOf: ((alias: bigint) => string | undefined) | undefined) {
    this.bounds = bounds;
    this.#nameOf = nameOf;
  }

  payload(bytes: Uint8Array): Value {
    const message = this.#open(bytes);
    const entries: Entries = [];
    const timestamp = message.integer(1);
    const seq = message.integer(3);
    const uuid = message.text(4);
    const body = message.bytes(5);
    if (timestamp !== undefined) entries.push(['timestamp', instant(timestamp)]);
    if (seq !== undefined) entries.push(['seq', whole(seq)]);
    if (uuid !== undefined) entries.push(['uuid', quoted(uuid)]);
    if (message.has(2)) entries.push(['metrics', this.#metrics(message, 2, 1)]);
    if (body !== undefined) entries.push(['body', byteString(body)]);
    return this.#closed(entries, message, 5);
  }

  #open(bytes: Uint8Array): Message {
    const message = new Message(bytes, mostValues);
    if (message.count === mostValues) this.bounds.cut ??= 'values';
    return message;
  }

  /** A metric's name is its key; one that only has the alias of its birth certificate goes by that. */
  #metrics(message: Message, field: number, depth: number): Value {
    const entries: Entries = [];
    for (const { bytes } of message.all(field, 2)) {
      if (!this.bounds.take(depth)) break;
      const metric = this.#open(bytes);
      const alias = metric.integer(2);
      const own = metric.text(1);
      const name = own ?? (alias === undefined ? undefined : this.#nameOf?.(alias));
      const key = name !== undefined ? JSON.stringify(name) : alias !== undefined ? `alias ${alias}` : '?';
      entries.push([key, this.#metric(metric, own === undefined && name === undefined ? undefined : alias, depth + 1)]);
    }
    return { kind: 'record', entries };
  }

  #metric(metric: Message, alias: bigint | undefined, depth: number): Value {
    const type = Number(metric.integer(4) ?? 0n);
    const entries: Entries = [['value', metric.integer(7) ? word('null') : this.#value(metric, 10, type, depth)]];
    if (type !== 0) entries.push(['type', word(types[type] ?? String(type))]);
    if (alias !== undefined) entries.push(['alias', whole(alias)]);
    const timestamp = metric.integer(3);
    if (timestamp !== undefined) entries.push(['timestamp', instant(timestamp)]);
    if (metric.integer(5)) entries.push(['is_historical', word('true')]);
    if (metric.integer(6)) entries.push(['is_transient', word('true')]);
    const metadata = metric.bytes(8);
    if (metadata) entries.push(['metadata', this.#metadata(metadata)]);
    const properties = metric.bytes(9);
    if (properties) entries.push(['properties', this.#properties(properties, depth + 1)]);
    return this.#closed(entries, metric, 19);
  }

  /** The oneof "value", whose first field is `first`; what follows the text differs from message to message. */
  #value(message: Message, first: number, type: number, depth: number): Value {
    if (!this.bounds.take(depth)) return left;
    const integer = message.integer(first) ?? message.integer(first + 1);
    if (integer !== undefined) return integerOf(integer, type);
    const single = message.float(first + 2);
    if (single !== undefined) return float(single, 32);
    const double = message.double(first + 3);
    if (double !== undefined) return float(double, 64);
    const boolean = message.integer(first + 4);
    if (boolean !== undefined) return word(boolean ? 'true' : 'false');
    const text = message.text(first + 5);
    if (text !== undefined) return quoted(text);
    const rest = [6, 7, 8].map((step) => (first === 1 ? undefined : message.bytes(first + step)));
    if (first === 10) {
      if (rest[0]) return byteString(rest[0]);
      if (rest[1]) return this.#dataSet(rest[1], depth + 1);
      if (rest[2]) return this.#template(rest[2], depth + 1);
    } else {
      if (rest[0]) return this.#properties(rest[0], depth + 1);
      if (rest[1]) {
        const sets = this.#open(rest[1]).all(1, 2);
        return { kind: 'list', items: sets.map(({ bytes }) => this.#properties(bytes, depth + 1)) };
      }
    }
    return word('null');
  }

  #metadata(bytes: Uint8Array): Value {
    const message = this.#open(bytes);
    const entries: Entries = [];
    const multiPart = message.integer(1);
    if (multiPart !== undefined) entries.push(['is_multi_part', word(multiPart ? 'true' : 'false')]);
    const names = ['', '', 'content_type', 'size', 'seq', 'file_name', 'file_type', 'md5', 'description'];
    for (let number = 2; number <= 8; number++) {
      const value = number === 3 || number === 4 ? message.integer(number) : message.text(number);
      if (value !== undefined) entries.push([names[number] ?? '', typeof value === 'string' ? quoted(value) : whole(value)]);
    }
    return this.#closed(entries, message, 8);
  }

  #properties(bytes: Uint8Array, depth: number): Value {
    if (!this.bounds.take(depth)) return left;
    const set = this.#open(bytes);
    const keys = set.texts(1);
    const values = set.all(2, 2);
    if (keys.length !== values.length) throw new Malformed();
    const entries: Entries = [];
    for (const [index, { bytes: each }] of values.entries()) {
      if (this.bounds.cut !== null) break;
      const value = this.#open(each);
      const shown = value.integer(2) ? word('null') : this.#value(value, 3, Number(value.integer(1) ?? 0n), depth + 1);
      entries.push([JSON.stringify(keys[index]), shown]);
    }
    return this.#closed(entries, set, 2);
  }

  #dataSet(bytes: Uint8Array, depth: number): Value {
    const set = this.#open(bytes);
    const columns = set.texts(2);
    const kinds = set.integers(3).map(Number);
    const items: Value[] = [];
    for (const row of set.all(4, 2)) {
      if (!this.bounds.take(depth)) break;
      const elements = this.#open(row.bytes).all(1, 2);
      const entries = elements.map(({ bytes: element }, index): [string, Value] => {
        const value = this.bounds.cut === null ? this.#value(this.#open(element), 1, kinds[index] ?? 0, depth + 1) : left;
        return [JSON.stringify(columns[index] ?? String(index)), value];
      });
      items.push({ kind: 'record', entries });
    }
    return { kind: 'list', items };
  }

  #template(bytes: Uint8Array, depth: number): Value {
    if (!this.bounds.take(depth)) return left;
    const template = this.#open(bytes);
    const entries: Entries = [];
    const version = template.text(1);
    const reference = template.text(4);
    const definition = template.integer(5);
    if (version !== undefined) entries.push(['version', quoted(version)]);
    if (reference !== undefined) entries.push(['template_ref', quoted(reference)]);
    if (definition !== undefined) entries.push(['is_definition', word(definition ? 'true' : 'false')]);
    if (template.has(2)) entries.push(['metrics', this.#metrics(template, 2, depth + 1)]);
    const parameters: Entries = [];
    for (const { bytes: each } of template.all(3, 2)) {
      if (this.bounds.cut !== null) break;
      const parameter = this.#open(each);
      const name = JSON.stringify(parameter.text(1) ?? '');
      // here the extension follows the text at once: nothing with a length may be read as a set of properties
      const value = parameter.has(9) ? word('null') : this.#value(parameter, 3, Number(parameter.integer(2) ?? 0n), depth + 1);
      parameters.push([name, value]);
    }
    if (parameters.length > 0) entries.push(['parameters', { kind: 'record', entries: parameters }]);
    return this.#closed(entries, template, 5);
  }

  /** Fields of later editions and of vendors are shown by their number: nothing that was sent is hidden. */
  #closed(entries: Entries, message: Message, known: number): Value {
    for (const { number, wire, varint, bytes } of message.others(known))
      entries.push([`field ${number}`, wire === 0 ? whole(varint) : byteString(bytes)]);
    return { kind: 'record', entries };
  }
}

/** Sparkplug 3.0 §6.4.16: signed numbers lie in the unsigned fields as two's complement. */
function integerOf(value: bigint, type: number): Value {
  if (type === dateTime) return instant(value);
  const bits = signedBits[type];
  return whole(bits === undefined ? value : BigInt.asIntN(bits, value));
}

/** ms since 1970; a number that is no time stays one. */
function instant(value: bigint): Value {
  const date = new Date(Number(value));
  return value > 8_640_000_000_000_000n ? whole(value) : word(`${value} (${date.toISOString()})`);
}
