import type { Page } from '@playwright/test';

/** The wizard "Set up a project", as a person goes through it (English). */
export const wizardPage = (page: Page) => {
  const main = page.getByRole('main');
  const addTag = async (label: string, value: string) => {
    const field = main.getByLabel(label, { exact: true });
    await field.fill(value);
    await field.press('Enter');
  };
  return {
    open: () =>
      page
        .getByRole('link', { name: /Set up a project/ })
        .or(page.getByRole('button', { name: /Set up a project/ }))
        .first()
        .click(),
    heading: (name: string) => page.getByRole('heading', { level: 1, name }),
    next: (to: string) => main.getByRole('button', { name: `Continue to ${to}` }).click(),
    name: main.getByLabel('Project name'),
    addName: (name: string) => addTag('Names', name),
    addAddress: (address: string) => addTag('Addresses', address),
    port: main.getByLabel('Port', { exact: true }),
    folders: async (folders: { directory: string; data: string; log: string }) => {
      await main
        .getByRole('button', { name: 'Validity and folders on the broker' })
        .or(main.getByText('Validity and folders on the broker'))
        .first()
        .click();
      await main.getByLabel('Folder for the configuration').fill(folders.directory);
      await main.getByLabel('Folder for data').fill(folders.data);
      await main.getByLabel('Folder for logs').fill(folders.log);
    },
    devices: main.getByLabel('Devices, one a line'),
    /** On the check page, of whoever went straight there. */
    where: main.getByLabel('Name or address of the broker'),

    issue: (count: number) =>
      main.getByRole('button', { name: count === 1 ? 'Issue 1 device' : `Issue ${count} devices` }).click(),
    chooseFolder: main.getByRole('button', { name: 'Choose a folder…' }),
    export: main.getByRole('button', { name: /^Export/ }),
    written: main.getByText('Written and read back'),
  };
};
