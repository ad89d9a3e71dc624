import type { Words } from '../en.ts';

export const checking: Words['checking'] = {
  page: 'Dateien prüfen',
  title: 'Dateien prüfen',
  lead: 'Was eine Datei ist und was daran nicht stimmt. Nichts wird gespeichert, Schlüssel werden nie gezeigt.',
  drop: 'Dateien hier ablegen',
  dropText: 'Zertifikate, Zertifikatsanforderungen, Sperrlisten, Schlüssel, PKCS#12: PEM oder DER.',
  passphrase: 'Passphrase für Verschlüsseltes',
  open: 'Öffnen',
  list: 'Was die Dateien sind',
  closed: 'Verschlüsselt',
  bad: 'Hat Fehler',
  usable: 'Brauchbar, mit Hinweisen',
  fine: 'Alles in Ordnung',
  issuer: 'ausgestellt von {{issuer}}',
  entries_one: '{{count, number}} Eintrag',
  entries_other: '{{count, number}} Einträge',
  kind: {
    certificate: 'Zertifikat',
    crl: 'Sperrliste',
    request: 'Zertifikatsanforderung',
    'private-key': 'Privater Schlüssel',
    pkcs12: 'PKCS#12',
    unknown: 'Nichts, was Fieldkey kennt',
  },
};
