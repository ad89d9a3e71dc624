import type { Words } from '../en.ts';

export const connection: Words['connection'] = {
  'name-not-found': {
    title: 'No se conoce el nombre {{host}}',
    explanation:
      'Ningún servidor de nombres ni el archivo hosts de este ordenador conoce su dirección. Quizá sea un error de escritura.',
    remedy: 'Pruebe una dirección IP del bróker, o compruebe el nombre y los ajustes DNS de esta red.',
  },
  'name-server-silent': {
    title: 'El servidor de nombres no responde',
    explanation:
      'Ningún servidor de nombres dijo a tiempo qué dirección tiene {{host}}. Quizá esta red no tenga ninguno, como en muchas plantas, o esté caído.',
    remedy: 'Pruebe una dirección IP del bróker, o compruebe qué servidor de nombres usa este ordenador.',
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
      'Compruebe la ruta (a menudo /mqtt, o solo /), el puerto, y si el listener del bróker está configurado como WebSocket.',
  },
  'broker-untrusted': {
    title: 'El certificado del bróker es de otra autoridad',
    explanation:
      'No lo firmó ninguna autoridad de confianza. Puede ser otro bróker, o falta un certificado intermedio que debería mostrar. Desde aquí no se distinguen.',
    remedy:
      'Copie otra vez al bróker el kit de este proyecto, todos los archivos de certs/, y reinícielo. Compare antes las huellas.',
  },
  'broker-other-root': {
    title: 'El bróker pertenece a una autoridad en la que aquí no se confía',
    explanation:
      'El bróker mostró toda su cadena, y la raíz del final no es ninguna de las de confianza. Es otro bróker, o tiene el kit de otro proyecto.',
    remedy:
      'Compare las huellas. Copie al bróker todos los archivos de certs/ del kit de este proyecto, o elija la autoridad que le corresponde.',
  },
  'broker-authority-recreated': {
    title: 'La autoridad tiene el nombre correcto y otra clave',
    explanation:
      'El certificado del bróker lo firmó una autoridad del mismo nombre que no es esta: en algún momento se creó de nuevo, aquí o allí.',
    remedy:
      'Compare las huellas de ambas autoridades. Copie al bróker todos los archivos de certs/ del kit más reciente y reinícielo.',
  },
  'broker-chain-incomplete': {
    title: 'El bróker no muestra toda su cadena',
    explanation:
      'Su certificado es de una autoridad de este proyecto, pero el bróker omite el certificado intermedio. Los dispositivos que solo conocen la raíz lo rechazan.',
    remedy: 'Copie al bróker certs/server.crt del kit de este proyecto y reinícielo: contiene los certificados intermedios.',
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
  'broker-key-usage': {
    title: 'El certificado del bróker no puede firmar',
    explanation:
      'A su uso de clave le falta digitalSignature, así que no puede participar en un handshake moderno. Algunos dispositivos lo pasan por alto, otros lo rechazan como este programa.',
    remedy: 'Emita un certificado nuevo para el bróker, copie allí todos los archivos de certs/ y reinícielo.',
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
    explanation: 'Su tiempo ha pasado, según el reloj del bróker y el de este ordenador.',
    remedy: 'Sustituya el certificado {{of}} y lleve el nuevo a donde se usa.',
  },
  'client-certificate-not-yet-valid': {
    title: 'El certificado {{of}} aún no es válido',
    explanation: 'Empieza en el futuro, también según el reloj de este ordenador. Hasta entonces el bróker lo rechaza.',
    remedy: 'Espere a que empiece, o sustitúyalo por uno que ya valga.',
  },
  'client-certificate-weak': {
    title: 'El certificado {{of}} es demasiado débil',
    explanation: 'Está hecho con una clave RSA corta o con SHA-1. Los brókeres y programas actuales rechazan esos certificados.',
    remedy: 'Sustituya el certificado {{of}}, mejor por uno con clave P-256.',
  },
  'broker-list-ended': {
    title: 'La lista de revocación del bróker ha caducado',
    explanation:
      'Según el reloj de este ordenador, al certificado {{of}} le queda tiempo. Un bróker cuya lista de revocación ha caducado rechaza a todos con esta respuesta; uno cuyo reloj va adelantado, también. Desde aquí no se distinguen.',
    remedy:
      'Compruebe la fecha del bróker. Después publique una lista de revocación nueva en la página Autoridad, cópiela al bróker y reinícielo.',
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
    explanation: 'No dice más. Casi siempre el reloj del bróker va atrasado y para él el certificado aún no es válido.',
    remedy: 'Compruebe la fecha del bróker y lea su registro a esa hora.',
  },
  'handshake-failure': {
    title: 'No hay acuerdo sobre el cifrado',
    explanation: 'El bróker cortó el handshake y no dijo por qué.',
    remedy: 'Lea el registro del bróker a esa hora. Las claves P-256 funcionan en todas partes.',
  },
  'no-common-cipher': {
    title: 'Ningún cifrado en común',
    explanation:
      'El bróker cortó el handshake antes de mostrar un certificado: ninguno de los cifrados ofrecidos está en su lista.',
    remedy: 'Compruebe ciphers y ciphers_tls1.3 en el listener del bróker y el tipo de su clave: P-256 funciona en todas partes.',
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
  'server-name-refused': {
    title: 'Aquí nadie responde al nombre {{host}}',
    explanation: 'Un servidor que atiende varios nombres recibió este y no lo conoce. A menudo hay un proxy delante del bróker.',
    remedy: 'Use el nombre por el que el proxy conoce al bróker, o ponga otro nombre de servidor para la prueba.',
  },
  'closed-during-tls': {
    title: 'La conexión se cierra en cuanto empieza TLS',
    explanation:
      '{{host}} aceptó la conexión en el puerto {{port}} y la cerró durante el handshake, sin motivo y sin MQTT. A menudo es un proxy, un cortafuegos, un servicio que espera otra cosa o un bróker que rechaza un certificado sin decirlo.',
    remedy: 'Compruebe el puerto y lo que hay entre este ordenador y el bróker. Lea el registro del bróker a esa hora.',
  },
  'file-unreadable': {
    title: 'Un archivo no es lo que debería',
    explanation:
      'No se pudo leer en él ningún certificado ni clave, ni en PEM ni en DER. Quizá los archivos estén cambiados, o uno se cortó al copiarlo.',
    remedy: 'Elija los archivos otra vez. «Revisar archivos» dice qué es cada uno.',
  },
  'key-unsupported': {
    title: 'Este tipo de clave no sirve',
    explanation:
      'La biblioteca TLS no conoce la curva, o la forma en que está guardada la clave, como secp256k1. Muchos dispositivos tampoco.',
    remedy: 'Emita un certificado con una clave P-256.',
  },
  'key-mismatch': {
    title: 'La clave y el certificado no van juntos',
    explanation: 'La clave privada {{of}} no encaja con su certificado, así que no se ha enviado nada.',
    remedy: 'Sustituya el certificado {{of}}. Compruebe el registro de esta caja fuerte en los ajustes.',
  },
  'passphrase-missing': {
    title: 'La clave está cifrada',
    explanation: 'Sin su contraseña la clave no se puede usar; por eso no se envió nada.',
    remedy: 'Escriba la contraseña de la clave.',
  },
  'passphrase-wrong': {
    title: 'La contraseña es incorrecta',
    explanation: 'No se pudo descifrar la clave con ella; por eso no se envió nada.',
    remedy: 'Escriba la contraseña otra vez. Fíjese en las mayúsculas y en el idioma del teclado.',
  },
  'authority-unreadable': {
    title: 'En el archivo de la autoridad no hay ningún certificado',
    explanation: 'TLS pasa por alto un archivo así sin avisar y entonces no confía en nadie: rechazaría a cualquier bróker.',
    remedy: 'Elija el archivo con el certificado de la autoridad, normalmente ca.crt.',
  },
  'authority-is-no-authority': {
    title: 'El archivo de la autoridad contiene el certificado de otro',
    explanation:
      'Lo que contiene no es una autoridad, quizá el certificado de un dispositivo o del bróker. No responde por nadie.',
    remedy: 'Elija el archivo con el certificado de la autoridad, normalmente ca.crt.',
  },
  'no-connack': {
    title: 'TLS funciona, pero no llega respuesta MQTT',
    explanation:
      'El cifrado se estableció en el puerto {{port}}. Después, el bróker, o lo que haya allí, dejó sin respuesta la petición de conexión.',
    remedy: 'Compruebe si este puerto es el de MQTT y si el bróker está sobrecargado. Lea su registro a esa hora.',
  },
  'closed-before-connack': {
    title: 'El bróker cuelga en vez de responder',
    explanation:
      'El cifrado se estableció y después la conexión se cerró sin respuesta a CONNECT. Así lo hacen los brókeres cuando hay demasiados clientes, o cuando rechazan un certificado sin decirlo.',
    remedy: 'Lea el registro del bróker a esa hora: max_connections, y lo que diga del certificado {{of}}.',
  },
  'mqtt-version': {
    title: 'Ninguna versión de MQTT en común',
    explanation: 'En este puerto el bróker no habla ni MQTT 5 ni 3.1.1.',
    remedy: 'Compruebe qué protocolos permite el listener y actualice un bróker antiguo.',
  },
  credentials: {
    title: 'El bróker rechaza el acceso',
    explanation: 'El usuario o la contraseña no son correctos, o el bróker no toma el nombre del certificado.',
    remedy: 'Compruebe use_identity_as_username en el listener del bróker, y que no se le aplique un archivo de contraseñas.',
  },
  'authentication-method': {
    title: 'El bróker quiere otra forma de iniciar sesión',
    explanation: 'Pide autenticación ampliada con un método que no se ofreció.',
    remedy: 'Compruebe los ajustes de autenticación del listener del bróker.',
  },
  'authentication-unanswered': {
    title: 'El bróker sigue preguntando y no hay respuesta',
    explanation:
      'Continúa un intercambio de autenticación (método {{method}}). Para su paso {{step}} no hay ninguna respuesta guardada, y Fieldkey no calcula ninguna; por eso ha terminado la conexión. El bróker dijo: «{{said}}».',
    remedy:
      'Si el método pregunta siempre lo mismo, escriba en la conexión, en MQTT, una respuesta para cada paso. Los métodos que calculan sus respuestas, como SCRAM, no se pueden probar aquí.',
  },
  'not-authorized': {
    title: 'El bróker no admite {{whom}}',
    explanation: 'El certificado se aceptó, pero las reglas de acceso del bróker no prevén este nombre.',
    remedy: 'Copie al bróker la lista de acceso del kit de este proyecto y reinícielo.',
  },
  banned: {
    title: 'El bróker ha vetado {{whom}}',
    explanation: 'Conoce a este cliente y por ahora no lo deja entrar, por ejemplo tras demasiados fallos.',
    remedy: 'Busque el veto en el bróker y levántelo.',
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
  'rate-limited': {
    title: 'Demasiado rápido para el bróker',
    explanation: 'Los mensajes o las conexiones llegaron más deprisa de lo que el bróker permite.',
    remedy: 'Espere un momento, envíe más despacio o suba el límite de ritmo del bróker.',
  },
  'server-busy': {
    title: 'El bróker está ocupado',
    explanation: 'Está ahí, pero ahora no acepta conexiones nuevas. Puede estar arrancando o cerrándose.',
    remedy: 'Espere un momento. Si sigue así, mire su carga y su registro.',
  },
  'server-moved': {
    title: 'El bróker envía a sus clientes a otro sitio',
    explanation: 'Dice que ahora se encarga otro servidor.',
    remedy: 'Pregunte la dirección nueva a quien administra el bróker y pruebe con esa.',
  },
  'shutting-down': {
    title: 'El bróker se está apagando',
    explanation: 'Se despidió porque se detiene o se reinicia.',
    remedy: 'Espere a que vuelva a estar en marcha y conéctese otra vez.',
  },
  'protocol-error': {
    title: 'Las dos partes no se entienden',
    explanation: 'Algo en el intercambio iba contra las reglas de MQTT.',
    remedy: 'Abra los detalles y compárelos con el registro del bróker. Actualice un bróker antiguo.',
  },
  'closed-by-broker': {
    title: 'El bróker ha cerrado la conexión',
    explanation:
      'Ya estaba aceptada y no dio ningún motivo. A menudo el mismo nombre se conectó dos veces, o el bróker se reinició.',
    remedy: 'Mire el registro del bróker a esa hora. Compruebe si {{who}} también está conectado en otro sitio.',
  },
  'keep-alive-timeout': {
    title: 'La conexión quedó en silencio',
    explanation: 'El bróker no dio señales de vida a tiempo. La red se interrumpió, o el bróker está colgado.',
    remedy: 'Compruebe la red y conecte de nuevo si la conexión no vuelve por sí sola.',
  },
  resting: {
    title: 'En pausa',
    explanation: 'Una comprobación o una prueba usa ahora el mismo certificado. Dos a la vez se echarían la una a la otra.',
    remedy: 'No hay que hacer nada: la conexión vuelve sola, con sus suscripciones.',
  },
  'vault-locked': {
    title: 'La caja fuerte se ha bloqueado',
    explanation: 'Las claves solo están disponibles con la caja fuerte abierta; por eso se cerró la conexión de prueba.',
    remedy: 'Abra la caja fuerte y conéctese otra vez.',
  },
  'tester-ended': {
    title: 'El proceso del probador terminó de forma inesperada',
    explanation:
      'Las conexiones viven en un proceso propio. Ha fallado; la bóveda y el resto de Fieldkey no se han visto afectados.',
    remedy:
      'El observador vuelve por sí solo con sus suscripciones. Conecte de nuevo los dispositivos. Si ocurre otra vez, mire qué envía este bróker.',
  },
  unknown: {
    title: 'La conexión ha fallado',
    explanation: 'Las señales no encajan con ninguna causa que Fieldkey conozca.',
    remedy: 'Abra los detalles y compárelos con el registro del bróker a esa hora.',
  },
};
