import type { Page } from '@playwright/test';

/** What is done with a device's certificates, as a person does it (English). */
export const deviceActs = (page: Page) => ({
  open: async (id: string) => {
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByText(id, { exact: true }).first().click();
    const drawer = page.getByRole('dialog', { name: `Device ${id}` });
    await drawer.getByRole('heading', { name: id }).waitFor();
    return drawer;
  },
  /** An act of the menu; gives its dialog. */
  choose: async (id: string, act: string) => {
    const drawer = page.getByRole('dialog', { name: `Device ${id}` });
    await drawer.getByRole('button', { name: 'More…' }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${act}`) }).click();
    return page.getByRole('dialog', { name: new RegExp(id) });
  },
});
