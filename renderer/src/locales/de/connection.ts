import type { Words } from '../en.ts';

export const connection: Words['connection'] = {
  'name-not-found': {
    title: 'Der Name {{host}} ist nicht bekannt',
    explanation: 'Kein Namensserver und keine Hosts-Datei dieses Computers kennt dazu eine Adresse. Vielleicht ein Tippfehler.',
    remedy: 'Versuchen Sie eine IP-Adresse des Brokers, oder prüfen Sie den Namen und die DNS-Einstellungen dieses Netzes.',
  },
  'name-server-silent': {
    title: 'Der Namensserver antwortet nicht',
    explanation:
      'Kein Namensserver sagte rechtzeitig, welche Adresse {{host}} hat. Vielleicht gibt es in diesem Netz keinen, wie in vielen Anlagen, oder er ist ausgefallen.',
    remedy: 'Versuchen Sie eine IP-Adresse des Brokers, oder prüfen Sie, welchen Namensserver dieser Computer fragt.',
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
      'Keine vertraute Zertifizierungsstelle hat es signiert. Es kann ein anderer Broker sein, oder es fehlt ein Zwischenzertifikat, das er zeigen müsste. Von hier aus ist beides nicht zu unterscheiden.',
    remedy:
      'Kopieren Sie das Paket dieses Projekts noch einmal auf den Broker, alle Dateien aus certs/, und starten Sie ihn neu. Vergleichen Sie vorher die Fingerabdrücke.',
  },
  'broker-other-root': {
    title: 'Der Broker gehört zu einer Stelle, der hier nicht vertraut wird',
    explanation:
      'Der Broker zeigte seine ganze Kette, und die Wurzel an ihrem Ende ist keine der vertrauten. Es ist ein anderer Broker, oder er hat das Paket eines anderen Projekts.',
    remedy:
      'Vergleichen Sie die Fingerabdrücke. Kopieren Sie alle Dateien aus certs/ dieses Projekts auf den Broker, oder wählen Sie die Stelle, die zu ihm gehört.',
  },
  'broker-authority-recreated': {
    title: 'Die Stelle hat den richtigen Namen und einen anderen Schlüssel',
    explanation:
      'Das Zertifikat des Brokers signierte eine Stelle gleichen Namens, die nicht diese ist: Sie wurde irgendwann neu angelegt, hier oder dort.',
    remedy:
      'Vergleichen Sie die Fingerabdrücke beider Stellen. Kopieren Sie alle Dateien aus certs/ des neuesten Pakets auf den Broker und starten Sie ihn neu.',
  },
  'broker-chain-incomplete': {
    title: 'Der Broker zeigt nicht seine ganze Kette',
    explanation:
      'Sein Zertifikat stammt von einer Stelle dieses Projekts, aber das Zwischenzertifikat lässt er weg. Geräte, die nur die Wurzel kennen, weisen ihn ab.',
    remedy:
      'Kopieren Sie certs/server.crt aus dem Paket dieses Projekts auf den Broker und starten Sie ihn neu: Die Datei enthält die Zwischenzertifikate.',
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
  'broker-key-usage': {
    title: 'Das Zertifikat des Brokers darf nicht signieren',
    explanation:
      'Seiner Schlüsselverwendung fehlt digitalSignature, also darf es an einem heutigen Handshake nicht teilnehmen. Manche Geräte übersehen das, andere weisen es ab wie dieses Programm.',
    remedy:
      'Stellen Sie dem Broker ein neues Zertifikat aus, kopieren Sie alle Dateien aus certs/ dorthin und starten Sie ihn neu.',
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
    explanation: 'Seine Zeit ist vorbei, nach der Uhr des Brokers wie nach der dieses Computers.',
    remedy: 'Ersetzen Sie das Zertifikat {{of}} und bringen Sie das neue dorthin, wo es gebraucht wird.',
  },
  'client-certificate-not-yet-valid': {
    title: 'Das Zertifikat {{of}} gilt noch nicht',
    explanation: 'Es beginnt in der Zukunft, auch nach der Uhr dieses Computers. Bis dahin weist der Broker es ab.',
    remedy: 'Warten Sie, bis es beginnt, oder ersetzen Sie es durch eines, das jetzt gilt.',
  },
  'client-certificate-weak': {
    title: 'Das Zertifikat {{of}} ist zu schwach',
    explanation:
      'Es hat einen kurzen RSA-Schlüssel oder ist mit SHA-1 signiert. Aktuelle Broker und Programme weisen solche Zertifikate ab.',
    remedy: 'Ersetzen Sie das Zertifikat {{of}}, am besten durch eines mit P-256-Schlüssel.',
  },
  'broker-list-ended': {
    title: 'Die Sperrliste des Brokers ist abgelaufen',
    explanation:
      'Das Zertifikat {{of}} hat nach der Uhr dieses Computers noch Zeit. Ein Broker, dessen Sperrliste abgelaufen ist, weist mit dieser Antwort alle ab; einer, dessen Uhr vorgeht, ebenso. Von hier aus ist beides nicht zu unterscheiden.',
    remedy:
      'Prüfen Sie das Datum auf dem Broker. Veröffentlichen Sie dann auf der Seite „Stelle“ eine neue Sperrliste, kopieren Sie sie auf den Broker und starten Sie ihn neu.',
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
    explanation: 'Mehr sagt er nicht. Meist geht die Uhr des Brokers nach, und für ihn gilt das Zertifikat noch nicht.',
    remedy: 'Prüfen Sie das Datum auf dem Broker und lesen Sie sein Protokoll zu dieser Zeit.',
  },
  'handshake-failure': {
    title: 'Keine Einigung über die Verschlüsselung',
    explanation: 'Der Broker brach den Handshake ab und sagte nicht, woran es lag.',
    remedy: 'Lesen Sie das Protokoll des Brokers zu dieser Zeit. Schlüssel der Art P-256 gehen überall.',
  },
  'no-common-cipher': {
    title: 'Kein gemeinsames Verschlüsselungsverfahren',
    explanation:
      'Der Broker brach den Handshake ab, bevor er ein Zertifikat zeigte: Keines der angebotenen Verfahren steht auf seiner Liste.',
    remedy: 'Prüfen Sie ciphers und ciphers_tls1.3 am Listener des Brokers und die Art seines Schlüssels: P-256 geht überall.',
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
  'server-name-refused': {
    title: 'Auf den Namen {{host}} hört hier niemand',
    explanation: 'Ein Server, der mehrere Namen bedient, bekam diesen und kennt ihn nicht. Oft steht ein Proxy vor dem Broker.',
    remedy: 'Nehmen Sie den Namen, unter dem der Proxy den Broker kennt, oder setzen Sie für den Test einen anderen Servernamen.',
  },
  'closed-during-tls': {
    title: 'Die Verbindung wird geschlossen, sobald TLS beginnt',
    explanation:
      '{{host}} nahm die Verbindung auf Port {{port}} an und schloss sie während des Handshakes, ohne Grund und ohne MQTT. Oft ein Proxy, eine Firewall, ein Dienst, der etwas anderes erwartet, oder ein Broker, der ein Zertifikat wortlos abweist.',
    remedy:
      'Prüfen Sie den Port, und was zwischen diesem Computer und dem Broker steht. Lesen Sie das Protokoll des Brokers zu dieser Zeit.',
  },
  'file-unreadable': {
    title: 'Eine Datei ist nicht, was sie sein soll',
    explanation:
      'Darin war weder in PEM noch in DER ein Zertifikat oder Schlüssel zu lesen. Vielleicht sind die Dateien vertauscht, oder eine wurde beim Kopieren abgeschnitten.',
    remedy: 'Wählen Sie die Dateien noch einmal. „Dateien prüfen“ sagt von jeder, was sie ist.',
  },
  'key-unsupported': {
    title: 'Diese Art von Schlüssel ist nicht brauchbar',
    explanation:
      'Die TLS-Bibliothek kennt die Kurve nicht oder die Form, in der der Schlüssel verwahrt ist, etwa secp256k1. Viele Geräte kennen sie auch nicht.',
    remedy: 'Stellen Sie ein Zertifikat mit P-256-Schlüssel aus.',
  },
  'key-mismatch': {
    title: 'Schlüssel und Zertifikat gehören nicht zusammen',
    explanation: 'Der private Schlüssel {{of}} passt nicht zum Zertifikat. Deshalb wurde nichts gesendet.',
    remedy: 'Ersetzen Sie das Zertifikat {{of}}. Prüfen Sie das Protokoll dieses Tresors in den Einstellungen.',
  },
  'passphrase-missing': {
    title: 'Der Schlüssel ist verschlüsselt',
    explanation: 'Ohne seine Passphrase ist der Schlüssel nicht zu gebrauchen. Deshalb wurde nichts gesendet.',
    remedy: 'Geben Sie die Passphrase des Schlüssels ein.',
  },
  'passphrase-wrong': {
    title: 'Die Passphrase ist falsch',
    explanation: 'Der Schlüssel ließ sich damit nicht entschlüsseln. Deshalb wurde nichts gesendet.',
    remedy: 'Geben Sie die Passphrase noch einmal ein. Achten Sie auf Großbuchstaben und die Sprache der Tastatur.',
  },
  'authority-unreadable': {
    title: 'In der Datei der Stelle ist kein Zertifikat',
    explanation: 'TLS übergeht eine solche Datei stillschweigend und vertraut dann niemandem. Jeder Broker würde abgewiesen.',
    remedy: 'Wählen Sie die Datei mit dem Zertifikat der Stelle, meist ca.crt.',
  },
  'authority-is-no-authority': {
    title: 'In der Datei der Stelle liegt das Zertifikat von jemand anderem',
    explanation:
      'Was darin steht, ist keine Zertifizierungsstelle, vielleicht das Zertifikat eines Geräts oder des Brokers. Es bürgt für niemanden.',
    remedy: 'Wählen Sie die Datei mit dem Zertifikat der Stelle, meist ca.crt.',
  },
  'no-connack': {
    title: 'TLS geht, aber keine MQTT-Antwort kommt',
    explanation:
      'Auf Port {{port}} kam die Verschlüsselung zustande. Dann ließ der Broker, oder was dort steht, die Bitte um Verbindung unbeantwortet.',
    remedy:
      'Prüfen Sie, ob dieser Port der von MQTT ist, und ob der Broker überlastet ist. Lesen Sie sein Protokoll zu dieser Zeit.',
  },
  'closed-before-connack': {
    title: 'Der Broker legt auf, statt zu antworten',
    explanation:
      'Die Verschlüsselung kam zustande, dann wurde die Verbindung ohne Antwort auf CONNECT geschlossen. So tun es Broker, wenn zu viele Clients verbunden sind, oder wenn sie ein Zertifikat abweisen, ohne es zu sagen.',
    remedy: 'Lesen Sie das Protokoll des Brokers zu dieser Zeit: max_connections, und was es über das Zertifikat {{of}} sagt.',
  },
  'mqtt-version': {
    title: 'Keine gemeinsame MQTT-Version',
    explanation: 'Der Broker spricht auf diesem Port weder MQTT 5 noch 3.1.1.',
    remedy: 'Prüfen Sie, welche Protokolle der Listener zulässt, und aktualisieren Sie einen alten Broker.',
  },
  credentials: {
    title: 'Der Broker lehnt die Anmeldung ab',
    explanation: 'Name oder Passwort sind falsch, oder der Broker nimmt den Namen nicht aus dem Zertifikat.',
    remedy: 'Prüfen Sie use_identity_as_username am Listener des Brokers, und dass keine Passwortdatei für ihn gilt.',
  },
  'authentication-method': {
    title: 'Der Broker will eine andere Art der Anmeldung',
    explanation: 'Er verlangt erweiterte Anmeldung mit einem Verfahren, das nicht angeboten wurde.',
    remedy: 'Prüfen Sie die Einstellungen zur Anmeldung am Listener des Brokers.',
  },
  'authentication-unanswered': {
    title: 'Der Broker fragt weiter, und es gibt keine Antwort darauf',
    explanation:
      'Er setzt einen Authentifizierungsaustausch fort (Methode {{method}}). Für seinen Schritt {{step}} ist keine Antwort gespeichert, und Fieldkey berechnet keine; deshalb hat es die Verbindung beendet. Der Broker sagte: „{{said}}“.',
    remedy:
      'Fragt die Methode jedes Mal dasselbe, dann schreiben Sie in der Verbindung unter MQTT eine Antwort für jeden Schritt. Methoden, die ihre Antworten berechnen, wie SCRAM, lassen sich hier nicht ausprobieren.',
  },
  'not-authorized': {
    title: 'Der Broker lässt {{whom}} nicht herein',
    explanation: 'Das Zertifikat wurde angenommen, aber die Zugriffsregeln des Brokers sehen diesen Namen nicht vor.',
    remedy: 'Kopieren Sie die Zugriffsliste aus dem Paket dieses Projekts auf den Broker und starten Sie ihn neu.',
  },
  banned: {
    title: 'Der Broker hat {{whom}} ausgeschlossen',
    explanation: 'Er kennt diesen Client und lässt ihn zurzeit nicht herein, etwa nach zu vielen Fehlversuchen.',
    remedy: 'Suchen Sie den Ausschluss auf dem Broker und heben Sie ihn auf.',
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
  'rate-limited': {
    title: 'Zu schnell für den Broker',
    explanation: 'Nachrichten oder Verbindungen kamen schneller, als der Broker erlaubt.',
    remedy: 'Warten Sie einen Moment, senden Sie langsamer, oder heben Sie die Ratengrenze des Brokers an.',
  },
  'server-busy': {
    title: 'Der Broker ist beschäftigt',
    explanation: 'Er ist da, nimmt aber gerade keine neuen Verbindungen an. Vielleicht startet oder beendet er sich.',
    remedy: 'Warten Sie einen Moment. Bleibt es so, sehen Sie nach seiner Last und seinem Protokoll.',
  },
  'server-moved': {
    title: 'Der Broker schickt seine Clients woandershin',
    explanation: 'Er sagt, dass jetzt ein anderer Server zuständig ist.',
    remedy: 'Fragen Sie den Betreiber des Brokers nach der neuen Adresse und testen Sie diese.',
  },
  'shutting-down': {
    title: 'Der Broker fährt herunter',
    explanation: 'Er verabschiedete sich, weil er anhält oder neu startet.',
    remedy: 'Warten Sie, bis er wieder läuft, und verbinden Sie sich dann noch einmal.',
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
      'Sie war schon zustande gekommen, und er nannte keinen Grund. Oft verband sich derselbe Name zweimal, oder der Broker wurde neu gestartet.',
    remedy: 'Sehen Sie im Protokoll des Brokers zu dieser Zeit nach. Prüfen Sie, ob {{who}} auch anderswo verbunden ist.',
  },
  'keep-alive-timeout': {
    title: 'Die Verbindung verstummte',
    explanation: 'Vom Broker kam nicht rechtzeitig ein Lebenszeichen. Das Netz war unterbrochen, oder der Broker hängt.',
    remedy: 'Prüfen Sie das Netz und verbinden Sie erneut, falls die Verbindung nicht von selbst zurückkommt.',
  },
  resting: {
    title: 'Unterbrochen',
    explanation:
      'Eine Prüfung oder ein Nachweis spricht gerade mit demselben Zertifikat. Zwei zugleich würden sich gegenseitig hinauswerfen.',
    remedy: 'Nichts zu tun: Die Verbindung kommt mit ihren Abonnements von selbst zurück.',
  },
  'vault-locked': {
    title: 'Der Tresor wurde gesperrt',
    explanation: 'Die Schlüssel gibt es nur bei offenem Tresor. Deshalb wurde die Testverbindung geschlossen.',
    remedy: 'Öffnen Sie den Tresor und verbinden Sie sich noch einmal.',
  },
  'tester-ended': {
    title: 'Der Prozess des Testers ist unerwartet beendet worden',
    explanation:
      'Verbindungen leben in einem eigenen Prozess. Er ist abgestürzt; der Tresor und der Rest von Fieldkey sind davon nicht berührt.',
    remedy:
      'Der Beobachter kommt mit seinen Abonnements von selbst wieder. Verbinden Sie Geräte neu. Geschieht es noch einmal, sehen Sie nach, was dieser Broker sendet.',
  },
  unknown: {
    title: 'Die Verbindung ist gescheitert',
    explanation: 'Die Zeichen passen zu keiner Ursache, die Fieldkey kennt.',
    remedy: 'Öffnen Sie die Einzelheiten und vergleichen Sie sie mit dem Protokoll des Brokers zu dieser Zeit.',
  },
};
