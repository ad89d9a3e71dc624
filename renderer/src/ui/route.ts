import { useSyncExternalStore } from 'react';

export const pages = [
  'overview',
  'devices',
  'due',
  'broker',
  'broker-log',
  'test',
  'authority',
  'checklist',
  'audit',
  'settings',
] as const;
/** Pages that something leads to, but no line of the navigation. */
export const flows = [
  'new-project',
  'export',
  'requests',
  'backup',
  'import',
  'check-files',
  'doctor',
  'checks',
  'load',
  'recordings',
] as const;
/** The parts of testing a broker, as the row below their heading shows them. */
export const testerPages = ['test', 'doctor', 'checks', 'load', 'recordings'] as const satisfies readonly (
  | (typeof pages)[number]
  | (typeof flows)[number]
)[];
export type NavPage = (typeof pages)[number];
export type Page = NavPage | (typeof flows)[number];

export interface Route {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
}

/** `#/devices?state=due`. Anything else is the overview: an old link must not end on a blank page. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const page = [...pages, ...flows].find((name) => name === path) ?? 'overview';
  return { page, params: Object.fromEntries(new URLSearchParams(query)) };
}

export function hrefOf(page: Page, params: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  const query = new URLSearchParams(given).toString();
  return `#/${page}${query && `?${query}`}`;
}

/**
 * The fragment is the route: it works with the app:// protocol without main knowing any page, main's ban on navigation
 * does not concern it, and Alt-Left goes back.
 */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  return parseRoute(hash);
}

/** Same page, other parameters: no new step in the history. */
export function replaceRoute(page: Page, params: Readonly<Record<string, string | undefined>>): void {
  window.history.replaceState(null, '', hrefOf(page, params));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
