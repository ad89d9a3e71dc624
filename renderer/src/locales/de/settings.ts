import type { Words } from '../en.ts';

export const settings: Words['settings'] = {
  page: 'Einstellungen',
  lead: 'Für diesen Computer, gleich welcher Tresor offen ist.',
  appearance: 'Darstellung',
  theme: { label: 'Farben', system: 'System', light: 'Hell', dark: 'Dunkel' },
  language: { label: 'Sprache', system: 'System' },
  safety: 'Sicherheit',
  autoLock: {
    label: 'Sperren nach',
    hint: 'Wenn so lange niemand Tastatur oder Maus berührt, sperrt sich der Tresor selbst.',
    minutes: '{{count, number}} min',
  },
  audit: {
    title: 'Protokoll dieses Tresors',
    text: 'Jeder Schritt steht in einer Kette von Einträgen. Ein geänderter, entfernter oder eingefügter Eintrag bricht sie.',
    verify: 'Protokoll prüfen',
    checking: 'Wird geprüft …',
    sound_one: 'Das Protokoll ist in Ordnung: {{count, number}} Eintrag, lückenlos.',
    sound_other: 'Das Protokoll ist in Ordnung: {{count, number}} Einträge, lückenlos.',
    broken_one: 'Das Protokoll ist nicht in Ordnung: {{count, number}} Befund.',
    broken_other: 'Das Protokoll ist nicht in Ordnung: {{count, number}} Befunde.',
    brokenHelp:
      'Jemand oder etwas hat die Tresordatei außerhalb von Fieldkey verändert. Stellen Sie nichts mehr damit aus. Heben Sie eine Kopie als Beleg auf und gehen Sie zu einer Sicherung zurück.',
    head: 'Prüfsumme des letzten Eintrags',
    headHint: 'Vergleichen Sie sie mit einem früheren Export: So zeigt sich, ob eine ältere Kopie zurückgelegt wurde.',
    headName: 'Prüfsumme',
  },
  about: { title: 'Über Fieldkey', version: 'Version', vault: 'Tresordatei', vaultName: 'Pfad', licence: 'Lizenz', mit: 'MIT' },
};
