import type { Words } from '../en.ts';

export const jobs: Words['jobs'] = {
  starting: 'Empezando…',
  cancelling: 'Terminando lo que está en curso…',
  paused: 'En pausa mientras la caja fuerte está bloqueada',
  cancel: 'Cancelar',
  count: '{{done}} de {{total}}',
  step: {
    keys: 'Creando claves',
    issue: 'Emitiendo certificados',
    revoke: 'Marcando certificados',
    publish: 'Publicando la lista de revocación',
    write: 'Escribiendo archivos',
    verify: 'Comprobando lo escrito',
    backup: 'Escribiendo la copia de seguridad',
  },
  left: {
    seconds_one: 'queda aproximadamente {{count, number}} segundo',
    seconds_other: 'quedan unos {{count, number}} segundos',
    minutes_one: 'queda aproximadamente {{count, number}} minuto',
    minutes_other: 'quedan unos {{count, number}} minutos',
  },
  name: {
    'project.provision': 'Configurar {{subject}}',
    'device.add': 'Añadir dispositivos a {{subject}}',
    'device.replace': 'Sustituir {{subject}}',
    'export.run': 'Exportar a {{subject}}',
    'export.rekey': 'Cambiar las claves que había en {{subject}}',
  },
  state: {
    running: 'en curso',
    cancelling: 'deteniéndose',
    paused: 'en pausa mientras la caja fuerte está bloqueada',
    done: 'terminado',
    failed: 'ha fallado',
    cancelled: 'cancelado',
  },
  tray: {
    label: 'Trabajos en curso',
    running_one: '{{count, number}} trabajo en curso',
    running_other: '{{count, number}} trabajos en curso',
    finished_one: '{{count, number}} trabajo terminado',
    finished_other: '{{count, number}} trabajos terminados',
    dismiss: 'Quitar «{{name}}» de la lista',
  },
};
