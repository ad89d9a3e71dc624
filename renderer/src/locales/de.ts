import { app } from './de/app.ts';
import { common } from './de/common.ts';
import { devices } from './de/devices.ts';
import { errors } from './de/errors.ts';
import { overview } from './de/overview.ts';
import { rules } from './de/rules.ts';
import { settings } from './de/settings.ts';
import type { Words } from './en.ts';

export const de: Words = { app, common, devices, errors, overview, rules, settings };
