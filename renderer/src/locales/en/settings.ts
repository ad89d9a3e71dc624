export const settings = {
  page: 'Settings',
  lead: 'For this computer, whichever vault is open.',
  appearance: 'Appearance',
  theme: { label: 'Theme', system: 'System', light: 'Light', dark: 'Dark' },
  language: { label: 'Language', system: 'System' },
  safety: 'Safety',
  autoLock: {
    label: 'Lock after',
    hint: 'When nobody touches keyboard or mouse for this long, the vault locks itself.',
    minutes: '{{count, number}} min',
  },
  audit: {
    title: 'Record of this vault',
    text: 'Every step is written into a chain of entries. A changed, removed or inserted entry breaks it.',
    verify: 'Check the record',
    checking: 'Checking…',
    sound_one: 'The record is sound: {{count, number}} entry, unbroken.',
    sound_other: 'The record is sound: {{count, number}} entries, unbroken.',
    broken_one: 'The record is not sound: {{count, number}} finding.',
    broken_other: 'The record is not sound: {{count, number}} findings.',
    brokenHelp:
      'Somebody or something changed the vault file outside Fieldkey. Do not issue from it. Keep a copy of the file as evidence and go back to a backup.',
    head: 'Checksum of the last entry',
    headHint: 'Compare it with an earlier export: it shows whether an older copy was put back.',
    headName: 'checksum',
  },
  about: { title: 'About', version: 'Version', vault: 'Vault file', vaultName: 'path', licence: 'Licence', mit: 'MIT' },
};
