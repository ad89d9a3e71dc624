import type { Session } from '../bridge/session.ts';

/** What main wrote into the page; null when it knew nothing, and on the development server, which fills in nothing. */
export function startOfPage(): Session | null {
  const json = document.querySelector<HTMLMetaElement>('meta[name="start"]')?.content ?? '';
  return json.startsWith('{') ? (JSON.parse(json) as Session) : null;
}
