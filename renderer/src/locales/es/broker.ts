import type { Words } from '../en.ts';

export const broker: Words['broker'] = {
  page: 'Bróker',
  title: 'El bróker y sus archivos',
  noProject: 'El bróker pertenece a un proyecto. El resumen muestra cómo crear uno.',
  toOverview: 'Ir al resumen',
  none: { title: 'Aún no hay bróker', text: 'Este proyecto no tiene bróker.' },
  settings: {
    title: 'Dónde lo encuentran los dispositivos',
    names: 'Nombres',
    namesHint: 'Un nombre permanece aunque cambie la dirección. Añada todos los que puedan usar los dispositivos.',
    addresses: 'Direcciones',
    addressesHint: 'El certificado vale para estos nombres y direcciones, y para nada más.',
    addName: 'añadir un nombre',
    addAddress: 'añadir una dirección',
    port: 'Puerto',
    portWrong: 'Un número entre 1 y 65535.',
    target: 'Software del bróker',
    paths: 'Carpetas en el equipo del bróker',
    directory: 'Ajustes',
    data: 'Datos',
    log: 'Registro',
    days: 'Validez de su certificado, en días',
    daysWrong: 'Un número entre 1 y 825.',
    save: 'Guardar los cambios',
    saving: 'Guardando…',
    undo: 'Deshacer los cambios',
    reissues: 'Otros nombres o direcciones necesitan un certificado nuevo. Al guardar se emite.',
    emqxUntried:
      'Este kit nunca se ha ejecutado con EMQX. Está escrito según su documentación; Erlang y un analizador de HOCON han leído sus archivos. Pruébelo con un dispositivo antes que con todos.',
    unchanged: 'Todavía no ha cambiado nada.',
  },
  kit: {
    form: 'Cómo se instala',
    formLabel: 'El kit es para',
    forms: {
      whole: {
        name: 'un equipo que solo ejecuta este bróker',
        short: 'configuración completa',
        text: {
          mosquitto: 'mosquitto.conf es la configuración completa y sustituye a la que haya.',
          rabbitmq: 'La configuración completa de RabbitMQ, solo para este proyecto: a la red solo se abre MQTT sobre TLS.',
          emqx: 'Para el paquete propio de EMQX (deb, rpm): emqx.conf es la configuración completa y sustituye a la que haya.',
        },
      },
      'drop-in': {
        name: 'un equipo Debian, como parte de su configuración',
        short: 'parte de la configuración de Debian',
        text: {
          mosquitto: 'El mosquitto.conf de Debian se queda como está; se añade un archivo en su carpeta conf.d.',
          rabbitmq:
            'El rabbitmq.conf de Debian se queda como está, con todo lo demás que haga el bróker; se añaden un archivo en conf.d y un advanced.config.',
          emqx: 'EMQX no lee ninguna carpeta de piezas de configuración, así que no existe la forma como parte de la configuración de su paquete.',
        },
      },
      container: {
        name: 'Docker',
        short: 'contenedor',
        text: {
          mosquitto:
            'Con un docker-compose.yml: imagen fijada, un usuario corriente y nada que escribir salvo los datos y el registro.',
          rabbitmq:
            'Con un docker-compose.yml: imagen fijada, un usuario corriente y nada que escribir salvo los datos y el registro.',
          emqx: 'Con un docker-compose.yml: imagen fijada, un solo puerto hacia la red, los datos y el registro en carpetas del equipo.',
        },
      },
      fragments: {
        name: 'un bróker que mantiene otra persona',
        short: 'piezas para otra persona',
        text: {
          mosquitto:
            'Solo lo que necesita el departamento de informática: dos piezas de configuración, la lista de acceso y los certificados. Ningún script toca su equipo.',
          rabbitmq:
            'Solo lo que necesita el departamento de informática: líneas para rabbitmq.conf y advanced.config, los usuarios y los certificados. Ningún script toca su equipo.',
          emqx: 'Solo lo que necesita el departamento de informática: un listener con zona propia para incluir, las reglas de acceso y los certificados. Ningún script toca su equipo.',
        },
      },
    },
    identity: 'Cómo se identifican los clientes',
    identityLabel: 'Los clientes muestran',
    identities: {
      certificate: {
        name: 'un certificado (recomendado)',
        short: 'con certificado',
        text: {
          mosquitto:
            'El nombre del certificado es el usuario. Mosquitto no mira entonces ninguna contraseña, envíe lo que envíe el cliente.',
          rabbitmq:
            'El nombre del certificado es el usuario. Se rechaza al cliente que además envíe un usuario o una contraseña.',
          emqx: 'El nombre del certificado es el usuario y el cliente, envíe lo que envíe el cliente.',
        },
      },
      'certificate-password': {
        name: 'un certificado y una contraseña',
        short: 'con certificado y contraseña',
        text: {
          mosquitto: 'Cualquier certificado del proyecto abre la puerta; el usuario y la contraseña dicen quién es.',
          rabbitmq: 'Cualquier certificado del proyecto abre la puerta; el usuario y la contraseña dicen quién es.',
          emqx: 'Cualquier certificado del proyecto abre la puerta, también uno revocado; el usuario y la contraseña dicen quién es, y un dispositivo revocado no tiene.',
        },
      },
      password: {
        name: 'una contraseña sobre TLS',
        short: 'con contraseña',
        text: {
          mosquitto:
            'Para dispositivos que no admiten certificados. Una contraseña filtrada sirve desde cualquier lugar, y no hay lista de revocación.',
          rabbitmq:
            'Para dispositivos que no admiten certificados. Una contraseña filtrada sirve desde cualquier lugar, y no hay lista de revocación.',
          emqx: 'Para dispositivos que no admiten certificados. Una contraseña filtrada sirve desde cualquier lugar, y no hay lista de revocación.',
        },
      },
    },
    passwordsMade:
      'Al guardar, todos los dispositivos y el observador reciben una contraseña. El kit del bróker lleva entonces un archivo con todas, y el paquete de cada dispositivo la suya.',
    encryption: 'Cifrado',
    encryptionShort: '{{version}}, {{ciphers}}',
    tlsMinimum: 'Versión más antigua que se admite',
    tls: { 'tlsv1.2': 'TLS 1.2', 'tlsv1.3': 'TLS 1.3' },
    tlsHint: {
      'tlsv1.2': 'Se usa TLS 1.3 siempre que el dispositivo pueda. Los contadores y las pasarelas a menudo solo conocen 1.2.',
      'tlsv1.3':
        'Los dispositivos que solo conocen TLS 1.2, como Shelly, ya no podrán conectarse. Pruebe antes uno de cada tipo.',
    },
    ciphers: 'Cifrados para TLS 1.2',
    ciphersOf: {
      recommended: {
        name: 'con secreto hacia delante (recomendado)',
        short: 'secreto hacia delante',
        text: 'Lo que se grabe hoy seguirá siendo secreto aunque más tarde roben la clave del bróker. Cualquier dispositivo de los últimos diez años puede hacerlo.',
      },
      library: {
        name: 'lo que el bróker ofrezca por sí mismo',
        short: 'a elección del bróker',
        text: 'Admite también dispositivos muy antiguos, con un cifrado más débil para ellos.',
      },
      own: {
        name: 'una lista propia',
        short: 'cifrados propios',
        text: 'Como los escribe OpenSSL. install.sh prueba la lista antes de sustituir nada.',
      },
    },
    ownCiphers: 'Lista de cifrados',
    ciphersTls13: 'Conjuntos de TLS 1.3',
    ownNames:
      'Como los escribe OpenSSL; el kit lleva entonces los nombres de los cifrados, porque este bróker no admite otra cosa.',
    ciphersTls13Hint: 'Vacío: los habituales. Si no, separados por dos puntos.',
    limits: 'Límites',
    limitsShort: 'a la medida de la flota',
    limitsRate_one: 'a la medida de la flota, {{count}} conexión por dirección en 10 s',
    limitsRate_other: 'a la medida de la flota, {{count}} conexiones por dirección en 10 s',
    maxConnections: 'Conexiones simultáneas',
    maxConnectionsByHand:
      'En esta forma no se fija ningún límite, porque también otros usan el host virtual. La línea que lo hace está en el README del kit.',
    maxConnectionsHint: 'Vacío: el doble de los dispositivos más 50, para que tras un corte de luz puedan volver todos a la vez.',
    maxPacketSize: 'Mensaje más grande, en bytes',
    maxPacketSizeHint: 'Quien envíe más queda desconectado. 1 048 576 bytes sobran para lecturas.',
    maxInflightMessages: 'En camino hacia un cliente',
    maxInflightMessagesHint: 'Mensajes que aún no ha confirmado.',
    maxQueuedMessages: 'A la espera de un cliente',
    maxQueuedMessagesHint: 'Mensajes que se le guardan mientras no está.',
    connectionRate: 'Conexiones nuevas desde una dirección, en diez segundos',
    connectionRateHint:
      'Un HAProxy delante del bróker rechaza las demás. Vacío: sin proxy. Los dispositivos detrás de un mismo router comparten dirección.',
    firewall: 'Cortafuegos',
    networks: 'Redes de los dispositivos',
    networksNone: 'aún sin reglas',
    networksHint: 'El kit tendrá entonces reglas para nftables, ufw e iptables que dejan pasar a estas redes y a nadie más.',
    log: 'Registro',
    logShort: '{{detail}}, guardado {{weeks}} semanas',
    logDetail: 'Qué se registra',
    logs: {
      usual: {
        name: 'errores, avisos y notas',
        short: 'lo habitual',
        text: 'Suficiente para ver quién vino, a quién se rechazó y por qué.',
      },
      debug: {
        name: 'todo, también los mensajes denegados',
        short: 'todo',
        text: 'Muestra qué mensajes denegaron las reglas de acceso. Muchas líneas por mensaje: para una búsqueda, no para años.',
      },
    },
    connectionMessages: 'Anotar quién se conecta y se desconecta',
    connectionMessagesHint: 'Hace falta para saber después quién estaba y cuándo.',
    logWeeks: 'Semanas que se guardan los registros',
    logWeeksHint: 'Se rotan cada semana y se comprimen.',
    logWeeksEmqx: 'EMQX rota su registro por tamaño, no por tiempo: se guardan otros tantos archivos de 50 MB.',
    shipping: 'Enviar el registro también a',
    shippings: { none: 'ningún sitio', loki: 'Loki, con Promtail', syslog: 'otro equipo, por syslog' },
    targets: { loki: 'URL de Loki', syslog: 'Equipo, con o sin puerto' },
    wrong: 'algo que corregir',
  },
  renew: {
    due: 'El certificado del bróker caduca {{when}}, el {{date}}',
    over: 'El certificado del bróker caducó el {{date}}',
    none: 'El bróker no tiene un certificado válido',
    text: 'Se emite uno nuevo para los mismos nombres y direcciones. Después copie el kit al bróker; los dispositivos no notan nada.',
    theirs: 'Lo emitió otra autoridad. Cree abajo una solicitud nueva y envíela allí.',
    do: 'Emitir un certificado nuevo',
    busy: 'Emitiendo…',
  },
  origin: {
    title: 'Clave y certificado',
    own: 'La clave se creó aquí y el certificado lo emitió su propia autoridad. El kit contiene ambos.',
    issuer: 'El certificado lo emitió {{issuer}}. Los dispositivos confían en esa autoridad y en la suya propia.',
    issuerKeyElsewhere:
      'El certificado lo emitió {{issuer}} para un bróker que gestiona otra persona. La clave se queda allí; el kit no contiene ninguna. Los dispositivos confían en esa autoridad y en la suya propia.',
    keyElsewhere:
      'Quien gestiona el bróker creó la clave y la guarda. El certificado lo emitió su autoridad; el kit no contiene clave.',
    none: 'Aquí no hay ni clave ni certificado del bróker.',
    awaits: {
      title: 'Los dispositivos aún no pueden conectarse',
      request: 'Quien gestiona el bróker crea la clave y envía una solicitud. En cuanto esté firmada habrá un kit que exportar.',
      given:
        'Quien gestiona el bróker tiene un certificado. Incorpórelo con su cadena y exporte después: los paquetes deben conocer su autoridad.',
    },
    waiting: 'Una solicitud espera respuesta desde el {{date}}',
    waitingText: 'Su clave está en la caja fuerte. La solicitud puede guardarse de nuevo en cualquier momento.',
    saved: 'Solicitud guardada. Envíela a la autoridad; la clave se queda aquí.',
    other: {
      title: 'Un certificado de otra autoridad',
      text: 'La de una empresa o una pública lo emite para el bróker. Los dispositivos conservan los certificados de su propia autoridad.',
      request: 'Guardar una solicitud…',
      again: 'Guardar de nuevo la solicitud…',
      renewed: 'Incorporar un certificado nuevo…',
      answer: 'Abrir la respuesta…',
    },
    theirs: {
      title: 'Un bróker que gestiona otra persona',
      text: 'Allí se crea la clave. Usted emite el certificado para su solicitud o incorpora tal cual el que su bróker ya tiene. La clave nunca llega aquí.',
      open: 'Abrir su solicitud…',
      given: 'Incorporar su certificado…',
    },
    back: {
      title: 'Volver a clave y certificado propios',
      text: 'Aquí se crea una clave nueva y su propia autoridad emite el certificado.',
      open: 'Crear ambos aquí…',
      sure: 'El kit tendrá una clave y un certificado nuevos. Cópielo al bróker; los dispositivos ya confían en su autoridad.',
      do: 'Crear ambos aquí',
    },
  },
  answer: {
    title: 'La respuesta a su solicitud',
    given: 'El certificado que tiene su bróker',
    givenText:
      'Se incorpora tal cual. Su clave se queda con quien gestiona el bróker y el kit no contiene ninguna. Cuando allí cambien el certificado, incorpore aquí el nuevo antes de que se use.',
    drop: 'Suelte aquí el certificado y su cadena',
    dropText: 'PEM, DER o P7B, hasta la raíz inclusive. Nada cambia antes de que lo haya visto.',
    chain: 'Cadena, del bróker a la raíz',
    until: 'válido hasta el {{date}}',
    refused: 'Esto no se puede usar',
    missing: 'No es válido para estos nombres del bróker. Los dispositivos que los usan lo rechazarían:',
    first: 'Entregue antes a los dispositivos sus paquetes nuevos',
    firstGiven:
      'Los paquetes exportados antes no conocen esta autoridad, y con ellos los dispositivos rechazarían el bróker. Los nuevos confían en ella y en la suya propia.',
    firstText:
      'Los dispositivos con un paquete anterior no conocen esta autoridad y rechazarían el bróker. Los paquetes nuevos confían en ambos certificados: el que el bróker tiene ahora y este.',
    take: 'Usar este certificado',
  },
  sign: {
    title: 'Certificado para un bróker que gestiona otra persona',
    drop: 'Suelte aquí su solicitud de certificado',
    dropText: 'Una solicitud, PEM o DER. No se emite nada antes de que la haya visto.',
    choose: 'Elegir un archivo…',
    gets: 'Un certificado solo para servidores, válido {{days, number}} días, emitido por {{authority}}.',
    names: 'Nombres y direcciones del certificado',
    from: { both: 'en el proyecto y solicitado', project: 'en el proyecto', request: 'solo solicitado' },
    dropped: 'Los dispositivos que se conectan a estos rechazarían el bróker:',
    noKey: 'A partir de ahora el kit no contiene clave. Su README dice dónde debe estar la de ellos.',
    do: 'Emitir el certificado',
  },
  saved: {
    title: 'Guardado',
    reissued: 'Guardado, con un certificado nuevo para el bróker',
    copy: 'Estos archivos han cambiado. Exporte de nuevo y ejecute install.sh en su carpeta «broker», o cópielos y reinicie el bróker:',
    nothing: 'Los archivos del bróker se quedan como están.',
    export: 'Exportar el kit',
  },
  files: {
    trying: 'Con los ajustes de arriba tal como están ahora, aún sin guardar.',
    tryingWrong: 'Arriba hay algo que corregir; aquí está lo que se guardó.',
    view: 'Mostrar',
    changes: 'Lo que cambia',
    whole: 'Archivo completo',
    unknownBefore: 'Ya no se sabe cómo se exportó; la próxima exportación lo recordará.',
    goneText: 'Una exportación anterior escribió este archivo; las siguientes no. Se puede borrar en el equipo del bróker.',
    title: 'Archivos del kit',
    lead: 'Exactamente lo que una exportación escribe para el bróker.',
    list: 'Archivos',
    copy: 'Copiar el archivo',
    content: 'Contenido de {{path}}',
    secret: 'La clave privada del bróker',
    hashesHidden: 'Los hashes de las contraseñas figuran aquí como «…».',
    secretText: 'Se escribe al exportar y nunca se muestra. {{size}}',
    change: {
      same: 'como se exportó',
      changed: 'cambiado',
      new: 'nuevo',
      'never-exported': 'aún sin exportar',
      gone: 'ya no se escribe',
    },
  },
};
