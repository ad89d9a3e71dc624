import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, root, test } from './fixtures/app.ts';
import { publishBytes, startHostileBroker } from './fixtures/hostile-broker.ts';
import { openLab } from './fixtures/lab.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

/** A million with FIELDKEY_TOPICS=1000000; the limit of the tree is passed long before. */
const topics = Number(process.env['FIELDKEY_TOPICS'] ?? 80_000);
const text = (value: string) => Buffer.from(value);

/** Milliseconds of the longest frame since it was asked for the first time. */
const longestFrame = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const store = globalThis as unknown as { longest?: number };
    if (store.longest === undefined) {
      store.longest = 0;
      let last = performance.now();
      const next = (now: number) => {
        store.longest = Math.max(store.longest ?? 0, now - last);
        last = now;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    }
    return store.longest;
  });

test('a hostile peer: endless topics, invalid UTF-8, deep JSON, the largest packets, no packets at all, and a crash', async ({
  start,
  scratch,
}) => {
  test.setTimeout(300_000);
  const lab = await openLab(scratch);
  await lab.stop();
  const peer = await startHostileBroker(path.join(lab.installed, 'certs'));
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1', peer.port);
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('#');
    const { region } = observer;
    const views = (name: string) => region.getByRole('button', { name, exact: true });

    // topics without end: all are counted, and the tree says where its list ends
    await views('Topics').click();
    await longestFrame(page);
    for (let sent = 0; sent < topics; sent += 1_000)
      await peer.send(
        Buffer.concat(
          Array.from({ length: 1_000 }, (_, at) => publishBytes(text(`site/${(sent + at) % 97}/${sent + at}`), text('1'))),
        ),
      );
    await expect(observer.counter('Received')).toHaveText(topics.toLocaleString('en'), { timeout: 200_000 });
    const count = (name: string) =>
      observer.counter(name).evaluate((cell) => Number((cell.firstChild?.textContent ?? '').replace(/\D/g, '')));
    // a million come faster than any window takes them: what is left out is told, and why
    const left = await count('Dropped');
    if (topics <= 80_000) expect(left).toBe(0);
    else
      await expect(observer.counter('Dropped')).toContainText(left === 0 ? '0' : 'came faster than the window could take them');
    await expect(region.getByText(/More topics than can be listed here/)).toBeVisible();
    const tree = region.getByRole('tree', { name: 'Topics of Observer' });
    await expect(tree.getByRole('treeitem').filter({ hasText: 'site' })).toContainText((topics - left).toLocaleString('en'));
    await region.getByLabel('Find a topic').fill('site/13/');
    await expect(region.getByText(/^\d+ topics found$/)).toBeVisible();
    await page.screenshot({ path: path.join(root, 'test-results/screens/hostile-topics.png'), caret: 'hide' });
    await region.getByLabel('Find a topic').fill('');

    // a topic of 65,535 slashes, one that is no UTF-8, and payloads that are no text
    await views('List').click();
    await region.getByRole('button', { name: 'Clear', exact: true }).click();
    await peer.send(publishBytes(Buffer.alloc(65_535, '/'), text('deep topic')));
    await peer.send(publishBytes(Buffer.from([0x61, 0x2f, 0xff, 0xfe, 0x62]), Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])));
    await expect(observer.lines.last()).toContainText('ff fe 00 c3 28');
    await observer.lines.last().click();
    const detail = region.getByRole('region', { name: 'Message', exact: true });
    await expect(detail.getByText(/bytes that are not valid UTF-8/)).toBeVisible();
    await region.getByRole('button', { name: /^Follow/ }).click();
    await views('Topics').click();
    await expect(tree.getByRole('treeitem').first()).toBeVisible();
    await views('List').click();

    // deep JSON: told, and the window goes on
    await peer.send(publishBytes(text('deep'), text('{"a":['.repeat(500_000))));
    await expect(observer.lines.last()).toContainText('deep');
    await observer.lines.last().click();
    await detail.getByLabel('Show payload as').selectOption('JSON');
    await expect(detail.getByText(/nested deeper than 64 levels/)).toBeVisible();
    await region.getByRole('button', { name: /^Follow/ }).click();

    // as large as we take them: the budget of the window holds, and what left it is not lost silently
    for (let number = 0; number < 6; number++) {
      await peer.send(publishBytes(text(`large/${number}`), Buffer.alloc(15_000_000, number)));
      await expect(observer.lines.last()).toContainText(`large/${number}`, { timeout: 60_000 });
    }
    const [received, shown, dropped] = await Promise.all(['Received', 'Shown', 'Dropped'].map(count));
    expect([received, dropped]).toEqual([topics + 3 + 6, left]);
    expect(shown).toBeLessThanOrEqual(4);
    // of the page and of the process that speaks MQTT; main keeps, in tests only, a copy of everything that it tells the page
    const memory = await app.evaluate(({ app: electron }) => {
      const ours = electron.getAppMetrics().filter(({ type, name, serviceName }) => {
        return type === 'Tab' || [name, serviceName].includes('Fieldkey tester');
      });
      return ours.map(({ memory: { workingSetSize } }) => Math.round(workingSetSize / 1_024));
    });
    expect(memory.length).toBe(2);
    expect(Math.max(...memory), `MB of page and tester: ${memory.join(', ')}`).toBeLessThan(700);
    const frame = await longestFrame(page);
    expect(frame, 'ms of the longest frame').toBeLessThan(2_500);
    test
      .info()
      .annotations.push({ type: 'figures', description: `${memory.join(' and ')} MB, longest frame ${Math.round(frame)} ms` });

    // larger than we take: the connection ends before the packet is in memory, and says why
    await peer.send(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61]));
    await observer.failure.cause('protocol-error');
    await observer.failure.alert.getByText('Details', { exact: true }).click();
    await expect(observer.failure.raw).toContainText('at most 16777216');

    // what is no packet
    await observer.connect.click();
    await observer.standing('connected');
    await expect.poll(() => peer.subscribed()).toBe(2);
    await peer.send(Buffer.from([0x00, 0x00, 0xff, 0xff]));
    await observer.failure.cause('protocol-error');

    // a crash of the process that speaks MQTT: the rest lives, and the observer is there again with its filters
    await observer.connect.click();
    await observer.standing('connected');
    await expect.poll(() => peer.subscribed()).toBe(3);
    const crash = () =>
      app.evaluate(({ app: electron }) => {
        const metric = electron.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('Fieldkey tester'));
        if (metric) process.kill(metric.pid, 'SIGKILL');
        return metric !== undefined;
      });
    expect(await crash()).toBe(true);
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await expect(page.getByText('meter-001').first()).toBeVisible();
    await tester.open();
    await expect.poll(() => peer.subscribed()).toBe(4);
    await observer.standing('connected');
    await peer.send(publishBytes(text('after'), text('the crash')));
    await expect(observer.lines.last()).toContainText('the crash');
  } finally {
    peer.close();
    await lab.stop();
  }
});
