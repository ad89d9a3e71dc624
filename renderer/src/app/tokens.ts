/**
 * The colours of the look, by role. Text and its grounds keep 7:1 (tokens.test.ts holds them to it): this is read in
 * a cellar and on a roof. `line` only separates; what borders a control has its own tone with 3:1.
 */
export interface Tokens {
  readonly bg: string;
  readonly panel: string;
  readonly sunken: string;
  readonly line: string;
  readonly control: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly brand: string;
  readonly brandHover: string;
  readonly brandStrong: string;
  readonly brandSoft: string;
  readonly onBrand: string;
  readonly ok: string;
  readonly okSoft: string;
  readonly due: string;
  readonly dueSoft: string;
  readonly bad: string;
  readonly badSoft: string;
  readonly held: string;
  readonly heldSoft: string;
  readonly gone: string;
  readonly goneSoft: string;
  readonly wait: string;
  readonly waitSoft: string;
}

export const light: Tokens = {
  bg: '#f5f7f8',
  panel: '#ffffff',
  sunken: '#edf1f2',
  line: '#dbe2e5',
  control: '#7a8c90',
  text: '#10201f',
  muted: '#384a4d',
  faint: '#3f5053',
  brand: '#0a5f63',
  brandHover: '#084f52',
  brandStrong: '#064548',
  brandSoft: '#dff0ef',
  onBrand: '#ffffff',
  ok: '#0f5230',
  okSoft: '#ddf1e4',
  due: '#703c00',
  dueSoft: '#fdeccf',
  bad: '#861622',
  badSoft: '#fbe1e2',
  held: '#37454d',
  heldSoft: '#e3e9ec',
  gone: '#4c3d69',
  goneSoft: '#ebe6f4',
  wait: '#174178',
  waitSoft: '#e0ebfa',
};

export const dark: Tokens = {
  bg: '#0c1415',
  panel: '#131e20',
  sunken: '#0f191a',
  line: '#263639',
  control: '#6f8287',
  text: '#eef5f5',
  muted: '#b8c7c9',
  faint: '#a8b8bb',
  brand: '#4fc3bf',
  brandHover: '#6bd0cc',
  brandStrong: '#86dbd7',
  brandSoft: '#12383a',
  onBrand: '#04201f',
  ok: '#7fd8a2',
  okSoft: '#12321f',
  due: '#f5bf6b',
  dueSoft: '#3a2a0d',
  bad: '#ff9aa0',
  badSoft: '#40171b',
  held: '#c2cfd6',
  heldSoft: '#27343a',
  gone: '#c3b3e6',
  goneSoft: '#2a2240',
  wait: '#93bdf5',
  waitSoft: '#14294a',
};

/** Black on white: for sunlight and for eyes that need it. Every ground is plain, lines are as strong as text. */
export const lightContrast: Tokens = {
  bg: '#ffffff',
  panel: '#ffffff',
  sunken: '#ffffff',
  line: '#000000',
  control: '#000000',
  text: '#000000',
  muted: '#000000',
  faint: '#1a1a1a',
  brand: '#003a3d',
  brandHover: '#000000',
  brandStrong: '#003a3d',
  brandSoft: '#e6f6f5',
  onBrand: '#ffffff',
  ok: '#003d1c',
  okSoft: '#ffffff',
  due: '#4f2a00',
  dueSoft: '#ffffff',
  bad: '#6b000d',
  badSoft: '#ffffff',
  held: '#263238',
  heldSoft: '#ffffff',
  gone: '#32215a',
  goneSoft: '#ffffff',
  wait: '#002a66',
  waitSoft: '#ffffff',
};

/** White on black: the same at night. */
export const darkContrast: Tokens = {
  bg: '#000000',
  panel: '#000000',
  sunken: '#000000',
  line: '#ffffff',
  control: '#ffffff',
  text: '#ffffff',
  muted: '#ffffff',
  faint: '#e6e6e6',
  brand: '#7ff0ea',
  brandHover: '#ffffff',
  brandStrong: '#9ff5f0',
  brandSoft: '#003133',
  onBrand: '#000000',
  ok: '#9cf5bd',
  okSoft: '#000000',
  due: '#ffd591',
  dueSoft: '#000000',
  bad: '#ffc2c6',
  badSoft: '#000000',
  held: '#dde6ea',
  heldSoft: '#000000',
  gone: '#dcd0ff',
  goneSoft: '#000000',
  wait: '#b9d6ff',
  waitSoft: '#000000',
};

/** `brandSoft` → `--fk-brand-soft`. */
export function cssVariables(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, value]) => [
      `--fk-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]),
  );
}
