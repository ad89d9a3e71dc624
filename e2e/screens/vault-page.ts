import type { Page } from '@playwright/test';
import { passphrase } from '../fixtures/app.ts';

/** First run and unlock, as a person uses them (English). */
export const vaultPage = (page: Page) => ({
  create: async (operator = 'Ana') => {
    await page.getByLabel('Your name').fill(operator);
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await page.getByLabel('Passphrase again').fill(passphrase);
    await page.getByRole('button', { name: 'Create vault' }).click();
  },
  unlock: async (word = passphrase, operator = 'Ana') => {
    await page.getByLabel('Your name').fill(operator);
    await page.getByLabel('Passphrase', { exact: true }).fill(word);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  },
  lock: () => page.getByRole('button', { name: 'Lock', exact: true }).click(),
  unlocked: page.getByText(/^Unlocked · /),
  unlockTitle: page.getByRole('heading', { name: 'Unlock your vault' }),
});
