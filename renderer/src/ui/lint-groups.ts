/** What the rules of the linter are about, in the order in which a certificate is read. */
export const lintGroups = [
  'encoding',
  'serial',
  'signature',
  'validity',
  'names',
  'key',
  'usage',
  'identifiers',
  'san',
  'other',
] as const;
export type LintGroup = (typeof lintGroups)[number];

const prefixes: readonly (readonly [RegExp, LintGroup])[] = [
  [/^(der-|size$|version-|unique-ids|foreign-version)/, 'encoding'],
  [/^(serial-|foreign-serial)/, 'serial'],
  [/^(signature-|foreign-signature|foreign-self-signed)/, 'signature'],
  [/^(time-|validity-|foreign-(validity|expire|not-yet))/, 'validity'],
  [/^(dn-|issuer-name|common-name)/, 'names'],
  [/^(subject-key-identifier|authority-key-identifier|key-identifier|foreign-(ca-key-identifier|authority-key))/, 'identifiers'],
  [/^(key-usage|extended-key-usage|basic-constraints|name-constraints|foreign-(ca-|leaf))/, 'usage'],
  [/^(key-|foreign-key)/, 'key'],
  [/^(san-|foreign-san)/, 'san'],
];

/** The group of a rule by its name; what fits nowhere is told all the same. */
export function groupOf(rule: string): LintGroup {
  return prefixes.find(([prefix]) => prefix.test(rule))?.[1] ?? 'other';
}
