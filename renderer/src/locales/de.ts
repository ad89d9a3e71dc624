import { first } from './de/first.ts';
import { rest } from './de/rest.ts';
import type { Words } from './en.ts';

export const de: Words = { ...first, ...rest };
