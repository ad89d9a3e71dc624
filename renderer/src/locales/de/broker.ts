import type { Words } from '../en.ts';

export const broker: Words['broker'] = {
  page: 'Broker',
  title: 'Der Broker und seine Dateien',
  noProject: 'Der Broker gehört zu einem Projekt. Die Übersicht zeigt, wie eines entsteht.',
  toOverview: 'Zur Übersicht',
  none: { title: 'Noch kein Broker', text: 'Dieses Projekt hat keinen Broker.' },
  settings: {
    title: 'Wo Geräte ihn finden',
    names: 'Namen',
    namesHint: 'Ein Name bleibt, wenn die Adresse sich ändert. Tragen Sie jeden ein, den Geräte benutzen könnten.',
    addresses: 'Adressen',
    addressesHint: 'Das Zertifikat gilt für diese Namen und Adressen und für nichts sonst.',
    addName: 'Name dazu',
    addAddress: 'Adresse dazu',
    port: 'Port',
    portWrong: 'Eine Zahl von 1 bis 65535.',
    target: 'Broker-Software',
    paths: 'Ordner auf dem Rechner des Brokers',
    directory: 'Einstellungen',
    data: 'Daten',
    log: 'Protokoll',
    days: 'Laufzeit seines Zertifikats in Tagen',
    daysWrong: 'Eine Zahl von 1 bis 825.',
    save: 'Änderungen speichern',
    saving: 'Wird gespeichert …',
    undo: 'Änderungen zurücknehmen',
    reissues: 'Andere Namen oder Adressen brauchen ein neues Zertifikat. Speichern stellt es aus.',
    emqxUntried:
      'Dieses Broker-Paket lief noch nie mit EMQX. Es ist nach dessen Dokumentation geschrieben; seine Dateien haben Erlang und ein HOCON-Parser gelesen. Versuchen Sie es mit einem Gerät, bevor die anderen folgen.',
    unchanged: 'Noch nichts geändert.',
  },
  kit: {
    form: 'Wie er installiert wird',
    formLabel: 'Das Paket ist für',
    forms: {
      whole: {
        name: 'einen Rechner, auf dem nur dieser Broker läuft',
        short: 'ganze Konfiguration',
        text: {
          mosquitto: 'mosquitto.conf ist die ganze Konfiguration und ersetzt die vorhandene.',
          rabbitmq: 'Die ganze Konfiguration von RabbitMQ, nur für dieses Projekt: Zum Netz hin ist allein MQTT über TLS offen.',
          emqx: 'Für das Paket von EMQX (deb, rpm): emqx.conf ist die ganze Konfiguration und ersetzt die vorhandene.',
        },
      },
      'drop-in': {
        name: 'einen Debian-Rechner, als Teil seiner Konfiguration',
        short: 'Teil der Debian-Konfiguration',
        text: {
          mosquitto: 'Debians mosquitto.conf bleibt, wie sie ist; in ihrem Ordner conf.d kommt eine Datei dazu.',
          rabbitmq:
            'Debians rabbitmq.conf bleibt, wie sie ist, mit allem, was der Broker sonst tut; in conf.d kommt eine Datei dazu, daneben eine advanced.config.',
          emqx: 'EMQX liest keinen Ordner mit Konfigurationsteilen; eine Form als Teil einer vorhandenen Konfiguration gibt es deshalb nicht.',
        },
      },
      container: {
        name: 'Docker',
        short: 'Container',
        text: {
          mosquitto:
            'Mit einer docker-compose.yml: festgelegtes Image, gewöhnlicher Benutzer, beschreibbar sind nur Daten und Log.',
          rabbitmq:
            'Mit einer docker-compose.yml: festgelegtes Image, gewöhnlicher Benutzer, beschreibbar sind nur Daten und Log.',
          emqx: 'Mit einer docker-compose.yml: festgelegtes Image, ein Port zum Netz, Daten und Log in Ordnern des Rechners.',
        },
      },
      fragments: {
        name: 'einen Broker, den jemand anderes pflegt',
        short: 'Teile für jemand anderen',
        text: {
          mosquitto:
            'Nur was die Firmen-IT braucht: zwei Teile der Konfiguration, Zugriffsliste, Zertifikate. Kein Skript fasst ihren Rechner an.',
          rabbitmq:
            'Nur was die Firmen-IT braucht: Zeilen für rabbitmq.conf und advanced.config, Benutzer, Zertifikate. Kein Skript fasst ihren Rechner an.',
          emqx: 'Nur was die Firmen-IT braucht: ein Listener mit eigener Zone zum Einbinden, Zugriffsregeln, Zertifikate. Kein Skript fasst ihren Rechner an.',
        },
      },
    },
    identity: 'Wie Clients sich ausweisen',
    identityLabel: 'Clients zeigen',
    identities: {
      certificate: {
        name: 'ein Zertifikat (empfohlen)',
        short: 'mit Zertifikat',
        text: {
          mosquitto:
            'Der Name im Zertifikat ist der Benutzer. Mosquitto sieht dann kein Passwort an, was immer ein Client schickt.',
          rabbitmq:
            'Der Name im Zertifikat ist der Benutzer. Ein Client, der außerdem Benutzername oder Passwort schickt, wird abgewiesen.',
          emqx: 'Der Name im Zertifikat ist der Benutzer und der Client, was immer ein Client schickt.',
        },
      },
      'certificate-password': {
        name: 'ein Zertifikat und ein Passwort',
        short: 'mit Zertifikat und Passwort',
        text: {
          mosquitto: 'Jedes Zertifikat des Projekts öffnet die Tür; Benutzername und Passwort sagen, wer es ist.',
          rabbitmq: 'Jedes Zertifikat des Projekts öffnet die Tür; Benutzername und Passwort sagen, wer es ist.',
          emqx: 'Jedes Zertifikat des Projekts öffnet die Tür, auch ein gesperrtes; Benutzername und Passwort sagen, wer es ist, und ein gesperrtes Gerät hat keines.',
        },
      },
      password: {
        name: 'ein Passwort über TLS',
        short: 'mit Passwort',
        text: {
          mosquitto:
            'Für Geräte, die kein Zertifikat aufnehmen. Ein bekannt gewordenes Passwort gilt von überall, und es gibt keine Sperrliste.',
          rabbitmq:
            'Für Geräte, die kein Zertifikat aufnehmen. Ein bekannt gewordenes Passwort gilt von überall, und es gibt keine Sperrliste.',
          emqx: 'Für Geräte, die kein Zertifikat aufnehmen. Ein bekannt gewordenes Passwort gilt von überall, und es gibt keine Sperrliste.',
        },
      },
    },
    passwordsMade:
      'Beim Speichern bekommen alle Geräte und der Beobachter ein Passwort. Das Broker-Paket enthält dann eine Datei mit allen, das Paket jedes Geräts sein eigenes.',
    encryption: 'Verschlüsselung',
    encryptionShort: '{{version}}, {{ciphers}}',
    tlsMinimum: 'Älteste Version, die gesprochen wird',
    tls: { 'tlsv1.2': 'TLS 1.2', 'tlsv1.3': 'TLS 1.3' },
    tlsHint: {
      'tlsv1.2': 'Wo ein Gerät es kann, wird TLS 1.3 verwendet. Zähler und Gateways kennen oft nur 1.2.',
      'tlsv1.3':
        'Geräte, die nur TLS 1.2 kennen, etwa Shelly, kommen nicht mehr herein. Testen Sie erst je eines von jeder Sorte.',
    },
    ciphers: 'Chiffren für TLS 1.2',
    ciphersOf: {
      recommended: {
        name: 'mit Forward Secrecy (empfohlen)',
        short: 'Forward Secrecy',
        text: 'Was heute aufgezeichnet wird, bleibt geheim, auch wenn der Schlüssel des Brokers später gestohlen wird. Jedes Gerät der letzten zehn Jahre kann das.',
      },
      library: {
        name: 'was der Broker von sich aus anbietet',
        short: 'Wahl des Brokers',
        text: 'Nimmt auch sehr alte Geräte, für diese mit schwächerer Verschlüsselung.',
      },
      own: {
        name: 'eine eigene Liste',
        short: 'eigene Chiffren',
        text: 'In der Schreibweise von OpenSSL. install.sh probiert die Liste, bevor es etwas ersetzt.',
      },
    },
    ownCiphers: 'Chiffrenliste',
    ciphersTls13: 'Cipher-Suites von TLS 1.3',
    ownNames: 'In der Schreibweise von OpenSSL; das Paket enthält dann die Namen der Chiffren, denn nur die nimmt dieser Broker.',
    ciphersTls13Hint: 'Leer: die üblichen. Sonst mit Doppelpunkten dazwischen.',
    limits: 'Grenzen',
    limitsShort: 'passend zur Flotte',
    limitsRate_one: 'passend zur Flotte, {{count}} Verbindung je Adresse in 10 s',
    limitsRate_other: 'passend zur Flotte, {{count}} Verbindungen je Adresse in 10 s',
    maxConnections: 'Gleichzeitige Verbindungen',
    maxConnectionsByHand:
      'In dieser Form wird keine Grenze gesetzt, weil auch andere den virtuellen Host benutzen. Die Zeile dafür steht in der README des Broker-Pakets.',
    maxConnectionsHint:
      'Leer: doppelt so viele wie Geräte plus 50, damit nach einem Stromausfall alle auf einmal wiederkommen können.',
    maxPacketSize: 'Größte Nachricht, in Byte',
    maxPacketSizeHint: 'Wer mehr sendet, wird getrennt. 1.048.576 Byte sind für Messwerte reichlich.',
    maxInflightMessages: 'Unterwegs zu einem Client',
    maxInflightMessagesHint: 'Nachrichten, die er noch nicht bestätigt hat.',
    maxQueuedMessages: 'Wartend auf einen Client',
    maxQueuedMessagesHint: 'Nachrichten, die für ihn liegen, solange er weg ist.',
    connectionRate: 'Neue Verbindungen von einer Adresse, in zehn Sekunden',
    connectionRateHint:
      'Ein HAProxy vor dem Broker weist mehr ab. Leer: kein Proxy. Geräte hinter einem Router teilen sich eine Adresse.',
    firewall: 'Firewall',
    networks: 'Netze der Geräte',
    networksNone: 'noch keine Regeln',
    networksHint: 'Das Paket enthält dann Regeln für nftables, ufw und iptables, die diese Netze einlassen und sonst niemanden.',
    log: 'Log',
    logShort: '{{detail}}, {{weeks}} Wochen aufbewahrt',
    logDetail: 'Was aufgezeichnet wird',
    logs: {
      usual: {
        name: 'Fehler, Warnungen und Hinweise',
        short: 'das Übliche',
        text: 'Genug, um zu sehen, wer kam, wer abgewiesen wurde und warum.',
      },
      debug: {
        name: 'alles, auch verweigerte Nachrichten',
        short: 'alles',
        text: 'Zeigt, welche Nachrichten die Zugriffsregeln verweigert haben. Viele Zeilen je Nachricht: zum Suchen, nicht für Jahre.',
      },
    },
    connectionMessages: 'Festhalten, wer sich verbindet und trennt',
    connectionMessagesHint: 'Nötig, um später zu sagen, wer wann da war.',
    logWeeks: 'Wochen, die Logs aufbewahrt werden',
    logWeeksHint: 'Wöchentlich gewechselt und komprimiert.',
    logWeeksEmqx: 'EMQX wechselt sein Log nach Größe, nicht nach Zeit: So viele Dateien zu 50 MB bleiben.',
    shipping: 'Log außerdem senden an',
    shippings: { none: 'niemanden', loki: 'Loki, mit Promtail', syslog: 'einen anderen Rechner, über Syslog' },
    targets: { loki: 'URL von Loki', syslog: 'Rechner, mit oder ohne Port' },
    wrong: 'etwas zu korrigieren',
  },
  renew: {
    due: 'Das Zertifikat des Brokers endet {{when}}, am {{date}}',
    over: 'Das Zertifikat des Brokers ist am {{date}} abgelaufen',
    none: 'Der Broker hat kein gültiges Zertifikat',
    text: 'Für dieselben Namen und Adressen wird ein neues ausgestellt. Kopieren Sie danach das Paket auf den Broker; die Geräte merken davon nichts.',
    theirs:
      'Eine andere Zertifizierungsstelle hat es ausgestellt. Erstellen Sie unten eine neue Anforderung und senden Sie sie dorthin.',
    do: 'Neues Zertifikat ausstellen',
    busy: 'Wird ausgestellt …',
  },
  origin: {
    title: 'Schlüssel und Zertifikat',
    own: 'Der Schlüssel entstand hier, das Zertifikat stammt von Ihrer eigenen Zertifizierungsstelle. Das Paket enthält beide.',
    issuer: 'Das Zertifikat wurde von {{issuer}} ausgestellt. Geräte vertrauen dieser Stelle und Ihrer eigenen.',
    issuerKeyElsewhere:
      'Das Zertifikat wurde von {{issuer}} für einen Broker ausgestellt, den jemand anderes betreibt. Der Schlüssel bleibt dort; das Paket enthält keinen. Geräte vertrauen dieser Stelle und Ihrer eigenen.',
    keyElsewhere:
      'Wer den Broker betreibt, hat den Schlüssel erzeugt und behält ihn. Das Zertifikat stammt von Ihrer Zertifizierungsstelle; das Paket enthält keinen Schlüssel.',
    none: 'Für den Broker gibt es hier weder Schlüssel noch Zertifikat.',
    awaits: {
      title: 'Noch kann sich kein Gerät verbinden',
      request:
        'Wer den Broker betreibt, erzeugt den Schlüssel und sendet eine Anforderung. Sobald sie signiert ist, gibt es ein Paket zum Exportieren.',
      given:
        'Wer den Broker betreibt, hat ein Zertifikat. Übernehmen Sie es mit seiner Kette und exportieren Sie danach: Die Gerätepakete müssen dessen Stelle kennen.',
    },
    waiting: 'Eine Anforderung wartet seit {{date}} auf Antwort',
    waitingText: 'Ihr Schlüssel liegt im Tresor. Die Anforderung lässt sich jederzeit noch einmal speichern.',
    saved: 'Anforderung gespeichert. Senden Sie sie an die Zertifizierungsstelle; der Schlüssel bleibt hier.',
    other: {
      title: 'Ein Zertifikat von einer anderen Stelle',
      text: 'Die Zertifizierungsstelle einer Firma oder eine öffentliche stellt es für den Broker aus. Die Geräte behalten Zertifikate Ihrer eigenen.',
      request: 'Anforderung speichern …',
      again: 'Anforderung erneut speichern …',
      renewed: 'Neues Zertifikat übernehmen …',
      answer: 'Antwort öffnen …',
    },
    theirs: {
      title: 'Ein Broker, den jemand anderes betreibt',
      text: 'Dort entsteht der Schlüssel. Sie stellen das Zertifikat auf deren Anforderung aus oder übernehmen das, das der Broker schon hat. Der Schlüssel kommt nie hierher.',
      open: 'Deren Anforderung öffnen …',
      given: 'Deren Zertifikat übernehmen …',
    },
    back: {
      title: 'Zurück zu eigenem Schlüssel und Zertifikat',
      text: 'Hier entsteht ein neuer Schlüssel, und Ihre eigene Zertifizierungsstelle stellt das Zertifikat aus.',
      open: 'Beides hier erzeugen …',
      sure: 'Das Paket enthält danach einen neuen Schlüssel und ein neues Zertifikat. Kopieren Sie es auf den Broker; Ihrer Zertifizierungsstelle vertrauen die Geräte schon.',
      do: 'Beides hier erzeugen',
    },
  },
  answer: {
    title: 'Die Antwort auf Ihre Anforderung',
    given: 'Das Zertifikat, das deren Broker hat',
    givenText:
      'Es wird übernommen, wie es ist. Sein Schlüssel bleibt dort, wo der Broker betrieben wird; das Paket enthält keinen. Wechselt das Zertifikat dort, übernehmen Sie das neue hier, bevor es in Gebrauch geht.',
    drop: 'Zertifikat und Kette hier ablegen',
    dropText: 'PEM, DER oder P7B, bis einschließlich der Wurzel. Bevor Sie es gesehen haben, ändert sich nichts.',
    chain: 'Kette, vom Broker bis zur Wurzel',
    until: 'gültig bis {{date}}',
    refused: 'Das lässt sich nicht verwenden',
    missing: 'Gilt nicht für diese Namen des Brokers. Geräte, die sie benutzen, würden ihn ablehnen:',
    first: 'Geben Sie den Geräten zuerst ihre neuen Pakete',
    firstGiven:
      'Pakete, die vorher exportiert wurden, kennen diese Zertifizierungsstelle nicht; damit würden die Geräte den Broker ablehnen. Neue vertrauen ihr und Ihrer eigenen.',
    firstText:
      'Geräte mit einem älteren Paket kennen diese Zertifizierungsstelle nicht und würden den Broker ablehnen. Die neuen Pakete vertrauen beiden Zertifikaten: dem, das der Broker jetzt hat, und diesem.',
    take: 'Dieses Zertifikat verwenden',
  },
  sign: {
    title: 'Zertifikat für einen Broker, den jemand anderes betreibt',
    drop: 'Deren Zertifikatsanforderung hier ablegen',
    dropText: 'Eine Anforderung, PEM oder DER. Ausgestellt wird erst, wenn Sie sie gesehen haben.',
    choose: 'Datei wählen …',
    gets: 'Ein Zertifikat nur für Server, {{days, number}} Tage gültig, ausgestellt von {{authority}}.',
    names: 'Namen und Adressen im Zertifikat',
    from: { both: 'im Projekt und angefordert', project: 'im Projekt', request: 'nur angefordert' },
    dropped: 'Geräte, die sich hiermit verbinden, würden den Broker ablehnen:',
    noKey: 'Ab jetzt enthält das Paket keinen Schlüssel. Seine README sagt, wo der andere liegen muss.',
    do: 'Zertifikat ausstellen',
  },
  saved: {
    title: 'Gespeichert',
    reissued: 'Gespeichert, mit neuem Zertifikat für den Broker',
    copy: 'Diese Dateien sind jetzt anders. Exportieren Sie neu und starten Sie install.sh im Ordner „broker“, oder kopieren Sie die Dateien und starten Sie den Broker neu:',
    nothing: 'Die Dateien auf dem Broker bleiben, wie sie sind.',
    export: 'Broker-Paket exportieren',
  },
  files: {
    trying: 'Mit den Einstellungen oben, wie sie gerade sind; noch nicht gespeichert.',
    tryingWrong: 'Oben ist erst etwas zu korrigieren; hier steht, was gespeichert ist.',
    view: 'Anzeigen',
    changes: 'Was anders ist',
    whole: 'Ganze Datei',
    unknownBefore: 'Wie sie exportiert wurde, ist nicht mehr bekannt; der nächste Export merkt es sich.',
    goneText:
      'Ein früherer Export hat diese Datei geschrieben, spätere nicht mehr; auf dem Rechner des Brokers kann sie gelöscht werden.',
    title: 'Dateien des Broker-Pakets',
    lead: 'Genau das, was ein Export für den Broker schreibt.',
    list: 'Dateien',
    copy: 'Datei kopieren',
    content: 'Inhalt von {{path}}',
    secret: 'Der private Schlüssel des Brokers',
    hashesHidden: 'Hashes von Passwörtern stehen hier als „…“.',
    secretText: 'Er wird beim Export geschrieben und nie gezeigt. {{size}}',
    change: {
      same: 'wie exportiert',
      changed: 'geändert',
      new: 'neu',
      'never-exported': 'noch nicht exportiert',
      gone: 'wird nicht mehr geschrieben',
    },
  },
};
