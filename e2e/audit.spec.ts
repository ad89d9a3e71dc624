import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, root, test } from './fixtures/app.ts';
import { cli, provisionSample } from './fixtures/cli.ts';
import { judge, looks, narrow, wear } from './fixtures/looks.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/audit');

/** The system's dialog answers this place. */
const saveTo = (app: ElectronApplication, file: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
  }, file);

async function openAudit(page: Page): Promise<void> {
  await vaultPage(page).unlock();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#/audit';
  });
  await expect(page.getByRole('grid')).toBeVisible();
}

/** The objects of a PDF by their number, streams inflated. */
function objectsOfPdf(file: string): Map<number, { head: string; stream: string }> {
  const bytes = readFileSync(file);
  const raw = bytes.toString('latin1');
  const objects = new Map<number, { head: string; stream: string }>();
  for (const match of raw.matchAll(/(\d+) 0 obj\b([\s\S]*?)endobj/g)) {
    const body = match[2] ?? '';
    const begin = body.search(/stream\r?\n/);
    if (begin < 0) {
      objects.set(Number(match[1]), { head: body, stream: '' });
      continue;
    }
    const head = body.slice(0, begin);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const from = begin + (/stream\r?\n/.exec(body)?.[0].length ?? 0);
    const data = Buffer.from(body.slice(from, from + length), 'latin1');
    const inflated = head.includes('FlateDecode') ? inflateSync(data).toString('latin1') : data.toString('latin1');
    objects.set(Number(match[1]), { head, stream: inflated });
  }
  return objects;
}

/** The text that a PDF of Chromium shows, through its fonts' ToUnicode maps; without a program that not everybody has. */
function textOfPdf(file: string): string {
  const objects = objectsOfPdf(file);
  const maps = new Map<number, Map<string, string>>();
  for (const [id, { head }] of objects) {
    const to = /\/ToUnicode (\d+) 0 R/.exec(head)?.[1];
    const cmap = to === undefined ? undefined : objects.get(Number(to))?.stream;
    if (cmap === undefined) continue;
    const map = new Map<string, string>();
    const char = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le');
    for (const part of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
      for (const [, from, out] of (part[1] ?? '').matchAll(/<(\w+)>\s*<(\w+)>/g))
        map.set((from ?? '').toUpperCase(), char(out ?? ''));
    }
    for (const part of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
      for (const [, from, end, out] of (part[1] ?? '').matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
        const [first, last, target] = [from, end, out].map((hex) => Number.parseInt(hex ?? '0', 16)) as [number, number, number];
        for (let code = first; code <= last; code++) {
          map.set(code.toString(16).toUpperCase().padStart(4, '0'), String.fromCharCode(target + code - first));
        }
      }
    }
    maps.set(id, map);
  }
  let text = '';
  for (const { head } of [...objects.values()]) {
    if (!/\/Type\s*\/Page\b/.test(head)) continue;
    const fonts = new Map<string, Map<string, string>>();
    for (const [, name, id] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) fonts.set(name ?? '', maps.get(Number(id)) ?? new Map());
    const content = /\/Contents (\d+) 0 R/.exec(head)?.[1];
    let font = new Map<string, string>();
    for (const token of (objects.get(Number(content))?.stream ?? '').matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\bET\b/g)) {
      if (token[1]) font = fonts.get(token[1]) ?? font;
      else if (token[2]) text += (token[2].toUpperCase().match(/.{4}/g) ?? []).map((code) => font.get(code) ?? '').join('');
      else text += ' ';
    }
    text += '\f';
  }
  return text;
}

test('every state of the page of the record, in every look', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  const { vault } = await provisionSample(scratch);
  const running = await start({ vault });
  const { page } = running;
  const look = (name: string) => judge(running, name, 'audit');
  await openAudit(page);
  const main = page.getByRole('main');
  await look('page');
  await main.locator('section button').first().click();
  await expect(main.locator('section[data-tone=sound]')).toBeVisible();
  await main.locator('summary').first().click();
  await look('sound');
  await main.locator('summary').last().click();
  await main.locator('select').first().selectOption('custom');
  await look('custom');
  await main.locator('select').first().selectOption('all');
  const search = main.locator('input[maxlength="200"]');
  await search.fill('meter-001');
  // the last search is over when only these are left: added, issued
  await expect(main.getByRole('grid')).toHaveAttribute('aria-rowcount', '3');
  await look('found');
  await main.getByRole('row').nth(1).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('entry');
  await page.keyboard.press('Escape');
  await search.fill('nobody-of-this-name');
  await expect(main.getByRole('grid')).toBeHidden();
  await look('nothing');
  await main.locator('button').last().click();
  await expect(main.getByRole('grid')).toBeVisible();
  await main.locator('header button').last().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('report');
});

test('what is found by filters and by keyboard, saved, and printed', async ({ start, scratch }) => {
  const { vault } = await provisionSample(scratch);
  const { app, page } = await start({ vault });
  await openAudit(page);
  const grid = page.getByRole('grid');
  const total = Number(await grid.getAttribute('aria-rowcount')) - 1;
  expect(total).toBeGreaterThan(15);

  await page.getByRole('button', { name: 'Exports', exact: true }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '3');
  await expect(grid.getByRole('row').nth(1)).toContainText('Exported to');
  await page.getByLabel('Who').selectOption('Ana');
  await expect(page.getByText('No entry matches').last()).toBeVisible();
  await page.getByRole('button', { name: 'Show all entries' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', String(total + 1));

  await grid.getByRole('row').nth(1).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText(`Entry ${total - 1}`);
  await page.keyboard.press('Escape');
  await expect(grid.getByRole('row').nth(2)).toBeFocused();

  const csv = path.join(scratch, 'record.csv');
  await saveTo(app, csv);
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  await expect(page.getByText(`${total} entries saved in ${csv}`)).toBeVisible();
  const lines = readFileSync(csv, 'utf8').trim().split('\r\n');
  expect(lines).toHaveLength(total + 2);

  await page.getByRole('button', { name: 'Check the record' }).click();
  await expect(page.getByText(`The record is sound: ${total} entries, unbroken.`)).toBeVisible();
  await page.getByText('Compare with an export or report').click();
  const printed = /"audit\.head","","([0-9a-f]{64})"/.exec(lines.at(-1) ?? '')?.[1] ?? '';
  await page.getByLabel('Checksum from there').fill(printed);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByText(`The record stood there after entry ${total}.`)).toBeVisible();
  await page.getByLabel('Checksum from there').fill('0'.repeat(64));
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByText('The record never stood there.')).toBeVisible();

  const pdf = path.join(scratch, 'report.pdf');
  await saveTo(app, pdf);
  await page.getByRole('button', { name: 'Report…' }).click();
  await page.getByRole('button', { name: 'Save as PDF' }).click();
  await expect(page.getByText(`Report saved in ${pdf}`)).toBeVisible({ timeout: 30_000 });
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  const text = textOfPdf(pdf).replaceAll(/\s+/g, ' ');
  expect(text.replaceAll(' ', '')).toContain(printed);
  expect(text).toContain('The record is sound');
  expect(text).toContain('lab Root CA');
  expect(text).toMatch(/Page 1 of \d/);
  const issued = lines.filter((line) => line.includes('"certificate.issue"')).length;
  expect(text).toContain(`Certificates issued (${issued})`);
  mkdirSync(pictures, { recursive: true });
  execFileSync('cp', [pdf, path.join(pictures, 'report.pdf')]);
  // the hidden page is gone, and nothing of its session stays
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('a vault that was edited outside is shown as what it is, on the page and in the report', async ({ start, scratch }) => {
  const { vault } = await provisionSample(scratch);
  // the file as somebody with another program would edit it
  const edit = "UPDATE audit SET operator = 'nobody' WHERE seq = 5; UPDATE device SET role = 'admin' WHERE id = 1;";
  execFileSync(
    process.execPath,
    [
      '-e',
      'const Database = require("better-sqlite3"); const db = new Database(process.argv[1]); db.exec(process.argv[2]); db.close();',
      vault,
      edit,
    ],
    { cwd: root },
  );
  const running = await start({ vault });
  const { app, page } = running;
  await openAudit(page);
  await expect(page.getByText('The vault is damaged')).toBeVisible();
  await page.getByRole('button', { name: 'Check the record' }).click();
  const check = page.locator('section[data-tone=broken]');
  await expect(check).toContainText('The record is not what Fieldkey wrote');
  await expect(check).toContainText(/Entry 5 of .* was changed, exchanged or inserted/);
  await expect(check).toContainText('Device 1 was changed outside Fieldkey');
  await expect(check).toContainText('Do not issue anything from this vault');
  await judge(running, 'broken', 'audit', [looks[0]]);
  const json = path.join(scratch, 'record.json');
  await saveTo(app, json);
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  await expect(page.getByText(/entries saved in/)).toBeVisible();
  const parsed = JSON.parse(readFileSync(json, 'utf8')) as { entries: { seq: number; operator: string }[] };
  expect(parsed.entries.find(({ seq }) => seq === 5)?.operator).toBe('nobody');
  const pdf = path.join(scratch, 'report.pdf');
  await saveTo(app, pdf);
  await page.getByRole('button', { name: 'Report…' }).click();
  await page.getByRole('button', { name: 'Save as PDF' }).click();
  await expect(page.getByText(`Report saved in ${pdf}`)).toBeVisible({ timeout: 30_000 });
  expect(textOfPdf(pdf).replaceAll(/\s+/g, ' ')).toContain('The record is NOT sound');
});

test('the command line lists, saves and proves the record', async ({ scratch }) => {
  const { vault } = await provisionSample(scratch);
  const listed = await cli('audit', '--vault', vault, '--device', 'meter-001');
  expect(listed).toMatch(/device meter-001 added/);
  expect(listed).toMatch(/certificate issued for meter-001 \(device\), serial [0-9a-f:]+/);
  const head = /stands at ([0-9a-f]{64}) after/.exec(listed)?.[1] ?? '';
  const file = path.join(scratch, 'a.csv');
  await cli('audit', '--vault', vault, '--csv', file);
  expect(existsSync(file)).toBe(true);
  expect(await cli('verify', '--vault', vault, '--head', head)).toContain('It stood at');
  await expect(cli('verify', '--vault', vault, '--head', 'a'.repeat(64))).rejects.toThrow(/never stood at/);
});

test('the checklist: evidence, a confirmation that stands in the record, the network sheet, and both on paper', async ({
  start,
  scratch,
}) => {
  const { vault } = await provisionSample(scratch);
  const running = await start({ vault });
  const { app, page } = running;
  const inGerman = { theme: 'dark', language: 'de', size: narrow } as const;
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Checklist', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: '1 point is red' })).toBeVisible();
  const point = (name: string) => page.getByRole('listitem', { name, exact: true });
  await expect(point('There is a backup that can be restored').getByText('This vault was never backed up.')).toBeVisible();
  await expect(point('The broker speaks TLS only').getByText('Never proved on the live broker.')).toBeVisible();
  await judge(running, 'checklist', 'audit', [looks[0], inGerman]);

  const hsm = point('Authority keys lie in hardware');
  await hsm.getByRole('button', { name: 'Confirm…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm: Authority keys lie in hardware' });
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
  await expect(dialog.getByText('Please write a few words.')).toBeVisible();
  await judge(running, 'checklist-confirm', 'audit', [looks[0]]);
  await dialog.getByLabel('What you looked at, and where').fill('Token 7 in the safe');
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
  await expect(hsm.getByText(/Confirmed by .*: Token 7 in the safe/)).toBeVisible();
  const file = path.join(scratch, 'checklist.pdf');
  await saveTo(app, file);
  await page.getByRole('button', { name: 'Save as PDF…' }).click();
  await expect(page.getByText(`Saved in ${file}`)).toBeVisible({ timeout: 30_000 });
  expect(textOfPdf(file).replace(/\s+/g, ' ')).toContain('Token 7 in the safe');

  await page.getByRole('button', { name: 'Network sheet' }).click();
  await expect(page.getByRole('img', { name: /OT: machines and meters: Connect to the broker: .*TCP port 8883/ })).toBeVisible();
  await judge(running, 'sheet', 'audit', [looks[0], inGerman]);
  const sheet = path.join(scratch, 'sheet.pdf');
  await saveTo(app, sheet);
  await page.getByRole('button', { name: 'Save as PDF…' }).click();
  await expect(page.getByText(`Saved in ${sheet}`)).toBeVisible({ timeout: 30_000 });
  const drawn = readFileSync(sheet).toString('latin1');
  expect(drawn.match(/\/Type\s*\/Page\b/g), 'one page').toHaveLength(1);
  const [, across = '0', down = '0'] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(drawn) ?? [];
  expect(Number(across), 'A4 landscape').toBeGreaterThan(Number(down));
  // its fonts are subsets without a map back to text: that every line of the drawing is there is counted
  expect(textOfPdf(sheet).length, 'pieces of text on the sheet').toBeGreaterThan(20);
  cpSync(sheet, path.join(pictures, 'sheet.pdf'));
  // nothing but black, white and grey: the window's own colour does not show in the margins
  const fills = [...objectsOfPdf(sheet).values()].flatMap(({ stream }) => [
    ...stream.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) rg\b/g),
  ]);
  expect(fills.length).toBeGreaterThan(5);
  expect(fills.filter(([, red, green, blue]) => red !== green || green !== blue).map(([fill]) => fill)).toEqual([]);

  await wear(running, inGerman);
  await expect(page.getByRole('heading', { level: 1, name: 'Netzplan' })).toBeVisible();
  // the margins of the paper have the colour of the root
  await page.emulateMedia({ media: 'print' });
  const paper = await page.evaluate(() =>
    [document.documentElement, document.body].map((each) => getComputedStyle(each).backgroundColor),
  );
  expect(paper).toEqual(['rgb(255, 255, 255)', 'rgb(255, 255, 255)']);
  await page.emulateMedia({ media: null });
  await page.getByRole('button', { name: 'Punkte', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: '1 Punkt ist rot' })).toBeVisible();
});
