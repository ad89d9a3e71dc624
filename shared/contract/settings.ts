import { z } from 'zod';
import { standardDefaults } from '../model/defaults.ts';
import { languages } from '../model/settings.ts';
import { autoLockMinutesChoices } from '../model/vault.ts';
import { defaultsChange, defaultsSchema } from '../rules/defaults.ts';

const settingsFields = {
  theme: z.enum(['system', 'light', 'dark']),
  /** `high`: lines and text as strong as they can be, in the light and in the dark theme. */
  contrast: z.enum(['system', 'high']),
  language: z.enum(['system', ...languages]),
  autoLockMinutes: z.literal([...autoLockMinutesChoices]),
};
/** As stored: what an older program did not know, or a damaged file garbled, is the standard; the rest is kept. */
export const settingsSchema = z.object({
  theme: settingsFields.theme.catch('system'),
  contrast: settingsFields.contrast.catch('system'),
  language: settingsFields.language.catch('system'),
  autoLockMinutes: settingsFields.autoLockMinutes.catch(15),
  defaults: defaultsSchema.catch(standardDefaults),
});
export type Settings = z.output<typeof settingsSchema>;

/** A part of the settings, as it is changed. */
export const settingsChange = z.strictObject({ ...settingsFields, defaults: defaultsChange }).partial();
