import { app } from './en/app.ts';
import { common } from './en/common.ts';
import { devices } from './en/devices.ts';
import { errors } from './en/errors.ts';
import { overview } from './en/overview.ts';
import { rules } from './en/rules.ts';
import { settings } from './en/settings.ts';

/** English is the reference: its keys type `t()`, and every other language must have exactly these. */
export const en = { app, common, devices, errors, overview, rules, settings };
export type Words = typeof en;
