import type { doctorRemarks as english } from '../en/doctor-remarks.ts';

export const doctorRemarks: Record<keyof typeof english, { title: string; text: string }> = {
  'file-converted': {
    title: 'Se convirtió un archivo',
    text: 'El archivo ({{file}}) tiene la forma {{form}}. Se leyó de todos modos; Mosquitto quiere PEM.',
  },
  'public-authorities': {
    title: 'Comprobado con las autoridades públicas',
    text: 'No se eligió ninguna autoridad, así que el bróker necesita un certificado que aceptaría un navegador.',
  },
  'chain-short': {
    title: 'La cadena no está completa',
    text: 'Termina por debajo de {{issuer}}. Un bróker que solo conoce la raíz no puede seguirla.',
  },
  'client-ends-soon': {
    title: 'El certificado de {{client}} termina pronto',
    text: 'Es válido hasta el {{notAfter}}. Renuévelo antes de que el dispositivo quede fuera de alcance.',
  },
  'client-ended': {
    title: 'El certificado de {{client}} ha caducado',
    text: 'Terminó el {{notAfter}}. Todo bróker con el reloj en hora lo rechaza.',
  },
  'client-not-begun': {
    title: 'El certificado de {{client}} aún no es válido',
    text: 'Empieza el {{notBefore}}. Hasta entonces los brókeres lo rechazan.',
  },
  'client-purpose': {
    title: 'Este certificado no es para un cliente',
    text: 'Al de {{client}} le falta el propósito clientAuth. Los brókeres lo rechazan.',
  },
  'client-weak': {
    title: 'El certificado de {{client}} es demasiado débil',
    text: 'Clave {{key}}, firma {{signature}}: los brókeres actuales rechazan tanto RSA de menos de 2048 bits como SHA-1.',
  },
  'client-revoked': {
    title: 'El certificado de {{client}} está revocado',
    text: 'Desde el {{revokedAt}}. Un bróker con la lista de revocación actual lo rechaza, como debe ser.',
  },
  'client-other-authority': {
    title: 'El certificado de {{client}} es de otra autoridad',
    text: 'Lo emitió {{issuer}}, no {{authority}}. Si el bróker la conoce se ve más abajo.',
  },
  'authority-ended': {
    title: 'La autoridad {{authority}} ha caducado',
    text: 'Desde el {{notAfter}} ya no vale nada de lo que firmó. Sustitúyala en la página «Autoridad».',
  },
  'list-ended': {
    title: 'La lista de revocación ha terminado',
    text: 'El {{nextUpdate}}. Un bróker con esta lista rechaza a todos hasta recibir una más nueva.',
  },
  'list-ends-soon': {
    title: 'La lista de revocación termina pronto',
    text: 'El {{nextUpdate}}. Después, un bróker con esta lista rechaza a todos.',
  },
  'own-broker-ended': {
    title: 'El certificado del bróker de este proyecto ha caducado',
    text: 'Terminó el {{notAfter}}. El bróker necesita uno nuevo.',
  },
  'own-broker-lacks-name': {
    title: 'Al certificado emitido para el bróker le falta {{host}}',
    text: 'El de este proyecto vale para {{names}}.',
  },
  'clock-wrong': {
    title: 'El reloj de este ordenador no está en hora',
    text: 'Marca {{now}}, pero esta caja ya sabe de {{known}}. Lo que sigue sobre fechas también puede ser falso.',
  },
  'address-dead': {
    title: 'Una dirección no responde',
    text: '{{address}}: {{error}}. Quien la prueba primero se queda esperando.',
  },
  unencrypted: {
    title: 'Esta conexión no está cifrada',
    text: 'Todo se puede leer por el camino, también las contraseñas. Sirve para buscar una causa, no para el servicio.',
  },
  'broker-ends-soon': {
    title: 'El certificado del bróker termina pronto',
    text: 'El de {{broker}} es válido hasta el {{notAfter}}. Después no se conecta ningún dispositivo.',
  },
  'broker-other-certificate': {
    title: 'El bróker muestra un certificado anterior',
    text: 'Es auténtico, pero no el último que emitió este proyecto. El kit más nuevo no se copió al bróker, o no se reinició.',
  },
  'broker-key-usage-lax': {
    title: 'Algunos clientes rechazan el certificado del bróker',
    text: 'El de {{broker}} no permite firmas digitales. La biblioteca TLS de Google lo rechaza, otras lo dejan pasar.',
  },
  'server-name-overridden': {
    title: 'Comprobado para otro nombre',
    text: 'En esta comprobación el certificado tenía que estar hecho para {{name}}. Los dispositivos comprueban el nombre que se les dio.',
  },
  'not-verified': {
    title: 'No se comprobó el bróker',
    text: 'Esta conexión acepta cualquier certificado. Quien esté en medio puede hacerse pasar por el bróker y leer lo que se envía.',
  },
  'no-certificate-asked': {
    title: 'El bróker no pide certificado',
    text: 'Dejó entrar a un cliente que no envió ninguno. Hasta ahí llega cualquiera que alcance este puerto.',
  },
  'keep-alive-lowered': {
    title: 'El bróker quiere señales de vida más a menudo',
    text: 'Cada {{given}} segundos en vez de cada {{asked}}.',
  },
  'packet-limit': { title: 'Los mensajes tienen un límite', text: 'El bróker acepta paquetes de hasta {{bytes}}.' },
  'client-id-assigned': {
    title: 'El bróker eligió el ID de cliente',
    text: 'Llama {{id}} a este cliente. Así no se puede retomar una sesión.',
  },
  'older-protocol': {
    title: 'El bróker solo habla MQTT 3.1.1',
    text: 'No dice qué sabe hacer ni cuándo deniega un topic. Lo permitido se ve por lo que llega.',
  },
  'qos-limited': { title: 'No toda calidad de servicio', text: 'El bróker ofrece como máximo QoS {{qos}}.' },
  'no-retained': { title: 'Sin mensajes retenidos', text: 'El bróker no guarda mensajes para quienes llegan después.' },
  'no-wildcards': { title: 'Sin comodines', text: 'El bróker no admite + ni # en las suscripciones.' },
  'no-shared': { title: 'Sin suscripciones compartidas', text: 'El bróker no reparte mensajes entre varios receptores.' },
  'session-expiry-changed': {
    title: 'El bróker guarda las sesiones otro tiempo',
    text: '{{given}} segundos en vez de {{asked}}.',
  },
  'subscription-refused': {
    title: 'El bróker deniega la suscripción a {{topic}}',
    text: 'Las reglas de acceso del bróker no lo permiten (código {{reasonCode}}).',
  },
  'publish-refused': {
    title: 'El bróker deniega mensajes en {{topic}}',
    text: 'Las reglas de acceso del bróker no los admiten (código {{reasonCode}}).',
  },
  'not-delivered': {
    title: 'Un mensaje en {{topic}} no llegó',
    text: 'Se esperó {{milliseconds}} ms. Mosquitto confirma también lo que luego no entrega: las reglas de acceso del emisor o del receptor no encajan.',
  },
  slow: {
    title: 'La ida y vuelta es lenta',
    text: 'Hasta {{milliseconds}} ms. La red o el bróker están cargados.',
  },
  'one-identity-only': {
    title: 'Solo participó una identidad: {{tested}}',
    text: 'No se vio lo que va de los dispositivos al observador y vuelve. Comprobando como dispositivo se ven ambos sentidos.',
  },
  'access-differs': {
    title: 'El bróker decide de otro modo que el plan',
    text: '{{count}} de {{total}} comprobaciones difieren de las reglas de acceso de este proyecto.',
  },
  'access-older-list': {
    title: 'El bróker trabaja con una lista de acceso anterior',
    text: 'Decide según las reglas del {{at}}. El kit más nuevo no se copió, o el bróker no se reinició.',
  },
  'access-everything-allowed': {
    title: 'El bróker no usa lista de acceso',
    text: 'Todo lo que debería denegarse está permitido.',
  },
  'access-nothing-allowed': {
    title: 'La lista de acceso del bróker no conoce ninguno de estos nombres',
    text: 'No se permite nada. A menudo la lista es de otro proyecto.',
  },
  'access-other-rule': {
    title: 'El bróker tiene otras reglas de acceso',
    text: 'En algunos topics decide por una regla que este proyecto no tiene. Quizá alguien editó la lista.',
  },
  'access-untried': { title: 'No se pudo probar todo', text: 'Comprobaciones que no se pudieron hacer: {{count}}.' },
  'let-in-no-certificate': {
    title: 'El bróker deja entrar sin certificado',
    text: 'Quien lo alcance puede conectarse. En sus ajustes falta require_certificate.',
  },
  'let-in-foreign-authority': {
    title: 'El bróker deja entrar certificados de otra autoridad',
    text: 'Su certs/ca.crt nombra más que las autoridades de este proyecto, o no se comprueba nada.',
  },
  'let-in-revoked': {
    title: 'El bróker deja entrar un certificado revocado',
    text: 'No tiene lista de revocación o es antigua. Los dispositivos perdidos y robados entran.',
  },
  'let-in-expired': {
    title: 'El bróker deja entrar un certificado caducado',
    text: 'Su reloj va atrasado, o no mira las fechas.',
  },
  'let-in-no-password': {
    title: 'El bróker deja entrar sin contraseña',
    text: 'Le basta un certificado, aunque el proyecto pide también contraseña. Su archivo de contraseñas o allow_anonymous no son los del kit.',
  },
  'let-in-wrong-password': {
    title: 'El bróker acepta una contraseña equivocada',
    text: 'No comprueba las contraseñas. Su archivo de contraseñas falta o no se usa.',
  },
  'let-in-revoked-password': {
    title: 'El bróker acepta la contraseña de un dispositivo revocado',
    text: 'Su archivo de contraseñas es el de antes de la revocación. Exporte el kit, copie sus usuarios al bróker y recárguelo.',
  },
  'let-in-plain': {
    title: 'El puerto {{port}} está abierto sin cifrar',
    text: 'Quien lo alcance puede leer y enviar. Quite ese listener o limítelo a localhost.',
  },
  'refusal-untried': { title: 'Un rechazo no se pudo probar', text: '{{test}}' },
};
