import type { Words } from '../en.ts';

export const palette: Words['palette'] = {
  open: 'Buscar una página, un dispositivo o una acción',
  placeholder: 'Dispositivo, n.º de serie o acción',
  nothing: 'No se ha encontrado nada.',
  pages: 'Páginas',
  actions: 'Acciones',
  devices: 'Dispositivos',
  lock: 'Bloquear la caja fuerte',
  publishCrl: 'Publicar una lista de revocación nueva',
  testBroker: 'Probar el bróker',
  doctor: 'Averiguar por qué no hay conexión',
  newProject: 'Preparar un proyecto',
  bring: 'Traer una autoridad que ya existe',
  checkFiles: 'Revisar archivos',
  requests: 'Dispositivos desde solicitudes de certificado',
  export: 'Exportar el kit',
  checkRecord: 'Comprobar el registro',
  theme: { light: 'Colores claros', dark: 'Colores oscuros', contrast: 'Contraste alto', usual: 'Contraste normal' },
  projects: 'Proyectos',
  shortcut: 'Ctrl K',
  shortcutMac: '⌘ K',
};
