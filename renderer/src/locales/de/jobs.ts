import type { Words } from '../en.ts';

export const jobs: Words['jobs'] = {
  starting: 'Beginnt …',
  cancelling: 'Begonnenes wird beendet …',
  paused: 'Angehalten, solange der Tresor gesperrt ist',
  cancel: 'Abbrechen',
  count: '{{done}} von {{total}}',
  step: {
    keys: 'Schlüssel erzeugen',
    issue: 'Zertifikate ausstellen',
    revoke: 'Zertifikate vermerken',
    publish: 'Sperrliste veröffentlichen',
    write: 'Dateien schreiben',
    verify: 'Zurücklesen und vergleichen',
    backup: 'Sicherung schreiben',
  },
  left: {
    seconds_one: 'noch etwa {{count, number}} Sekunde',
    seconds_other: 'noch etwa {{count, number}} Sekunden',
    minutes_one: 'noch etwa {{count, number}} Minute',
    minutes_other: 'noch etwa {{count, number}} Minuten',
  },
  name: {
    'project.provision': '{{subject}} einrichten',
    'device.add': 'Geräte zu {{subject}} hinzufügen',
    'device.replace': '{{subject}} ersetzen',
    'export.run': 'Export nach {{subject}}',
    'export.rekey': 'Schlüssel von {{subject}} austauschen',
  },
  state: {
    running: 'läuft',
    cancelling: 'wird beendet',
    paused: 'angehalten, solange der Tresor gesperrt ist',
    done: 'fertig',
    failed: 'misslungen',
    cancelled: 'abgebrochen',
  },
  tray: {
    label: 'Laufende Arbeiten',
    running_one: '{{count, number}} Arbeit läuft',
    running_other: '{{count, number}} Arbeiten laufen',
    finished_one: '{{count, number}} Arbeit fertig',
    finished_other: '{{count, number}} Arbeiten fertig',
    dismiss: '„{{name}}“ aus der Liste nehmen',
  },
};
