import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { resolveLanguage } from '../../shared/model/settings.ts';
import type { StartSnapshot } from './start-snapshot.ts';

export const appScheme = 'app';
export const appOrigin = 'app://fieldkey';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Must run before app 'ready'. codeCache: V8 keeps compiled code of our pages, as it does for https. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } }]);
}

/** Everything a page of ours may load or do; each load gets a nonce of its own for the styles that Mantine writes. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the built renderer under app://fieldkey/ and nothing outside of its folder. `remembered`: what is known for the
 * first paint when a page is asked for.
 */
export function serveApp(session: Session, folder: string, remembered: () => Promise<StartSnapshot | null>): void {
  const root = resolve(folder);
  session.protocol.handle(appScheme, async (request) => {
    const url = new URL(request.url);
    // not url.origin: for schemes that Node does not know it is the word 'null'
    if (request.method !== 'GET' || `${url.protocol}//${url.host}` !== appOrigin) return new Response(null, { status: 405 });
    const path = resolveInside(root, url.pathname);
    if (!path) return new Response(null, { status: 404 });
    try {
      const body = await readFile(path);
      const headers = new Headers({
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      });
      if (extname(path) !== '.html') return new Response(new Uint8Array(body), { headers });
      const nonce = randomBytes(16).toString('base64');
      headers.set('content-security-policy', contentSecurityPolicy(nonce));
      headers.set('cache-control', 'no-store');
      return new Response(fillPage(body.toString('utf8'), nonce, await remembered()), { headers });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}

/**
 * Writes into index.html what belongs to this load: the nonce, the snapshot of the first paint as JSON (nothing when it is
 * not known), and of the languages' words only those that it needs are fetched ahead.
 */
export function fillPage(html: string, nonce: string, start: StartSnapshot | null): string {
  const language = start && resolveLanguage(start.settings.language, start.systemLanguage);
  const json = start === null ? '' : JSON.stringify(start);
  const attribute = json.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return (
    html
      .replaceAll(/[ \t]*<link [^>]*data-language="(\w+)"[^>]*>\r?\n?/g, (link, of: string) => (of === language ? link : ''))
      .replaceAll('__CSP_NONCE__', nonce)
      // a function, because in a text `$&` would have a meaning
      .replace('__START__', () => attribute)
  );
}

/** file:// is never served, whoever asks: a request that main itself makes does not pass the session's request filter. */
export function refuseFiles(session: Session): void {
  session.protocol.handle('file', () => new Response(null, { status: 403 }));
}

/** The file that a URL path means, or null when it is not below the root (compared with the separator: /rootx is not in /root). */
export function resolveInside(root: string, urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const path = resolve(join(root, decoded === '/' ? 'index.html' : decoded));
  return path.startsWith(root + sep) ? path : null;
}
