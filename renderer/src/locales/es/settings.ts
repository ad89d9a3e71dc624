import type { Words } from '../en.ts';

export const settings: Words['settings'] = {
  page: 'Ajustes',
  lead: 'Para este ordenador, sea cual sea la caja fuerte abierta.',
  appearance: 'Apariencia',
  theme: { label: 'Colores', system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
  language: { label: 'Idioma', system: 'Sistema' },
  safety: 'Seguridad',
  autoLock: {
    label: 'Bloquear después de',
    hint: 'Si nadie toca el teclado ni el ratón durante este tiempo, la caja fuerte se bloquea sola.',
    minutes: '{{count, number}} min',
  },
  audit: {
    title: 'Registro de esta caja fuerte',
    text: 'Cada paso se escribe en una cadena de entradas. Una entrada cambiada, borrada o insertada la rompe.',
    verify: 'Comprobar el registro',
    checking: 'Comprobando…',
    sound_one: 'El registro está en orden: {{count, number}} entrada, sin interrupción.',
    sound_other: 'El registro está en orden: {{count, number}} entradas, sin interrupción.',
    broken_one: 'El registro no está en orden: {{count, number}} hallazgo.',
    broken_other: 'El registro no está en orden: {{count, number}} hallazgos.',
    brokenHelp:
      'Alguien o algo ha cambiado el archivo de la caja fuerte fuera de Fieldkey. No emita nada más con él. Guarde una copia como prueba y vuelva a una copia de seguridad.',
    head: 'Suma de comprobación de la última entrada',
    headHint: 'Compárela con una exportación anterior: muestra si se ha restituido una copia más antigua.',
    headName: 'suma de comprobación',
  },
  about: {
    title: 'Acerca de Fieldkey',
    version: 'Versión',
    vault: 'Archivo de la caja fuerte',
    vaultName: 'ruta',
    licence: 'Licencia',
    mit: 'MIT',
  },
};
