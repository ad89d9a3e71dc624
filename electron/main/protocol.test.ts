import { sep } from 'node:path';
import { expect, it, vi } from 'vitest';

// the module also registers the scheme; only its pure part is looked at here
vi.mock('electron', () => ({ protocol: {} }));
const { contentSecurityPolicy, resolveInside } = await import('./protocol.ts');

const root = `${sep}app${sep}renderer`;

it('finds files below the root', () => {
  expect(resolveInside(root, '/')).toBe(`${root}${sep}index.html`);
  expect(resolveInside(root, '/assets/a%20b.js')).toBe(`${root}${sep}assets${sep}a b.js`);
});

it.each([
  '/../main/index.js',
  '/..%2fmain%2findex.js',
  '/..%2frenderer-other/x.js',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..',
  '/%00',
  '/%',
  '/..%5cmain',
])('gives nothing outside of it: %s', (path) => {
  expect(resolveInside(root, path)).toBeNull();
});

it('allows no inline script, no eval and no connection', () => {
  const policy = contentSecurityPolicy('abc');
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain("connect-src 'none'");
});
