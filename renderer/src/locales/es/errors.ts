import type { Words } from '../en.ts';

export const errors: Words['errors'] = {
  INPUT_INVALID: {
    title: 'Algo en el formulario no sirve',
    explanation: 'Fieldkey comprobó los datos y los rechazó antes de hacer nada.',
    todo: 'Corrija los puntos de abajo e inténtelo de nuevo.',
  },
  PLAN_INVALID: {
    title: 'El plan tiene errores',
    explanation: 'Se ha leído {{file}}, pero no todo lo que contiene sirve. No se ha emitido nada.',
    todo: 'Corrija los puntos de abajo y ejecute el plan otra vez.',
  },
  PLAN_NOT_READABLE: {
    title: 'El plan no se puede leer',
    explanation: '{{file}} falta o no es JSON válido: {{reason}}',
    todo: 'Compruebe la ruta, y el archivo con un editor que marque los errores de JSON.',
  },
  PLAN_CONFLICT: {
    title: 'El plan contradice el proyecto',
    explanation: 'El proyecto «{{project}}» ya existe, y algunas cosas no se pueden cambiar después.',
    todo: 'Deshaga en el plan los cambios de los puntos de abajo, o use otro nombre de proyecto.',
  },
  VAULT_EXISTS: {
    title: 'Ya hay un archivo',
    explanation: '{{file}} existe. Fieldkey nunca sobrescribe un archivo con una caja fuerte nueva.',
    todo: 'Ábralo como caja fuerte existente, o elija otro lugar para la nueva.',
  },
  VAULT_NOT_FOUND: {
    title: 'La caja fuerte no está',
    explanation: '{{file}} no existe o su unidad no está conectada.',
    todo: 'Conecte la unidad e inténtelo de nuevo, o abra otra caja fuerte.',
  },
  VAULT_NOT_A_VAULT: {
    title: 'Esto no es una caja fuerte',
    explanation: '{{file}} es un archivo de otro programa. No se ha modificado.',
    todo: 'Elija el archivo que creó Fieldkey. Su nombre suele terminar en .fieldkey.',
  },
  VAULT_FROM_FUTURE: {
    title: 'Esta caja fuerte es más nueva que este Fieldkey',
    explanation: 'Tiene el formato {{found}}; esta versión entiende formatos hasta {{supported}}. No se ha modificado.',
    todo: 'Instale la versión actual de Fieldkey y ábrala con ella.',
  },
  VAULT_IN_USE: {
    title: 'La caja fuerte está abierta en otro sitio',
    explanation:
      'La tiene el proceso {{pid}} en {{host}} desde {{since}}. Dos programas que escriben en la misma caja fuerte la destruirían.',
    todo: 'Bloquéela o ciérrela allí e inténtelo de nuevo.',
  },
  VAULT_NOT_WRITABLE: {
    title: 'No se puede escribir en la caja fuerte',
    explanation: '{{file}}: {{reason}}',
    todo: 'Compruebe la protección contra escritura de la unidad y los permisos de la carpeta, e inténtelo de nuevo.',
  },
  VAULT_DAMAGED: {
    title: 'La caja fuerte está dañada',
    explanation: 'El archivo no está como lo escribió Fieldkey, así que ya no se escribe nada en él. {{detail}}',
    todo: 'Restaure una copia. El archivo dañado se conserva con otro nombre.',
  },
  VAULT_TAMPERED: {
    title: 'La caja fuerte se ha modificado desde fuera',
    explanation: 'Una entrada de «{{table}}» (fila {{row}}) no lleva el sello de esta caja fuerte. Alguien o algo la ha editado.',
    todo: 'No emita nada. Conserve el archivo como prueba y siga con una copia de su copia de seguridad.',
  },
  VAULT_LOCKED: {
    title: 'La caja fuerte está bloqueada',
    explanation: 'Se ha bloqueado entretanto, quizá porque no había nadie.',
    todo: 'Ábrala con su frase de contraseña.',
  },
  VAULT_NOT_OPEN: {
    title: 'No hay ninguna caja fuerte abierta',
    explanation: 'Para esto hace falta una caja fuerte abierta.',
    todo: 'Abra o cree primero una caja fuerte.',
  },
  VAULT_FULL: {
    title: 'No queda espacio',
    explanation: 'La unidad que contiene {{file}} está llena. Lo guardado antes está intacto.',
    todo: 'Libere espacio en la unidad e inténtelo de nuevo.',
  },
  VAULT_READ_ONLY: {
    title: 'La caja fuerte solo se puede leer',
    explanation: 'No se puede escribir en {{file}}, así que no se ha cambiado nada: {{reason}}',
    todo: 'Quite la protección contra escritura, o copie la caja fuerte a un lugar donde se pueda escribir y ábrala allí.',
  },
  VAULT_GONE: {
    title: 'El archivo de la caja fuerte ya no está',
    explanation: '{{file}} se eliminó o se sustituyó mientras estaba abierto. Lo que ha hecho hasta ahora sigue en la memoria.',
    todo: 'Guarde una copia ahora, antes de bloquear la caja fuerte o cerrar Fieldkey.',
  },
  COPY_UNSOUND: {
    title: 'Esta copia no está íntegra',
    explanation: '{{file}} se comprobó y no se ha usado: {{detail}}. La caja fuerte no se ha tocado.',
    todo: 'Elija una copia más antigua.',
  },
  CLOCK_WRONG: {
    title: '¿Está en hora el reloj de este ordenador?',
    explanation:
      'Marca {{clock}}; la caja fuerte conoce {{known}}. Los dispositivos rechazarían certificados con fechas erróneas, o estos durarían demasiado; por eso no se ha emitido nada.',
    todo: 'Si no lo está, póngalo en hora. Si lo está, confírmelo en la parte superior de la ventana.',
  },
  PASSPHRASE_WRONG: {
    title: 'Esta frase de contraseña no abre esta caja fuerte',
    explanation: 'Fieldkey no puede saber si falla una letra o la frase entera.',
    todo: 'Compruebe las mayúsculas y la distribución del teclado. Si se ha olvidado, las tarjetas de recuperación abren la caja fuerte, si se crearon.',
  },
  KEY_PASSPHRASE_WRONG: {
    title: 'Esta frase de contraseña no abre el archivo de clave',
    explanation:
      'El archivo con la clave de la autoridad tiene su propia frase de contraseña, elegida al sacarla de línea. Todavía no se ha hecho nada.',
    todo: 'Revise el bloqueo de mayúsculas y el teclado e inténtelo de nuevo, o use la otra copia del archivo.',
  },
  BACKUP_PASSPHRASE_WRONG: {
    title: 'Esta frase de contraseña no abre esta copia de seguridad',
    explanation:
      'Una copia de seguridad tiene su propia frase, elegida al crearla. Un archivo alterado se ve igual que una frase equivocada.',
    todo: 'Compruebe las mayúsculas y la distribución del teclado. Si está seguro de la frase, el archivo está dañado: use otra copia de seguridad.',
  },
  PASSPHRASE_WEAK: {
    title: 'La frase de contraseña es demasiado corta',
    explanation: 'Una caja fuerte se puede copiar y atacar durante años; por eso hacen falta al menos {{minimum}} caracteres.',
    todo: 'Añada una o dos palabras.',
  },
  PASSPHRASE_MISSING: {
    title: 'Falta la frase de contraseña',
    explanation: 'Sin ella no se puede abrir la caja fuerte.',
    todo: 'Escriba la frase de contraseña de esta caja fuerte.',
  },
  PASSPHRASE_DIFFERENT: {
    title: 'Las dos frases de contraseña son distintas',
    explanation: 'Deben ser iguales, para que un error al escribir no le deje fuera.',
    todo: 'Escriba las dos otra vez.',
  },
  SHARES_NONE: {
    title: 'No hay tarjetas de recuperación para esta caja fuerte',
    explanation: 'No se creó ninguna, así que solo la abre la frase de contraseña.',
    todo: 'Busque la frase de contraseña o restaure una copia de seguridad cuyas frases conozca.',
  },
  SHARES_TOO_FEW: {
    title: 'Hacen falta más tarjetas',
    explanation: 'Esta caja fuerte se abre con {{needed}} tarjetas distintas; se han introducido {{given}}.',
    todo: 'Añada tarjetas de otras personas.',
  },
  SHARE_MISTYPED: {
    title: 'La tarjeta {{share}} tiene un error al escribir',
    explanation: 'Su suma de comprobación no coincide: al menos un carácter no es el de la tarjeta.',
    todo: 'Compárela con la tarjeta, grupo por grupo.',
  },
  SHARE_OTHER_VAULT: {
    title: 'La tarjeta {{share}} es de otra caja fuerte',
    explanation: 'Es para la caja fuerte {{vault}}; esta es {{expected}}.',
    todo: 'Use una tarjeta que indique {{expected}} o abra la otra caja fuerte.',
  },
  SHARE_OTHER_SET: {
    title: 'La tarjeta {{share}} no es del juego actual',
    explanation:
      'La tarjeta {{index}} introducida es del juego {{set}}. Solo las del juego {{expected}} abren esta caja fuerte, porque las nuevas sustituyen a las anteriores.',
    todo: 'Use las tarjetas del juego {{expected}} y destruya las demás.',
  },
  SHARE_TWICE: {
    title: 'Las tarjetas {{other}} y {{share}} son la misma',
    explanation: 'La tarjeta {{index}} se ha introducido dos veces.',
    todo: 'Introduzca otra tarjeta en uno de los dos lugares.',
  },
  SHARE_WRONG: {
    title: 'La tarjeta {{share}} ha sido alterada',
    explanation: 'Se puede leer, pero no es la tarjeta {{index}} que se entregó.',
    todo: 'Pregunte a quien guarda la tarjeta {{index}} o use otra.',
  },
  KEYCHAIN_UNAVAILABLE: {
    title: 'No se puede usar el llavero de este ordenador',
    explanation: 'No responde, o lo que hay en su lugar no protegería nada.',
    todo: 'Use la frase de contraseña.',
  },
  KEYCHAIN_LOST: {
    title: 'El llavero no abre esta caja fuerte',
    explanation: 'La clave que guardaba este ordenador ya no está o pertenece a otra cuenta.',
    todo: 'Use la frase de contraseña. En «Copia y recuperación» se puede volver a activar la apertura sin ella.',
  },
  KEYCHAIN_ENDED: {
    title: 'Esta caja fuerte vuelve a pedir su frase de contraseña',
    explanation: 'Se desactivó la apertura sin ella, o la frase de contraseña se cambió en otro ordenador.',
    todo: 'Escriba la frase de contraseña.',
  },
  PROJECT_NOT_FOUND: {
    title: 'Este proyecto no está en la caja fuerte',
    explanation: 'Aquí no hay ningún proyecto «{{project}}».',
    todo: 'Elija otro proyecto, o abra la caja fuerte que lo contiene.',
  },
  PROJECT_EXISTS: {
    title: 'Ya hay un proyecto así',
    explanation: 'La caja fuerte tiene un proyecto «{{project}}».',
    todo: 'Elija otro nombre.',
  },
  DEVICE_NOT_FOUND: {
    title: 'Este dispositivo no está en el proyecto',
    explanation: 'Aquí no hay ningún dispositivo «{{device}}». Quizá pertenezca a otro proyecto.',
    todo: 'Vuelva a la lista y búsquelo.',
  },
  DEVICE_EXISTS: {
    title: 'Ya hay un dispositivo así',
    explanation: 'El proyecto tiene un dispositivo «{{device}}». Las mayúsculas no cuentan, igual que en una memoria USB.',
    todo: 'Elija otro nombre.',
  },
  CERTIFICATE_NOT_FOUND: {
    title: 'Este certificado no está en la caja fuerte',
    explanation: 'Aquí no hay ningún certificado {{certificate}}.',
    todo: 'Vuelva a la lista y abra otra vez el dispositivo.',
  },
  AUTHORITY_NOT_FOUND: {
    title: 'Esta autoridad no está en la caja fuerte',
    explanation: 'Aquí no hay ninguna autoridad «{{authority}}».',
    todo: 'Abra la caja fuerte que la contiene.',
  },
  ISSUER_EXPIRED: {
    title: 'La autoridad ha caducado',
    explanation: '«{{authority}}» terminó el {{notAfter}}. Nadie confiaría en lo que firmase después.',
    todo: 'Cree una autoridad nueva. Si la fecha no es correcta, ponga en hora este ordenador.',
  },
  KEY_ELSEWHERE: {
    title: 'La clave de este dispositivo se creó en otro lugar',
    explanation:
      'Fieldkey solo tiene la parte pública de la clave de {{devices}} y no puede crear una nueva para quien guarda la privada.',
    todo: 'Pida allí una nueva solicitud de certificado y ábrala en Dispositivos → Desde solicitudes. Después revoque el certificado antiguo.',
  },
  TEST_CERTIFICATE_REFUSED: {
    title: 'Sin certificado de prueba para {{device}}',
    explanation:
      'Un certificado de prueba es para un dispositivo que trabaja con un certificado válido y guarda él mismo su clave.',
    todo: 'Renueve o sustituya antes el dispositivo. Si su clave está en esta caja fuerte, se prueba con su propio certificado.',
  },
  KEY_UNAVAILABLE: {
    title: 'La clave no está aquí',
    explanation: 'La clave privada «{{key}}» no está en esta caja fuerte.',
    todo: 'Use el ordenador o la caja fuerte que la contiene.',
  },
  AUTHORITY_OFFLINE: {
    title: 'La clave de la autoridad está en otro lugar',
    explanation:
      'La clave privada de «{{authority}}» se sacó de esta caja fuerte; sin ella no se puede firmar nada en su nombre.',
    todo: 'Traiga el archivo de la clave para esta única operación, o deje que emita una autoridad local.',
  },
  AUTHORITY_OUTSIDE: {
    title: 'Esta autoridad pertenece a otra organización',
    explanation:
      '«{{authority}}» avala a una autoridad suya. Aquí solo está su certificado, así que no se puede firmar nada en su nombre.',
    todo: 'En la página Autoridad, cree una solicitud, envíela allí e incorpore la respuesta.',
  },
  AUTHORITY_KEY_OTHER: {
    title: 'Esta es otra clave',
    explanation: 'La clave de este archivo no pertenece a «{{authority}}».',
    todo: 'Elija el archivo que se escribió al sacar su clave de la caja fuerte.',
  },
  AUTHORITY_IS_ROOT: {
    title: 'Una raíz no se puede revocar',
    explanation:
      '«{{authority}}» es una raíz: los dispositivos y el bróker confían en ella directamente y ninguna lista puede retirarlo.',
    todo: 'Sustitúyala por una raíz nueva y quite la antigua del bróker y de los dispositivos.',
  },
  AUTHORITY_NEEDED: {
    title: 'Esta autoridad todavía hace falta',
    explanation: '«{{authority}}» no ha caducado, o no hay otra autoridad que emita.',
    todo: 'Renuévela o sustitúyala por una nueva. Después podrá retirarla del uso.',
  },
  AUTHORITY_NOT_ACTIVE: {
    title: 'Esta autoridad no está en uso',
    explanation: '«{{authority}}» no puede hacerlo; su estado es: {{state}}.',
    todo: 'Use la autoridad que emite ahora.',
  },
  CERTIFICATE_REVOKED: {
    title: 'El certificado ya está revocado',
    explanation: '{{serial}} está revocado de forma definitiva. No se puede deshacer ni cambiar.',
    todo: 'Emita un certificado nuevo si el dispositivo debe volver a conectarse.',
  },
  CERTIFICATE_NOT_HELD: {
    title: 'El certificado no está en suspenso',
    explanation: 'Solo se puede levantar una suspensión; {{serial}} no está en suspenso.',
    todo: 'Compruebe el número de serie.',
  },
  CERTIFICATE_SHARED: {
    title: 'Estos dispositivos usan el certificado de otro',
    explanation: '{{devices}} trabajan con el certificado de otro dispositivo, así que no tienen uno propio que sustituir.',
    todo: 'Deles antes un certificado propio, o sustituya el dispositivo cuyo certificado usan.',
  },
  PASSWORD_CHANGING: {
    title: 'Esa contraseña ya se está cambiando',
    explanation: 'Para {{devices}} el bróker acepta ahora la contraseña antigua y la nueva; una tercera no es posible.',
    todo: 'Termine antes ese cambio: cuando el dispositivo tenga la nueva, o retirando la nueva.',
  },
  MOVE_NOT_FOUND: {
    title: 'No existe esa sustitución',
    explanation: 'No hay ninguna sustitución {{move}} en curso.',
    todo: 'Abra de nuevo la página de las autoridades.',
  },
  MOVE_INCOMPLETE: {
    title: 'No todos los dispositivos han cambiado',
    explanation:
      '{{remaining}} de {{total}} dispositivos tienen aún un certificado de la autoridad antigua o no conocen la nueva. Ya no podrían conectarse.',
    todo: 'Renuévelos y expórtelos antes, o termine de todos modos y visítelos después.',
  },
  LINT_FAILED: {
    title: 'El certificado no sería correcto',
    explanation: 'La comprobación previa a la firma encontró errores, así que no se ha guardado nada: {{findings}}',
    todo: 'Copie los detalles y comuníquelos: esto no debería ocurrir.',
  },
  REQUEST_REFUSED: {
    title: 'La solicitud no se firma',
    explanation: '{{reason}}',
    todo: 'Pida una solicitud nueva: clave EC P-256 o RSA de 2048 a 4096 bits, firmada con SHA-256.',
  },
  ANSWER_REFUSED: {
    title: 'Esta respuesta no se acepta',
    explanation: '{{reason}}',
    todo: 'Pida a la autoridad el certificado que corresponde a su solicitud, con todos los certificados por encima de él. No se ha cambiado nada.',
  },
  CRL_REFUSED: {
    title: 'Esta lista de revocación no se incorpora',
    explanation: '{{list}}. {{reason}}',
    todo: 'No se ha cambiado nada.',
  },
  BROKER_NOT_OURS: {
    title: 'Fieldkey no puede renovar este certificado por su cuenta',
    explanation: 'El certificado del bróker lo emitió otra autoridad, o su clave la guarda otra persona.',
    todo: 'En la página Bróker, cree una solicitud nueva o abra la que le enviaron. Allí también puede volver a una clave y un certificado propios.',
  },
  PROFILE_REFUSED: {
    title: 'Un certificado así no está permitido',
    explanation: '{{reason}}',
    todo: 'Cambie la solicitud para que se ajuste al perfil.',
  },
  IMPORT_NO_AUTHORITY: {
    title: 'Aquí nada puede emitir',
    explanation: 'Una autoridad necesita su certificado y su clave privada; no se ha encontrado esa pareja, o no se puede usar.',
    todo: 'Mire en la lista qué no se acepta. Si hay claves cifradas, escriba su contraseña y revíselas de nuevo.',
  },
  IMPORT_ALREADY: {
    title: 'Esto ya está en la caja fuerte',
    explanation: 'La caja fuerte ya tiene la clave de {{name}}. Importarla otra vez daría dos historias a una misma clave.',
    todo: 'Use el proyecto que ya existe o impórtelo en otra caja fuerte.',
  },
  IMPORT_CHANGED: {
    title: 'Los archivos han cambiado',
    explanation: 'No son los que se mostraron. No se ha importado nada.',
    todo: 'Revíselos de nuevo.',
  },
  EXPORT_FOREIGN_FILES: {
    title: 'Hay otros archivos en la carpeta',
    explanation: '{{directory}} contiene archivos que no son de Fieldkey: {{files}}. No se han tocado.',
    todo: 'Elija una carpeta vacía, o mueva estos archivos.',
  },
  EXPORT_OTHER_AUTHORITY: {
    title: 'La carpeta pertenece a otra autoridad',
    explanation:
      '{{directory}} contiene un proyecto con el mismo nombre cuyos certificados son de otra caja fuerte. No se ha modificado.',
    todo: 'Compruebe que esta es la caja fuerte correcta. Después elija otra carpeta o mueva la existente.',
  },
  EXPORT_NOT_WRITABLE: {
    title: 'No se puede escribir en la carpeta',
    explanation: 'No se puede escribir en {{directory}}; el sistema indica {{reason}}. Allí no se ha cambiado nada.',
    todo: 'Elija otra carpeta, o concédase permiso para escribir en esta.',
  },
  EXPORT_READ_ONLY: {
    title: 'La unidad es de solo lectura',
    explanation:
      '{{directory}} no se puede cambiar: la unidad está protegida contra escritura, o el sistema la ve dañada y la protege.',
    todo: 'Quite la protección contra escritura y vuelva a intentarlo. Si la unidad no la tiene, compruebe si hay errores o use otra.',
  },
  EXPORT_MEDIUM_GONE: {
    title: 'La unidad ya no está',
    explanation:
      '{{directory}} se ha desconectado o ya no responde ({{reason}}). La exportación no terminó y puede que la unidad ya contenga claves.',
    todo: 'Conecte la unidad otra vez y vuelva a intentarlo: primero se arregla lo que haya allí. Si la unidad se ha perdido, cambie en la página de resumen las claves que contenía.',
  },
  EXPORT_NO_SPACE: {
    title: 'No hay espacio suficiente',
    explanation:
      '{{directory}} necesita {{needed}} y quedan libres {{free}}. No se ha hecho ninguna exportación nueva; la anterior sigue ahí.',
    todo: 'Libere espacio o elija otra unidad.',
  },
  EXPORT_VERIFY_FAILED: {
    title: 'El kit no se ha escrito correctamente',
    explanation: 'Al releerlo aparecieron diferencias: {{files}}. Puede que la unidad esté fallando.',
    todo: 'No use este kit. Expórtelo otra vez, mejor a otra unidad.',
  },
  EXPORT_CANCELLED: {
    title: 'La exportación se canceló',
    explanation: 'Lo que se había escrito se retiró. Una exportación anterior sigue como estaba.',
    todo: 'Exporte de nuevo cuando quiera.',
  },
  FILE_TOO_LARGE: {
    title: 'El archivo es demasiado grande',
    explanation: '{{file}} tiene más de {{limit}}. Los archivos de este tipo son mucho más pequeños.',
    todo: 'Compruebe si es el archivo correcto.',
  },
  FILE_MALFORMED: {
    title: 'El archivo no tiene la forma esperada',
    explanation: '{{what}}: {{reason}}',
    todo: 'Compruebe si es el archivo correcto y, si lo es, créelo de nuevo.',
  },
  LOG_NOT_READABLE: {
    title: 'No se puede leer el log',
    explanation:
      '{{file}}: {{reason}}. Quizá se ha movido, pertenece al usuario mosquitto o un archivo comprimido está incompleto.',
    todo: 'Copie el log a un lugar donde pueda leerlo y abra la copia.',
  },
  CONNECTION_NOT_FOUND: {
    title: 'Esta conexión ya no existe',
    explanation: 'Se eliminó entretanto.',
    todo: 'Cierre su panel, o añada la conexión de nuevo.',
  },
  CONNECTION_NOT_OPEN: {
    title: 'La conexión no está abierta',
    explanation: 'Terminó antes de que se pudiera hacer esto.',
    todo: 'Conéctese de nuevo y repítalo.',
  },
  RECORDING_NOT_WRITABLE: {
    title: 'Aquí no se puede grabar',
    explanation: 'Las grabaciones están junto a la caja fuerte, en {{folder}}, y allí no se puede escribir: {{reason}}.',
    todo: 'Libere espacio en el soporte o quite su protección contra escritura. Después inicie la grabación de nuevo.',
  },
  RECORDING_UNREADABLE: {
    title: 'Esta grabación no se puede leer',
    explanation: 'Su archivo no está, está dañado o pertenece a otra caja fuerte: {{reason}}.',
    todo: 'Si tiene una copia del archivo, vuelva a ponerla junto a la caja fuerte. Si no, elimine la grabación.',
  },
  PAYLOAD_NOT_FOUND: {
    title: 'Este mensaje ya no está guardado',
    explanation: 'El proyecto no tiene ningún mensaje guardado con este número. Probablemente se eliminó entretanto.',
    todo: 'Elija otro o guárdelo de nuevo.',
  },
  OBSERVER_MEASURES: {
    title: 'El observador está midiendo una prueba de carga',
    explanation:
      'El bróker admite al observador una sola vez. Conectarse aquí también echaría al que mide, y las cifras no valdrían nada.',
    todo: 'Detenga la prueba de carga o espere a que termine. O conéctese como un dispositivo.',
  },
  SIMULATION_RUNNING: {
    title: 'Ya hay una prueba de carga en marcha',
    explanation: 'Dos a la vez se disputarían los mismos dispositivos.',
    todo: 'Deténgala primero.',
  },
  CHECK_NOT_FOUND: {
    title: 'Esta comprobación ya no existe',
    explanation: 'El proyecto no tiene ninguna comprobación «{{check}}». Probablemente se eliminó entretanto.',
    todo: 'Elija otra.',
  },
  CHECKS_RUNNING: {
    title: 'Ya hay comprobaciones en marcha',
    explanation: 'Dos ejecuciones a la vez se disputarían las mismas conexiones.',
    todo: 'Espere a que terminen o deténgalas primero.',
  },
  BROKER_PORT_IN_USE: {
    title: 'El puerto {{port}} está ocupado',
    explanation: 'Otro programa ya escucha en {{host}}, puerto {{port}}; quizá un Mosquitto de este ordenador.',
    todo: 'Detenga ese programa o elija otro puerto. Los dispositivos tendrán que usar también ese puerto.',
  },
  BROKER_ADDRESS_MISSING: {
    title: 'Este ordenador no tiene la dirección {{host}}',
    explanation: 'No pertenece a ninguna red conectada ahora. Puede que falte un cable o que la wifi haya dado otra dirección.',
    todo: 'Revise la red y elija después una dirección de la lista.',
  },
  BROKER_PORT_PRIVILEGED: {
    title: 'El puerto {{port}} está reservado por el sistema',
    explanation:
      'Los programas sin permisos especiales no pueden escuchar en él. En la mayoría de los sistemas esto vale para todos los puertos por debajo de 1024.',
    todo: 'Elija un puerto a partir de 1024; el habitual es 8883.',
  },
  BROKER_FAILED: {
    title: 'El bróker no ha arrancado',
    explanation: 'Lo han impedido el sistema o los certificados. No se ha cambiado nada.',
    todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, copie los detalles.',
  },
  BROKER_NOT_RUNNING: {
    title: 'El bróker no está en marcha',
    explanation: 'Se detuvo, o terminó antes de que esto pudiera hacerse.',
    todo: 'Arránquelo de nuevo y repítalo después.',
  },
  PROOF_CANCELLED: {
    title: 'Interrumpida',
    explanation:
      'Hasta entonces: conectado como {{who}}; mensajes enviados: {{messages}}; conexiones que deben rechazarse, probadas: {{refusals}}. Todas las conexiones están cerradas.',
    todo: 'Nada de ello cuenta como prueba; el registro dice que se interrumpió. Los dispositivos desconectados vuelven a conectarse por sí mismos.',
  },
  JOB_CANCELLED: {
    title: 'Cancelado',
    explanation: '{{done}} de {{total}} están terminados y se conservan.',
    todo: 'Inícielo otra vez para hacer el resto.',
  },
  INTERNAL: {
    title: 'Algo ha fallado dentro de Fieldkey',
    explanation: 'Es un error nuestro, no suyo. Lo guardado antes está intacto.',
    todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, copie los detalles y comuníquelos.',
  },
};
