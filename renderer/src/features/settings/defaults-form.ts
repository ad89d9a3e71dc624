import type { Defaults } from '../../../../shared/model/defaults.ts';

/** The defaults that are typed; they stand in the fields as text, right or not. */
export const typedFields = ['operator', 'organisation', 'country', 'deviceDays', 'brokerDays', 'port'] as const;
export type TypedField = (typeof typedFields)[number];
export type DefaultsDraft = Readonly<Record<TypedField, string>>;

export function draftOf(defaults: Defaults): DefaultsDraft {
  const entries = typedFields.map((field) => [field, String(defaults[field])] as const);
  return Object.fromEntries(entries) as Record<TypedField, string>;
}

const bounds = { deviceDays: [90, 3650], brokerDays: [1, 825], port: [1, 65_535] } as const;

/** What a field says, or null while it is nothing that main would take (the bounds of shared/rules/defaults.ts). */
export function readField(field: TypedField, text: string): string | number | null {
  const trimmed = text.trim();
  switch (field) {
    case 'operator':
    case 'organisation':
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      return [...trimmed].length <= 64 && !/[\u0000-\u001f\u007f-\u009f]/.test(trimmed) ? trimmed : null;
    case 'country':
      return /^([A-Z]{2})?$/.test(trimmed) ? trimmed : null;
    default: {
      const [minimum, maximum] = bounds[field];
      const value = Number(trimmed);
      return /^\d{1,5}$/.test(trimmed) && value >= minimum && value <= maximum ? value : null;
    }
  }
}
