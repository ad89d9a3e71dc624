import { basename } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect } from '../fixtures/app.ts';

/** The export page, as a person uses it (English). */
export const exportPage = (app: ElectronApplication, page: Page) => ({
  /** Exports everything to a folder. The system's own dialog cannot be driven; everything around it is real. */
  toFolder: async (folder: string) => {
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, folder);
    await page.evaluate(() => {
      location.hash = '#/export';
    });
    const main = page.getByRole('main');
    const again = main.getByRole('button', { name: 'Export once more' });
    const choose = main.getByRole('button', { name: 'Choose a folder…' });
    await again.or(choose).first().waitFor();
    if (await again.isVisible()) await again.click();
    await choose.click();
    // another folder may still be the chosen one while the dialog answers
    await main.getByRole('button', { name: `Export to ${basename(folder)}` }).click();
    await expect(main.getByText('Written and read back')).toBeVisible({ timeout: 30_000 });
  },
});
