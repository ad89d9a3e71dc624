/** In which time a certificate has to end to be shown, ms; a missing bound is none. As `device.list` takes it. */
export interface EndSpan {
  readonly endsFrom?: number;
  readonly endsBefore?: number;
}

export const withinChoices = [30, 60, 90] as const;
export type Within = (typeof withinChoices)[number];

const day = 86_400_000;
const hour = 3_600_000;

/** What the address of the page says: `within=30`, or `from=…&before=…` where a bar of the calendar was chosen. */
export function spanOf(
  params: Readonly<Record<string, string>>,
  now: number,
): { readonly within?: Within; readonly ends: EndSpan } {
  const within = withinChoices.find((each) => String(each) === params['within']);
  // rounded to an hour: the answer is kept under it, and must not be asked for anew each minute
  if (within !== undefined) return { within, ends: { endsBefore: Math.ceil(now / hour) * hour + within * day } };
  const [from, before] = [params['from'], params['before']].map((text) =>
    /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined,
  );
  return {
    ends: { ...(from === undefined ? {} : { endsFrom: from }), ...(before === undefined ? {} : { endsBefore: before }) },
  };
}
