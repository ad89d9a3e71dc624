import { first } from './en/first.ts';
import { rest } from './en/rest.ts';

/** English is the reference: its keys type `t()`, and every other language must have exactly these. */
export const en = { ...first, ...rest };
export type Words = typeof en;
