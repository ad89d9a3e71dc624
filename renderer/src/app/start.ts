import type { Session } from '../bridge/session.ts';

/** What main wrote into the page; null when it knew nothing, and on the development server, which fills in nothing. */
export function startOfPage(): Session | null {
  const json = document.querySelector<HTMLMetaElement>('meta[name="start"]')?.content ?? '';
  return json.startsWith('{') ? (JSON.parse(json) as Session) : null;
}

/**
 * Runs what the first page does not need, half a second after it was drawn: until then both processors of a small laptop
 * draw it, and nobody has found the field yet. Gives back what calls it off.
 */
export function onceDrawn(task: () => void): () => void {
  const timer = setTimeout(task, 500);
  return () => clearTimeout(timer);
}
