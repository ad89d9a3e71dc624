import type { Words } from '../en.ts';

export const fields: Words['fields'] = {
  optional: 'opcional',
  remove: 'Quitar {{value}}',
  lines: {
    label: 'Dispositivos, uno por línea',
    hint: 'Escríbalos o péguelos. Tras el nombre puede ir un rol, como «dash-1 dashboard».',
    hintPattern: 'crea cien.',
    role: 'Rol de las líneas sin rol',
    roleHint: 'El rol decide qué puede leer y escribir un dispositivo.',
    count_one: '{{count, number}} dispositivo',
    count_other: '{{count, number}} dispositivos',
    reading: 'Leyendo la lista…',
    countWithProblems_one: '{{devices}} por ahora, {{count, number}} línea por corregir',
    countWithProblems_other: '{{devices}} por ahora, {{count, number}} líneas por corregir',
    line: 'Línea {{line}}:',
    duplicate: '«{{value}}» ya está en la línea {{line}}.',
    choice: 'Tras el nombre puede ir un rol: {{choices}}. Los nombres no tienen espacios.',
    more_one: '… y {{count, number}} línea más',
    more_other: '… y {{count, number}} líneas más',
  },
  linesAsBefore_one: '{{count}} línea como antes',
  linesAsBefore_other: '{{count}} líneas como antes',
};
