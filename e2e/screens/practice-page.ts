import type { ElectronApplication, Page } from '@playwright/test';
import { expect } from '../fixtures/app.ts';

/** Practising, as a person does it (English). */
export const practicePage = (page: Page) => {
  const main = page.getByRole('main');
  const go = (to: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${to}`);
  return {
    tryIt: page.getByRole('button', { name: 'Try it now' }),
    /** A reading of a meter on screen. */
    reading: (id: string) => main.getByText(`practice/energy/${id}`).first(),
    strip: page.getByRole('region', { name: 'Practice', exact: true }),
    tour: page.getByRole('region', { name: 'First steps' }),
    leave: page.getByRole('button', { name: 'Leave practice' }),
    makeItReal: page.getByRole('button', { name: 'Make it real' }),
    go,
    meter: (id: string) => page.getByRole('list', { name: 'Practice meters' }).getByRole('listitem').filter({ hasText: id }),
    refused: page.getByRole('region', { name: 'Not let in' }),
    denied: page.getByRole('region', { name: 'Messages to nobody' }),
    connected: page.getByRole('region', { name: 'Connected now' }),
    /** Gives a meter a new key from its drawer, wherever one is. */
    replace: async (id: string) => {
      await page
        .getByRole('dialog', { name: `Device ${id}` })
        .getByRole('button', { name: 'Replace…' })
        .click();
      const dialog = page.getByRole('dialog', { name: `Replace ${id}?` });
      await dialog.getByRole('button', { name: `Replace ${id}` }).click();
      await expect(dialog.getByText('1 device replaced')).toBeVisible({ timeout: 20_000 });
      await dialog.getByRole('button', { name: 'Close' }).last().click();
    },
  };
};

/** Process ids of the brokers that this program runs. */
export async function brokerProcesses(app: ElectronApplication): Promise<number[]> {
  return await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name }) => name === 'Fieldkey broker')
      .map(({ pid }) => pid),
  );
}
