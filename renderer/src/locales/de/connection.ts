import type { Words } from '../en.ts';

export const connection: Words['connection'] = {
  'name-not-found': {
    title: 'Der Name {{host}} ist nicht bekannt',
    explanation: 'Kein Namensserver und keine Hosts-Datei dieses Computers kennt dazu eine Adresse. Vielleicht ein Tippfehler.',
    remedy: 'Versuchen Sie eine IP-Adresse des Brokers, oder prüfen Sie den Namen und die DNS-Einstellungen dieses Netzes.',
  },
  refused: {
    title: 'Auf Port {{port}} antwortet nichts',
    explanation:
      '{{host}} ist da, aber kein Programm hört auf diesem Port. Der Broker läuft nicht, oder er hört nur auf sich selbst.',
    remedy: 'Prüfen Sie den Port, ob Mosquitto läuft, und ob sein Listener nur an localhost gebunden ist.',
  },
  unreachable: {
    title: '{{host}} ist nicht erreichbar',
    explanation: 'Es kam keine Antwort: eine Firewall dazwischen, ein anderes Netz oder ein ausgeschalteter Computer.',
    remedy: 'Prüfen Sie Kabel oder WLAN, ob beide im selben Netz sind, und die Firewall des Brokers.',
  },
  'no-answer': {
    title: 'Der Port ist offen, aber niemand spricht',
    explanation: 'Auf Port {{port}} wurde die Verbindung angenommen, dann blieb es still. Das ist kein MQTT-Broker mit TLS.',
    remedy: 'Prüfen Sie den Port, und ob eine Firewall oder ein Proxy anstelle des Brokers antwortet.',
  },
  'plain-port': {
    title: 'Dieser Port ist nicht verschlüsselt',
    explanation:
      '{{host}} spricht auf Port {{port}} unverschlüsseltes MQTT. Kein Zertifikat wird verlangt, und unterwegs ist alles lesbar.',
    remedy: 'Nehmen Sie den Port mit TLS, meist 8883, und schließen Sie den offenen auf dem Broker.',
  },
  'tls-port': {
    title: 'Dieser Port ist verschlüsselt',
    explanation: '{{host}} spricht auf Port {{port}} TLS, und diese Verbindung soll unverschlüsselt sprechen.',
    remedy: 'Wählen Sie in der Verbindung den Übertragungsweg mit TLS (mqtts oder wss), oder einen anderen Port.',
  },
  'not-tls': {
    title: 'Port {{port}} spricht kein TLS',
    explanation: 'Es kam eine Antwort, aber nicht mit TLS. Vielleicht ist es ein Webserver oder ein anderer Dienst.',
    remedy: 'Prüfen Sie die Portnummer. MQTT mit TLS liegt meist auf 8883.',
  },
  'not-mqtt': {
    title: 'Port {{port}} spricht kein MQTT',
    explanation: 'Die Verschlüsselung kam zustande, aber was folgte, ist kein MQTT. Vielleicht ist es ein Webserver.',
    remedy: 'Prüfen Sie die Portnummer, und ob der Listener des Brokers auf MQTT gestellt ist.',
  },
  'websocket-refused': {
    title: 'Hier gibt es kein MQTT über WebSocket',
    explanation:
      'Was auf {{host}}, Port {{port}}, antwortet, nimmt unter diesem Pfad keinen WebSocket für MQTT an. Vielleicht ist es ein Webserver oder ein gewöhnlicher MQTT-Port.',
    remedy: 'Prüfen Sie den Pfad (oft /mqtt oder nur /), den Port, und ob der Listener des Brokers auf WebSocket gestellt ist.',
  },
  'broker-untrusted': {
    title: 'Das Zertifikat des Brokers stammt von einer anderen Stelle',
    explanation:
      'Die Zertifizierungsstelle dieses Projekts hat es nicht signiert. Es kann ein anderer Broker sein, eine neu angelegte Stelle gleichen Namens, oder ein fehlendes Zwischenzertifikat.',
    remedy:
      'Kopieren Sie das Paket dieses Projekts noch einmal auf den Broker, alle Dateien aus certs/, und starten Sie ihn neu. Vergleichen Sie vorher die Fingerabdrücke.',
  },
  'broker-self-signed': {
    title: 'Der Broker hat sein Zertifikat selbst signiert',
    explanation: 'Niemand bürgt dafür. Geräte können ihn nicht von einem Betrüger unterscheiden.',
    remedy: 'Kopieren Sie das Paket dieses Projekts auf den Broker: Es enthält ein Zertifikat Ihrer Stelle.',
  },
  'broker-expired': {
    title: 'Das Zertifikat des Brokers ist abgelaufen',
    explanation: 'Nach der Uhr dieses Computers ist seine Zeit vorbei. Geht die Uhr falsch, stimmt auch dieser Befund nicht.',
    remedy:
      'Prüfen Sie das Datum dieses Computers. Stimmt es, stellen Sie auf der Seite „Broker“ ein neues Zertifikat aus, exportieren Sie das Broker-Paket, kopieren Sie alle Dateien aus certs/ auf den Broker und starten Sie ihn neu.',
  },
  'broker-not-yet-valid': {
    title: 'Das Zertifikat des Brokers gilt noch nicht',
    explanation: 'Nach der Uhr dieses Computers beginnt es in der Zukunft. Vermutlich geht diese Uhr nach.',
    remedy: 'Stellen Sie die Uhr dieses Computers und versuchen Sie es noch einmal.',
  },
  'broker-name-mismatch': {
    title: 'Das Zertifikat des Brokers gilt nicht für {{host}}',
    explanation: 'Es gilt nur für andere Namen und Adressen. Geräte, die den Namen prüfen, weisen es ebenso ab.',
    remedy:
      'Nehmen Sie {{host}} in Namen und Adressen des Brokers auf, das stellt sein Zertifikat neu aus, oder nehmen Sie einen Namen, den es hat.',
  },
  'broker-purpose': {
    title: 'Dieses Zertifikat ist nicht für einen Broker gedacht',
    explanation: 'Dem Zertifikat des Brokers fehlt der Zweck eines Servers. Vielleicht wurde das eines Geräts eingespielt.',
    remedy: 'Kopieren Sie server.crt und server.key aus dem Paket dieses Projekts auf den Broker und starten Sie ihn neu.',
  },
  'client-certificate-required': {
    title: 'Der Broker will ein Zertifikat und sah keines',
    explanation: 'Hier werden Zertifikate verlangt, aber keines erreichte den Broker.',
    remedy: 'Prüfen Sie, ob {{who}} ein gültiges Zertifikat hat, und versuchen Sie es noch einmal.',
  },
  'client-certificate-unknown-authority': {
    title: 'Der Broker kennt Ihre Zertifizierungsstelle nicht',
    explanation:
      'Das Zertifikat {{of}} stammt von einer Stelle, der der Broker nicht vertraut, oder dort fehlt ein Glied der Kette.',
    remedy: 'Kopieren Sie certs/ca.crt aus dem Paket dieses Projekts auf den Broker und starten Sie ihn neu.',
  },
  'client-certificate-expired': {
    title: 'Für den Broker ist das Zertifikat {{of}} abgelaufen',
    explanation: 'Nach der Uhr des Brokers ist seine Zeit vorbei. Vielleicht geht die Uhr des Brokers vor.',
    remedy: 'Prüfen Sie das Datum auf dem Broker. Stimmt es, ersetzen Sie das Zertifikat {{of}}.',
  },
  'client-certificate-revoked': {
    title: 'Das Zertifikat {{of}} ist gesperrt',
    explanation: 'Es steht auf der Sperrliste des Brokers, deshalb weist er es ab. So soll es sein.',
    remedy: 'Soll {{who}} sich verbinden, ersetzen Sie das Zertifikat und bringen Sie das neue auf das Gerät.',
  },
  'client-certificate-unsupported': {
    title: 'Der Broker kann mit diesem Zertifikat nichts anfangen',
    explanation: 'Dem Zertifikat {{of}} fehlt der Zweck eines Clients, oder der Broker kennt die Art des Schlüssels nicht.',
    remedy: 'Ersetzen Sie das Zertifikat {{of}}, am besten mit einem P-256-Schlüssel.',
  },
  'client-certificate-rejected': {
    title: 'Der Broker lehnt das Zertifikat {{of}} ab',
    explanation:
      'Mehr sagt er nicht. Oft geht die Uhr des Brokers nach und das Zertifikat gilt noch nicht, oder seine Sperrliste ist abgelaufen.',
    remedy:
      'Prüfen Sie das Datum auf dem Broker, veröffentlichen Sie eine neue Sperrliste und kopieren Sie sie dorthin. Lesen Sie dann das Protokoll des Brokers.',
  },
  'handshake-failure': {
    title: 'Keine Einigung über die Verschlüsselung',
    explanation: 'Beide Seiten haben kein Verfahren gemeinsam, oder der Broker wollte ein Zertifikat und bekam keines.',
    remedy: 'Prüfen Sie tls_version und ciphers des Brokers. Schlüssel der Art P-256 gehen überall.',
  },
  'protocol-version': {
    title: 'Keine gemeinsame TLS-Version',
    explanation: 'Der Broker spricht nur Versionen, die hier abgelehnt werden, oder umgekehrt. Nötig ist mindestens TLS 1.2.',
    remedy: 'Prüfen Sie tls_version in den Einstellungen des Brokers, und aktualisieren Sie einen alten Broker.',
  },
  alpn: {
    title: 'Der Broker erwartet ein anderes Protokoll',
    explanation: 'Er bietet nur Anwendungsprotokolle an, die dieser Test nicht nennt. Oft steht ein Proxy davor.',
    remedy: 'Entfernen Sie die ALPN-Einstellung des Brokers oder des Proxys.',
  },
  'key-mismatch': {
    title: 'Schlüssel und Zertifikat gehören nicht zusammen',
    explanation: 'Der private Schlüssel {{of}} passt nicht zum Zertifikat. Deshalb wurde nichts gesendet.',
    remedy: 'Ersetzen Sie das Zertifikat {{of}}. Prüfen Sie das Protokoll dieses Tresors in den Einstellungen.',
  },
  credentials: {
    title: 'Der Broker lehnt die Anmeldung ab',
    explanation: 'Name oder Passwort sind falsch, oder der Broker nimmt den Namen nicht aus dem Zertifikat.',
    remedy: 'Prüfen Sie use_identity_as_username am Listener des Brokers, und dass keine Passwortdatei für ihn gilt.',
  },
  'not-authorized': {
    title: 'Der Broker lässt {{whom}} nicht herein',
    explanation: 'Das Zertifikat wurde angenommen, aber die Zugriffsregeln des Brokers sehen diesen Namen nicht vor.',
    remedy: 'Kopieren Sie die Zugriffsliste aus dem Paket dieses Projekts auf den Broker und starten Sie ihn neu.',
  },
  'client-id-rejected': {
    title: 'Der Broker lehnt die Client-ID ab',
    explanation: 'Er nimmt den Namen nicht an, unter dem sich {{who}} vorstellt.',
    remedy: 'Prüfen Sie use_username_as_clientid und clientid_prefixes in den Einstellungen des Brokers.',
  },
  'taken-over': {
    title: 'Jemand anders hat sich als {{who}} verbunden',
    explanation:
      'Der Broker lässt jeden Namen nur einmal zu und schloss diese Verbindung zugunsten der neueren. Vermutlich kam das echte Gerät zurück.',
    remedy: 'Soll das Gerät in Betrieb sein, ist nichts zu tun. Der Test verdrängt es nicht von selbst wieder.',
  },
  'packet-too-large': {
    title: 'Eine Nachricht war zu groß',
    explanation: 'Bei Nachrichten über seiner Grenze (max_packet_size) schließt der Broker die Verbindung.',
    remedy: 'Senden Sie weniger auf einmal, oder heben Sie die Grenze auf dem Broker an.',
  },
  'quota-exceeded': {
    title: 'Eine Grenze des Brokers ist erreicht',
    explanation: 'Verbindungen, Nachrichten oder Rate: Mehr davon nimmt der Broker nicht an.',
    remedy: 'Warten Sie einen Moment, oder heben Sie die Grenzen in den Einstellungen des Brokers an.',
  },
  'server-busy': {
    title: 'Der Broker ist beschäftigt',
    explanation: 'Er ist da, nimmt aber gerade keine neuen Verbindungen an. Vielleicht startet oder beendet er sich.',
    remedy: 'Warten Sie einen Moment. Bleibt es so, sehen Sie nach seiner Last und seinem Protokoll.',
  },
  'protocol-error': {
    title: 'Die beiden Seiten verstehen einander nicht',
    explanation: 'Etwas im Austausch verstieß gegen die Regeln von MQTT.',
    remedy:
      'Öffnen Sie die Einzelheiten und vergleichen Sie sie mit dem Protokoll des Brokers. Aktualisieren Sie einen alten Broker.',
  },
  'closed-by-broker': {
    title: 'Der Broker hat die Verbindung geschlossen',
    explanation:
      'Er nannte keinen Grund. Oft verband sich derselbe Name zweimal, der Broker wurde neu gestartet, oder es ist ein Port ohne TLS.',
    remedy: 'Sehen Sie im Protokoll des Brokers zu dieser Zeit nach. Prüfen Sie, ob {{who}} auch anderswo verbunden ist.',
  },
  'keep-alive-timeout': {
    title: 'Die Verbindung verstummte',
    explanation: 'Vom Broker kam nicht rechtzeitig ein Lebenszeichen. Das Netz war unterbrochen, oder der Broker hängt.',
    remedy: 'Prüfen Sie das Netz und verbinden Sie erneut, falls die Verbindung nicht von selbst zurückkommt.',
  },
  'vault-locked': {
    title: 'Der Tresor wurde gesperrt',
    explanation: 'Die Schlüssel gibt es nur bei offenem Tresor. Deshalb wurde die Testverbindung geschlossen.',
    remedy: 'Öffnen Sie den Tresor und verbinden Sie sich noch einmal.',
  },
  unknown: {
    title: 'Die Verbindung ist gescheitert',
    explanation: 'Die Zeichen passen zu keiner Ursache, die Fieldkey kennt.',
    remedy: 'Öffnen Sie die Einzelheiten und vergleichen Sie sie mit dem Protokoll des Brokers zu dieser Zeit.',
  },
};
