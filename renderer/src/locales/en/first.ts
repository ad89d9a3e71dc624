import { app } from './app.ts';
import { common } from './common.ts';
import { errors } from './errors.ts';
import { intake } from './intake.ts';
import { practice } from './practice.ts';
import { profile } from './profile.ts';
import { rules } from './rules.ts';
import { safety } from './safety.ts';

/** The words of what is shown before anything else is loaded: the unlock page and its errors (first-words.test.ts). */
export const first = { app, common, errors, intake, practice, profile, rules, safety };
export type FirstWords = typeof first;
