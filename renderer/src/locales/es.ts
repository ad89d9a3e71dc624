import type { Words } from './en.ts';
import { first } from './es/first.ts';
import { rest } from './es/rest.ts';

export const es: Words = { ...first, ...rest };
