import type { Words } from '../en.ts';

export const fields: Words['fields'] = {
  optional: 'freiwillig',
  remove: '{{value}} entfernen',
  lines: {
    label: 'Geräte, eines pro Zeile',
    hint: 'Tippen oder einfügen. Hinter dem Namen darf eine Rolle stehen, wie „dash-1 dashboard“.',
    hintPattern: 'ergibt hundert.',
    role: 'Rolle für Zeilen ohne Rolle',
    roleHint: 'Die Rolle bestimmt, was ein Gerät lesen und schreiben darf.',
    count_one: '{{count, number}} Gerät',
    count_other: '{{count, number}} Geräte',
    reading: 'Die Liste wird gelesen …',
    countWithProblems_one: 'bisher {{devices}}, {{count, number}} Zeile zu verbessern',
    countWithProblems_other: 'bisher {{devices}}, {{count, number}} Zeilen zu verbessern',
    line: 'Zeile {{line}}:',
    duplicate: '„{{value}}“ steht schon in Zeile {{line}}.',
    choice: 'Hinter dem Namen darf eine Rolle stehen: {{choices}}. Namen haben keine Leerzeichen.',
    more_one: '… und {{count, number}} weitere Zeile',
    more_other: '… und {{count, number}} weitere Zeilen',
  },
  linesAsBefore_one: '{{count}} Zeile wie zuvor',
  linesAsBefore_other: '{{count}} Zeilen wie zuvor',
};
