import { X509Certificate } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { makeTestAuthority } from '../electron/broker/testing/certificates.ts';
import { runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { expect, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cliDaysAgo } from './fixtures/cli.ts';
import { type Lab, openLab } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { paneOf, testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Longer than the first pauses before a new try (electron/tester/timing.ts): whoever tries again is seen. */
const longerThanTwoPauses = 4_000;

/** The cause stands there with its words, the library's text only behind "Details"; nobody knocks again. */
async function refused(page: Page, lab: Lab, who: string, expected: { cause: string; says: RegExp[]; raw: RegExp }) {
  const { failure, standing, region } = paneOf(page, who);
  await failure.cause(expected.cause);
  await standing('refused');
  for (const words of expected.says) await expect(failure.alert).toContainText(words);
  await expect(failure.raw).toBeHidden();
  const visible = (await region.innerText()).replaceAll('\n', ' ');
  expect(visible).not.toMatch(/SSL routines|SSLV3|TLSV1_ALERT|ERR_|EPROTO|alert number/i);
  const before = lab.connections();
  await page.waitForTimeout(longerThanTwoPauses);
  expect(lab.connections(), 'knocked again').toBe(before);
  await standing('refused');
  await failure.details.click();
  await expect(failure.raw).toBeVisible();
  await expect(failure.raw).toContainText(expected.raw);
}

test('each side refuses the other’s authority, and a name that is not in the certificate: explained, and not tried again', async ({
  start,
  scratch,
}) => {
  const lab = await openLab(scratch);
  const certs = path.join(lab.installed, 'certs');
  const ours = path.join(scratch, 'ours');
  cpSync(certs, ours, { recursive: true });
  const putBack = () => {
    for (const name of readdirSync(ours)) lab.putCertificate(name, readFileSync(path.join(ours, name), 'utf8'));
  };
  const other = await makeTestAuthority(path.join(scratch, 'other'));
  try {
    const { page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');

    // connected first: what was accepted once would come back by itself after a loss, but not after a refusal
    await observer.connect.click();
    await observer.standing('connected');
    // the broker's cafile is another authority's
    lab.putCertificate('ca.crt', other.ca);
    lab.putCertificate('crl.pem', await other.crl());
    await lab.restart();
    await refused(page, lab, 'Observer', {
      cause: 'client-certificate-unknown-authority',
      says: [/The broker does not know your authority/, /The certificate of the observer is from/, /Copy certs\/ca\.crt/],
      raw: /TLS alert: 48/,
    });
    await expectAccessible(page, 'a refusal');
    const asked = lab.connections();
    await tester.takeOver('meter-001');
    await refused(page, lab, 'meter-001', {
      cause: 'client-certificate-unknown-authority',
      says: [/The certificate of meter-001 is from/, /trying again is your decision/],
      raw: /TLS alert: 48/,
    });
    await expect.poll(() => lab.connections()).toBe(asked + 1);

    // the other way round: the broker's own certificate is another authority's, and it is we who refuse
    putBack();
    const stranger = await other.issue('stranger', 'serverAuth');
    lab.putCertificate('server.crt', stranger.certificate);
    lab.putCertificate('server.key', stranger.key);
    await lab.restart();
    await observer.connect.click();
    await refused(page, lab, 'Observer', {
      cause: 'broker-untrusted',
      says: [/The broker’s certificate comes from another authority/, /Copy this project’s kit/],
      raw: /broker-untrusted/,
    });
    // both fingerprints stand side by side, as openssl and the kit have them
    const digest = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
    const shown = (await observer.failure.alert.locator('dl').innerText()).replace(/[\s:]/g, '').toLowerCase();
    expect(shown).toContain(digest(stranger.certificate));
    expect(shown).toContain(digest(readFileSync(path.join(ours, 'server.crt'), 'utf8')));
    await expectAccessible(page, 'a refusal');

    // an address that the certificate lacks
    putBack();
    await lab.restart();
    await tester.address('127.0.0.2');
    await observer.connect.click();
    await refused(page, lab, 'Observer', {
      cause: 'broker-name-mismatch',
      says: [/not made for 127\.0\.0\.2/, /Add 127\.0\.0\.2 to the broker’s names and addresses/],
      raw: /ERR_TLS_CERT_ALTNAME_INVALID|names: .*localhost/,
    });
    await tester.address('127.0.0.1');
    await observer.connect.click();
    await observer.standing('connected');
  } finally {
    await lab.stop();
  }
});

test('a revoked device is refused, and a vault that is older than the broker’s list says so', async ({ start, scratch }) => {
  const lab = await openLab(scratch);
  try {
    const old = path.join(scratch, 'old.fieldkey');
    copyFileSync(lab.vault, old);
    const first = await start({ vault: lab.vault });
    await vaultPage(first.page).unlock();
    await first.page.getByRole('link', { name: 'Devices', exact: true }).click();
    await first.page.getByText('meter-001').first().click();
    await first.page.getByRole('dialog', { name: 'Device meter-001' }).getByRole('button', { name: 'Replace…' }).click();
    await first.page
      .getByRole('dialog', { name: 'Replace meter-001?' })
      .getByRole('button', { name: 'Replace meter-001' })
      .click();
    await expect(first.page.getByText('1 device replaced').first()).toBeVisible();
    await first.page.keyboard.press('Escape');
    const target = path.join(scratch, 'second');
    mkdirSync(target);
    await exportPage(first.app, first.page).toFolder(target);
    await lab.install(path.join(target, 'lab/broker'));

    // with the vault that knows of it: the new certificate is taken
    const now = testerPage(first.page);
    await now.open();
    await now.address('127.0.0.1');
    await now.takeOver('meter-001');
    await now.pane('meter-001').standing('connected');
    await first.close();

    // with the copy from before: the certificate in it is the revoked one
    const { page } = await start({ vault: old });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    await tester.takeOver('meter-001');
    await refused(page, lab, 'meter-001', {
      cause: 'client-certificate-revoked',
      says: [/The certificate of meter-001 is revoked/, /That is how it should be/],
      raw: /TLS alert: 44/,
    });
  } finally {
    await lab.stop();
  }
});

test('an installation that was left alone: the certificate has expired, then the list has; the window puts both right', async ({
  start,
  scratch,
}) => {
  // the broker's certificate lasted 30 days; five days ago somebody made a list for two days
  const lab = await openLab(scratch, { daysAgo: 50, plan: { broker: { days: 30 } } });
  const short = path.join(scratch, 'short.pem');
  const ended = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  await cliDaysAgo(5, 'crl', 'lab', '--next-update', ended, '--out', short, '--vault', lab.vault);
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await refused(page, lab, 'Observer', {
      cause: 'broker-expired',
      says: [/certificate has expired/, /issue a new certificate on the Broker page/],
      raw: /CERT_HAS_EXPIRED/,
    });

    // the words are followed: a new certificate, though nothing else is changed
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await page.getByRole('button', { name: 'Issue a new certificate' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'certs/server.crt' })).toBeVisible();
    const target = path.join(scratch, 'second');
    mkdirSync(target);
    await exportPage(app, page).toFolder(target);
    const kit = path.join(target, 'lab/broker');
    // … but the list is forgotten: the broker carries the old one
    lab.putCertificate('crl.pem', readFileSync(short, 'utf8'));
    for (const name of ['server.crt', 'server.key'])
      lab.putCertificate(name, readFileSync(path.join(kit, 'certs', name), 'utf8'));
    await lab.restart();
    await tester.open();
    await tester.address('127.0.0.1');
    await observer.connect.click();
    await refused(page, lab, 'Observer', {
      cause: 'broker-list-ended',
      says: [/The broker’s revocation list has ended/, /publish a new revocation list on the Authority page/],
      raw: /TLS alert: 45/,
    });
    await tester.takeOver('meter-001');
    await tester.pane('meter-001').failure.cause('broker-list-ended');
    await expect(tester.pane('meter-001').failure.alert).toContainText('The certificate of meter-001 has time left');

    // a new list, brought to the broker with the lines that the window shows
    await page.getByRole('link', { name: 'Authority', exact: true }).click();
    await page.getByRole('button', { name: 'Publish a new list' }).click();
    await expect(page.getByText(/Published: list \d+, valid until/)).toBeVisible();
    const lines = await page.getByRole('group', { name: 'command' }).allInnerTexts();
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('systemctl restart mosquitto');
    const third = path.join(scratch, 'third');
    mkdirSync(third);
    await exportPage(app, page).toFolder(third);
    await runAsReadmeSays(`${lines[0]}\n${lines[1]}\n`, path.join(third, 'lab/broker'), scratch);
    await lab.restart();
    await tester.open();
    await tester.address('127.0.0.1');
    await observer.connect.click();
    await observer.standing('connected');
  } finally {
    await lab.stop();
  }
});
