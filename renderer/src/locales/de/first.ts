import type { FirstWords } from '../en/first.ts';
import { app } from './app.ts';
import { common } from './common.ts';
import { errors } from './errors.ts';
import { intake } from './intake.ts';
import { practice } from './practice.ts';
import { profile } from './profile.ts';
import { rules } from './rules.ts';
import { safety } from './safety.ts';

export const first: FirstWords = { app, common, errors, intake, practice, profile, rules, safety };
