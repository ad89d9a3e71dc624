import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures/app.ts';

/** The test page, as a person uses it (English). */
export const testerPage = (page: Page) => ({
  open: () => page.getByRole('link', { name: 'Test', exact: true }).click(),
  /** One that stands in the list of the project's names and addresses, or another one. */
  address: async (host: string, port?: number) => {
    const choice = page.getByLabel('Name or address');
    const known = await choice.locator('option').allTextContents();
    if (known.includes(host)) await choice.selectOption(host);
    else {
      await choice.selectOption({ label: 'Another address…' });
      await page.getByLabel('Other address').fill(host);
    }
    if (port !== undefined) await page.getByLabel('Port', { exact: true }).fill(String(port));
  },
  takeOver: async (device: string) => {
    await page.getByRole('button', { name: 'Connect as device…' }).click();
    await page.getByRole('dialog', { name: 'Connect as which device?' }).getByText(device).click();
    await page
      .getByRole('dialog', { name: `Take the place of ${device}?` })
      .getByRole('button', { name: `Take over ${device}` })
      .click();
  },
  pane: (who: string) => paneOf(page, who),
});

/** A pane of the test page: one identity. */
export const paneOf = (page: Page, who: string) => {
  const region = page.getByRole('region', { name: who, exact: true });
  const subscriptions = region.getByRole('list', { name: 'Subscribed topics' });
  return {
    region,
    connect: region.getByRole('button', { name: `Connect ${who}` }),
    disconnect: region.getByRole('button', { name: `Disconnect ${who}` }),
    standing: (standing: string) => expect(region).toHaveAttribute('data-standing', standing, { timeout: 20_000 }),
    subscribe: async (filter: string, qos: 0 | 1 | 2 = 1) => {
      const box = region.getByRole('region', { name: /^Subscriptions/ });
      // side by side the field makes room for messages once something is subscribed
      const another = box.getByRole('button', { name: 'Another filter' });
      if (await another.isVisible()) await another.click();
      await box.getByLabel('Topic filter').fill(filter);
      await box.getByLabel('QoS').selectOption(String(qos));
      await box.getByRole('button', { name: 'Subscribe', exact: true }).click();
      await expect(subscriptions.getByRole('listitem').filter({ hasText: filter })).toContainText(`QoS ${qos}`);
    },
    unsubscribe: async (filter: string) => {
      await region.getByRole('button', { name: `Unsubscribe ${filter}`, exact: true }).click();
      await expect(subscriptions.getByText(filter, { exact: true })).toHaveCount(0);
    },
    publish: async (topic: string, payload: string, options: { qos?: 0 | 1 | 2; retain?: boolean } = {}) => {
      const box = region.getByRole('region', { name: /^Publish/ });
      await box.getByLabel('Topic', { exact: true }).fill(topic);
      await box.getByLabel('Payload').fill(payload);
      await box.getByLabel('QoS').selectOption(String(options.qos ?? 1));
      await box.getByLabel('Retain').setChecked(options.retain ?? false);
      await box.getByRole('button', { name: 'Publish', exact: true }).click();
    },
    messages: region.getByRole('listbox', { name: `Messages of ${who}` }),
    lines: region.getByRole('listbox', { name: `Messages of ${who}` }).getByRole('option'),
    /** A number below the list: Received, Shown, Dropped. */
    counter: (name: string) => region.locator('dl > div').filter({ hasText: name }).locator('dd'),
    failure: failureOf(region),
  };
};

const failureOf = (region: Locator) => {
  const alert = region.getByRole('alert');
  return {
    alert,
    cause: (cause: string) => expect(alert).toHaveAttribute('data-cause', cause, { timeout: 30_000 }),
    details: alert.getByText('Details'),
    raw: alert.getByRole('group', { name: 'Technical text' }),
  };
};
