import { sep } from 'node:path';
import { expect, it, vi } from 'vitest';
import { settingsSchema } from '../../shared/contract/settings.ts';

// the module also registers the scheme; only its pure part is looked at here
vi.mock('electron', () => ({ protocol: {} }));
const { contentSecurityPolicy, fillPage, resolveInside } = await import('./protocol.ts');

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

const page = `<meta nonce="__CSP_NONCE__" />
<meta name="start" content="__START__" />
<link rel="modulepreload" data-language="en" href="./en.js">
<link rel="modulepreload" data-language="de" href="./de.js">
`;

it('writes the snapshot into the page so that no file name can leave its attribute', () => {
  const file = `/a/"><script>alert(1)</script>&amp;'$&__CSP_NONCE__.fieldkey`;
  const start = {
    vault: { state: 'locked', file, lastOperator: '$1', keychain: false },
    settings: settingsSchema.parse({ language: 'de' }),
    systemLanguage: 'en-GB',
    systemUser: "o'neill",
    platform: 'linux',
    version: '1.0.0',
  } as const;
  const html = fillPage(page, 'abc', start);
  const attribute = /name="start" content="([^"]*)"/.exec(html)?.[1] ?? '';
  expect(attribute).not.toMatch(/[<>"']/);
  const text = attribute.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
  expect(JSON.parse(text)).toEqual(start);
  expect(html).toContain('nonce="abc"');
});

it('fetches ahead the words of the language in use, and none where it is not known', () => {
  const settings = settingsSchema.parse({});
  const vault = { state: 'none', file: '/v' } as const;
  const html = fillPage(page, 'abc', {
    vault,
    settings,
    systemLanguage: 'de-AT',
    systemUser: '',
    platform: 'linux',
    version: '1',
  });
  expect(html).toContain('href="./de.js"');
  expect(html).not.toContain('./en.js');
  const unknown = fillPage(page, 'abc', null);
  expect(unknown).not.toContain('modulepreload');
  expect(unknown).toContain('name="start" content=""');
});
