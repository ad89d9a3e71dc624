/**
 * A place in JSON: a singular query of RFC 9535 (§2.3.5.1), `$.meter.values[0]['unit']`. Gives the steps, null for anything else.
 */
export function parseJsonPath(path: string): readonly (string | number)[] | null {
  if (!path.startsWith('$')) return null;
  const step =
    /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|\[(-?(?:0|[1-9]\d{0,8}))\]|\[("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]/y;
  const steps: (string | number)[] = [];
  step.lastIndex = 1;
  for (let at = 1; at < path.length; at = step.lastIndex) {
    step.lastIndex = at;
    const found = step.exec(path);
    if (!found) return null;
    const [, name, index, quoted] = found;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else {
      const text = unquoted(quoted ?? '');
      if (text === null) return null;
      steps.push(text);
    }
  }
  return steps;
}

/** Of a text in single quotes those are escaped, in double quotes it is JSON (RFC 9535 §2.3.1.1). */
function unquoted(quoted: string): string | null {
  const inner = quoted.slice(1, -1);
  const json = quoted.startsWith("'") ? inner.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"') : inner;
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    return null;
  }
}

/** The value at a place; `found` false = there is none. A negative index counts from the end. */
export function valueAt(
  value: unknown,
  steps: readonly (string | number)[],
): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  let here: unknown = value;
  for (const step of steps) {
    if (typeof step === 'number') {
      if (!Array.isArray(here)) return { found: false };
      const index = step < 0 ? here.length + step : step;
      if (index < 0 || index >= here.length) return { found: false };
      here = here[index];
    } else {
      if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, step)) return { found: false };
      here = (here as Record<string, unknown>)[step];
    }
  }
  return { found: true, value: here };
}
