/** What is looked for in topics and payloads. */
export interface Query {
  readonly text: string;
  readonly matchCase: boolean;
  /** `text` is a regular expression (ECMAScript, flag u). */
  readonly regex: boolean;
}

/** Bytes of a payload that are looked into. */
export const bytesSearched = 1_048_576;
/** Characters of a match that are told, for marking it. */
const hitTold = 100;

export type Match = (topic: string, payload: Uint8Array) => string | null;

/** Why a regular expression is none; null when it is one. */
export function queryProblem({ text, regex }: Query): string | null {
  if (!regex) return null;
  try {
    new RegExp(text, 'u');
    return null;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Looks through messages: gives the text that was found, at most 100 characters of it, or null. Payloads are read as UTF-8. */
export function matcherOf({ text, matchCase, regex }: Query): Match {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const find = regex ? byPattern(new RegExp(text, matchCase ? 'u' : 'iu')) : byText(text, matchCase);
  return (topic, payload) => find(topic) ?? find(decoder.decode(payload.subarray(0, bytesSearched)));
}

function byPattern(pattern: RegExp): (text: string) => string | null {
  // what matches nothing at all, like x*, would find every message
  return (text) => pattern.exec(text)?.[0].slice(0, hitTold) || null;
}

function byText(wanted: string, matchCase: boolean): (text: string) => string | null {
  if (matchCase) return (text) => (text.includes(wanted) ? wanted.slice(0, hitTold) : null);
  const folded = wanted.toLowerCase();
  return (text) => (text.toLowerCase().includes(folded) ? wanted.slice(0, hitTold) : null);
}
