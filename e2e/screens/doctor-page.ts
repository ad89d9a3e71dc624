import type { Page } from '@playwright/test';
import { expect } from '../fixtures/app.ts';

/** The page of the connection doctor, as a person uses it (English). */
export const doctorPage = (page: Page) => {
  const main = page.getByRole('main');
  const step = (name: string) => main.locator(`[data-step="${name}"]`);
  return {
    main,
    open: async () => {
      await page.getByRole('link', { name: 'Test', exact: true }).click();
      await page.getByRole('link', { name: 'Doctor', exact: true }).click();
    },
    /** The heading, once it says what came of the check. */
    says: (title: string | RegExp) => expect(main.getByRole('heading', { level: 1 })).toHaveText(title, { timeout: 60_000 }),
    step,
    standing: (name: string, standing: string) => expect(step(name)).toHaveAttribute('data-standing', standing),
    standings: async () =>
      Object.fromEntries(
        await main
          .locator('[data-step]')
          .evaluateAll((steps) =>
            steps.map((each) => [(each as HTMLElement).dataset['step'] ?? '', (each as HTMLElement).dataset['standing'] ?? '']),
          ),
      ) as Record<string, string>,
    /** The button or link of a fix, where the problem is told. */
    fix: (name: string) => main.locator(`[data-fix="${name}"]`),
    place: async (host: string, port?: number) => {
      const choice = main.getByLabel('Name or address');
      const known = await choice.locator('option').allTextContents();
      if (known.includes(host)) await choice.selectOption(host);
      else {
        await choice.selectOption({ label: 'Another address…' });
        await main.getByLabel('Other address').fill(host);
      }
      if (port !== undefined) await main.getByLabel('Port', { exact: true }).fill(String(port));
    },
    as: (kind: 'Observer' | 'A device' | 'Files' | 'Name and password' | 'Nobody') =>
      main.getByRole('radio', { name: kind, exact: true }).check(),
    run: () => main.getByRole('button', { name: /^Check the connection/ }).click(),
    again: () =>
      main
        .locator('header')
        .getByRole('button', { name: /^Check again/ })
        .click(),
    change: () => main.getByRole('button', { name: 'Change…' }).click(),
    /** The warning, and the list of devices before it where none was chosen yet. */
    takeOver: async (device: string) => {
      const pick = page.getByRole('dialog', { name: 'Connect as which device?' });
      const warning = page.getByRole('dialog', { name: `Take the place of ${device}?` });
      await pick.or(warning).first().waitFor();
      if (await pick.isVisible()) await pick.getByText(device).click();
      await warning.getByRole('button', { name: `Take over ${device}` }).click();
    },
    report: async (entry: 'Save as PDF' | 'Save as JSON' | 'Put onto the medium…') => {
      await main.getByRole('button', { name: 'Report', exact: true }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    },
  };
};
