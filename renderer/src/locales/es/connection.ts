import type { Words } from '../en.ts';

export const connection: Words['connection'] = {
  'name-not-found': {
    title: 'No se conoce el nombre {{host}}',
    explanation:
      'Ningún servidor de nombres ni el archivo hosts de este ordenador conoce su dirección. Quizá sea un error de escritura.',
    remedy: 'Pruebe una dirección IP del bróker, o compruebe el nombre y los ajustes DNS de esta red.',
  },
  refused: {
    title: 'Nadie responde en el puerto {{port}}',
    explanation:
      '{{host}} está ahí, pero ningún programa escucha en este puerto. El bróker está parado, o solo se escucha a sí mismo.',
    remedy: 'Compruebe el puerto, si Mosquitto está en marcha y si su listener está limitado a localhost.',
  },
  unreachable: {
    title: 'No se llega a {{host}}',
    explanation: 'No ha vuelto ninguna respuesta: un cortafuegos por medio, otra red o un equipo apagado.',
    remedy: 'Compruebe el cable o la wifi, si ambos están en la misma red y el cortafuegos del bróker.',
  },
  'no-answer': {
    title: 'El puerto está abierto, pero nadie habla',
    explanation: 'Algo aceptó la conexión en el puerto {{port}} y luego calló. No es un bróker MQTT con TLS.',
    remedy: 'Compruebe el puerto, y si un cortafuegos o un proxy responde en lugar del bróker.',
  },
  'plain-port': {
    title: 'Este puerto no está cifrado',
    explanation:
      '{{host}} habla MQTT sin cifrar en el puerto {{port}}. No se pide certificado y todo se puede leer por el camino.',
    remedy: 'Use el puerto con TLS, normalmente 8883, y cierre el puerto sin cifrar en el bróker.',
  },
  'tls-port': {
    title: 'Este puerto está cifrado',
    explanation: '{{host}} habla TLS en el puerto {{port}}, y esta conexión está configurada sin cifrar.',
    remedy: 'Elija en la conexión el transporte con TLS (mqtts o wss), u otro puerto.',
  },
  'not-tls': {
    title: 'El puerto {{port}} no habla TLS',
    explanation: 'Algo respondió, pero no con TLS. Puede ser un servidor web u otro servicio.',
    remedy: 'Compruebe el número de puerto. MQTT con TLS suele estar en el 8883.',
  },
  'not-mqtt': {
    title: 'El puerto {{port}} no habla MQTT',
    explanation: 'El cifrado se estableció, pero lo que siguió no es MQTT. Puede ser un servidor web.',
    remedy: 'Compruebe el número de puerto y si el listener del bróker está puesto en MQTT.',
  },
  'websocket-refused': {
    title: 'Aquí no hay MQTT por WebSocket',
    explanation:
      'Lo que responde en {{host}}, puerto {{port}}, no acepta un WebSocket para MQTT en esta ruta. Puede ser un servidor web o un puerto MQTT normal.',
    remedy:
      'Compruebe la ruta (a menudo /mqtt, o solo /), el puerto, y si el listener del broker está configurado como WebSocket.',
  },
  'broker-untrusted': {
    title: 'El certificado del bróker es de otra autoridad',
    explanation:
      'La autoridad de este proyecto no lo firmó. Puede ser otro bróker, una autoridad creada de nuevo con el mismo nombre o un certificado intermedio que falta.',
    remedy:
      'Copie otra vez al bróker el kit de este proyecto, todos los archivos de certs/, y reinícielo. Compare antes las huellas.',
  },
  'broker-self-signed': {
    title: 'El bróker firmó su propio certificado',
    explanation: 'Nadie responde por él; los dispositivos no pueden distinguirlo de un impostor.',
    remedy: 'Copie al bróker el kit de este proyecto: contiene un certificado de su autoridad.',
  },
  'broker-expired': {
    title: 'El certificado del bróker ha caducado',
    explanation: 'Según el reloj de este ordenador su tiempo ha pasado. Si el reloj está mal, este hallazgo también.',
    remedy:
      'Compruebe la fecha de este ordenador. Si es correcta, emita un certificado nuevo en la página Bróker, exporte el kit, copie todos los archivos de certs/ al bróker y reinícielo.',
  },
  'broker-not-yet-valid': {
    title: 'El certificado del bróker todavía no es válido',
    explanation: 'Según el reloj de este ordenador empieza en el futuro. Probablemente ese reloj va atrasado.',
    remedy: 'Ponga en hora este ordenador e inténtelo de nuevo.',
  },
  'broker-name-mismatch': {
    title: 'El certificado del bróker no es para {{host}}',
    explanation: 'Solo vale para otros nombres y direcciones. Los dispositivos que comprueban el nombre también lo rechazan.',
    remedy:
      'Añada {{host}} a los nombres y direcciones del bróker, lo que emite de nuevo su certificado, o use un nombre que sí tenga.',
  },
  'broker-purpose': {
    title: 'Este certificado no es para un bróker',
    explanation: 'Al certificado del bróker le falta el uso de servidor. Quizá se instaló allí el de un dispositivo.',
    remedy: 'Copie al bróker server.crt y server.key del kit de este proyecto y reinícielo.',
  },
  'client-certificate-required': {
    title: 'El bróker pide un certificado y no vio ninguno',
    explanation: 'Aquí se exigen certificados, pero ninguno llegó al bróker.',
    remedy: 'Compruebe que {{who}} tiene un certificado válido e inténtelo de nuevo.',
  },
  'client-certificate-unknown-authority': {
    title: 'El bróker no conoce su autoridad',
    explanation: 'El certificado {{of}} es de una autoridad en la que el bróker no confía, o allí falta un eslabón de la cadena.',
    remedy: 'Copie al bróker certs/ca.crt del kit de este proyecto y reinícielo.',
  },
  'client-certificate-expired': {
    title: 'El bróker dice que el certificado {{of}} ha caducado',
    explanation: 'Según el reloj del bróker su tiempo ha pasado. Puede que ese reloj vaya adelantado.',
    remedy: 'Compruebe la fecha del bróker. Si es correcta, sustituya el certificado {{of}}.',
  },
  'client-certificate-revoked': {
    title: 'El certificado {{of}} está revocado',
    explanation: 'Está en la lista de revocación que lleva el bróker, y por eso lo rechaza. Así debe ser.',
    remedy: 'Si {{who}} debe conectarse, sustituya su certificado y llévele el nuevo.',
  },
  'client-certificate-unsupported': {
    title: 'El bróker no puede usar este certificado',
    explanation: 'Al certificado {{of}} le falta el uso de cliente, o tiene un tipo de clave que el bróker no conoce.',
    remedy: 'Sustituya el certificado {{of}}, mejor con una clave P-256.',
  },
  'client-certificate-rejected': {
    title: 'El bróker rechaza el certificado {{of}}',
    explanation:
      'No dice más. A menudo el reloj del bróker va atrasado y el certificado aún no es válido, o su lista de revocación ha terminado.',
    remedy:
      'Compruebe la fecha del bróker, publique una lista de revocación nueva y cópiela allí. Después lea el registro del bróker.',
  },
  'handshake-failure': {
    title: 'No hay acuerdo sobre el cifrado',
    explanation: 'Las dos partes no tienen ningún método en común, o el bróker pidió un certificado y no lo recibió.',
    remedy: 'Compruebe tls_version y ciphers en el bróker. Las claves P-256 funcionan en todas partes.',
  },
  'protocol-version': {
    title: 'No hay una versión de TLS en común',
    explanation: 'El bróker solo habla versiones que aquí se rechazan, o al revés. Hace falta al menos TLS 1.2.',
    remedy: 'Compruebe tls_version en los ajustes del bróker y actualice un bróker antiguo.',
  },
  alpn: {
    title: 'El bróker espera otro protocolo',
    explanation: 'Solo ofrece protocolos de aplicación que esta prueba no nombra. A menudo hay un proxy delante.',
    remedy: 'Quite el ajuste ALPN del bróker o del proxy.',
  },
  'key-mismatch': {
    title: 'La clave y el certificado no van juntos',
    explanation: 'La clave privada {{of}} no encaja con su certificado, así que no se ha enviado nada.',
    remedy: 'Sustituya el certificado {{of}}. Compruebe el registro de esta caja fuerte en los ajustes.',
  },
  credentials: {
    title: 'El bróker rechaza el acceso',
    explanation: 'El usuario o la contraseña no son correctos, o el bróker no toma el nombre del certificado.',
    remedy: 'Compruebe use_identity_as_username en el listener del bróker, y que no se le aplique un archivo de contraseñas.',
  },
  'not-authorized': {
    title: 'El bróker no admite {{whom}}',
    explanation: 'El certificado se aceptó, pero las reglas de acceso del bróker no prevén este nombre.',
    remedy: 'Copie al bróker la lista de acceso del kit de este proyecto y reinícielo.',
  },
  'client-id-rejected': {
    title: 'El bróker rechaza el identificador de cliente',
    explanation: 'No acepta el nombre con el que se presenta {{who}}.',
    remedy: 'Compruebe use_username_as_clientid y clientid_prefixes en los ajustes del bróker.',
  },
  'taken-over': {
    title: 'Alguien más se ha conectado como {{who}}',
    explanation:
      'El bróker admite cada nombre una sola vez y cerró esta conexión en favor de la más nueva. Probablemente volvió el dispositivo real.',
    remedy: 'Si el dispositivo debe estar en servicio, no hay nada que hacer. La prueba no vuelve a expulsarlo por sí sola.',
  },
  'packet-too-large': {
    title: 'Un mensaje era demasiado grande',
    explanation: 'El bróker cierra la conexión con mensajes por encima de su límite (max_packet_size).',
    remedy: 'Envíe menos de una vez, o suba el límite en el bróker.',
  },
  'quota-exceeded': {
    title: 'Se ha alcanzado un límite del bróker',
    explanation: 'Conexiones, mensajes o ritmo: el bróker no admite más.',
    remedy: 'Espere un momento, o suba los límites en los ajustes del bróker.',
  },
  'server-busy': {
    title: 'El bróker está ocupado',
    explanation: 'Está ahí, pero ahora no acepta conexiones nuevas. Puede estar arrancando o cerrándose.',
    remedy: 'Espere un momento. Si sigue así, mire su carga y su registro.',
  },
  'protocol-error': {
    title: 'Las dos partes no se entienden',
    explanation: 'Algo en el intercambio iba contra las reglas de MQTT.',
    remedy: 'Abra los detalles y compárelos con el registro del bróker. Actualice un bróker antiguo.',
  },
  'closed-by-broker': {
    title: 'El bróker ha cerrado la conexión',
    explanation:
      'No dio ningún motivo. A menudo el mismo nombre se conectó dos veces, el bróker se reinició o es un puerto sin TLS.',
    remedy: 'Mire el registro del bróker a esa hora. Compruebe si {{who}} también está conectado en otro sitio.',
  },
  'keep-alive-timeout': {
    title: 'La conexión quedó en silencio',
    explanation: 'El bróker no dio señales de vida a tiempo. La red se interrumpió, o el bróker está colgado.',
    remedy: 'Compruebe la red y conecte de nuevo si la conexión no vuelve por sí sola.',
  },
  'vault-locked': {
    title: 'La caja fuerte se ha bloqueado',
    explanation: 'Las claves solo están disponibles con la caja fuerte abierta; por eso se cerró la conexión de prueba.',
    remedy: 'Abra la caja fuerte y conéctese otra vez.',
  },
  unknown: {
    title: 'La conexión ha fallado',
    explanation: 'Las señales no encajan con ninguna causa que Fieldkey conozca.',
    remedy: 'Abra los detalles y compárelos con el registro del bróker a esa hora.',
  },
};
