import type { Words } from '../en.ts';

export const checking: Words['checking'] = {
  page: 'Revisar archivos',
  title: 'Revisar archivos',
  lead: 'Qué es un archivo y qué tiene mal. No se guarda nada y nunca se muestran claves.',
  drop: 'Suelte archivos aquí',
  dropText: 'Certificados, solicitudes, listas de revocación, claves, PKCS#12: PEM o DER.',
  passphrase: 'Contraseña de lo que está cifrado',
  open: 'Abrir',
  list: 'Qué son los archivos',
  closed: 'Cifrado',
  bad: 'Tiene errores',
  usable: 'Utilizable, con observaciones',
  fine: 'Todo en orden',
  issuer: 'emitido por {{issuer}}',
  entries_one: '{{count, number}} entrada',
  entries_other: '{{count, number}} entradas',
  kind: {
    certificate: 'Certificado',
    crl: 'Lista de revocación',
    request: 'Solicitud de certificado',
    'private-key': 'Clave privada',
    pkcs12: 'PKCS#12',
    unknown: 'Nada que Fieldkey conozca',
  },
};
