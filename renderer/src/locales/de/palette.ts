import type { Words } from '../en.ts';

export const palette: Words['palette'] = {
  open: 'Seite, Gerät oder Aktion suchen',
  placeholder: 'Gerät, Seriennummer oder Aktion',
  nothing: 'Nichts gefunden.',
  pages: 'Seiten',
  actions: 'Aktionen',
  devices: 'Geräte',
  lock: 'Tresor sperren',
  publishCrl: 'Neue Sperrliste veröffentlichen',
  testBroker: 'Den Broker testen',
  doctor: 'Herausfinden, warum eine Verbindung nicht klappt',
  newProject: 'Ein Projekt einrichten',
  bring: 'Vorhandene Zertifizierungsstelle übernehmen',
  checkFiles: 'Dateien prüfen',
  requests: 'Geräte aus Zertifikatsanforderungen',
  export: 'Paket exportieren',
  checkRecord: 'Protokoll prüfen',
  theme: { light: 'Helle Farben', dark: 'Dunkle Farben', contrast: 'Hoher Kontrast', usual: 'Gewöhnlicher Kontrast' },
  projects: 'Projekte',
  shortcut: 'Strg K',
  shortcutMac: '⌘ K',
};
