import type { CheckComparison, CheckMatch } from '../../../shared/model/check.ts';
import { parseJsonPath, valueAt } from '../../../shared/rules/json-path.ts';
import { hexBytes } from '../../../shared/rules/payload-form.ts';

/** Whether a payload is what is expected. Variables are filled in by now; `published`: the bytes that were sent. */
export function payloadMatches(payload: Uint8Array, match: CheckMatch, published: Uint8Array): boolean {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  switch (match.kind) {
    case 'any':
      return true;
    case 'same':
      return bytes.equals(published);
    case 'text':
      return bytes.equals(Buffer.from(match.text));
    case 'contains':
      return bytes.includes(match.text);
    case 'bytes': {
      const expected = hexBytes(match.text);
      return 'bytes' in expected && bytes.equals(expected.bytes);
    }
    case 'json': {
      const expected = jsonOf(match.text);
      const came = jsonOf(bytes.toString());
      return expected !== undefined && came !== undefined && contains(came.value, expected.value);
    }
    case 'path': {
      const came = jsonOf(bytes.toString());
      const steps = parseJsonPath(match.path);
      if (came === undefined || steps === null) return false;
      const place = valueAt(came.value, steps);
      return place.found && compares(place.value, match.compare, jsonOf(match.value)?.value ?? textOrNull(match.value));
    }
  }
}

/** Undefined for what is not JSON; in an object, since null is JSON. */
function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** What is not JSON is a text. */
function textOrNull(written: string): string | null {
  return written.trim() === 'null' ? null : written;
}

/** Every member that is expected is there; members that are not named may be there too. Lists are equal as a whole. */
function contains(came: unknown, expected: unknown): boolean {
  if (!isObject(expected)) return equal(came, expected);
  if (!isObject(came)) return false;
  return Object.entries(expected).every(([name, value]) => Object.hasOwn(came, name) && contains(came[name], value));
}

function equal(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((each, at) => equal(each, other[at]))
    );
  if (isObject(one) && isObject(other))
    return Object.keys(one).length === Object.keys(other).length && contains(one, other) && contains(other, one);
  return one === other;
}

function compares(came: unknown, comparison: CheckComparison, expected: unknown): boolean {
  switch (comparison) {
    case 'exists':
      return true;
    case 'equal':
      return equal(came, expected);
    case 'different':
      return !equal(came, expected);
    default: {
      const alike = typeof came === typeof expected && (typeof came === 'number' || typeof came === 'string');
      return alike && ordered(came as number, comparison, expected as number);
    }
  }
}

function ordered(came: number, comparison: 'below' | 'at-most' | 'above' | 'at-least', expected: number): boolean {
  switch (comparison) {
    case 'below':
      return came < expected;
    case 'at-most':
      return came <= expected;
    case 'above':
      return came > expected;
    case 'at-least':
      return came >= expected;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
