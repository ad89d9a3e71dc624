import type { doctorRemarks as english } from '../en/doctor-remarks.ts';

export const doctorRemarks: Record<keyof typeof english, { title: string; text: string }> = {
  'file-converted': {
    title: 'Eine Datei wurde umgewandelt',
    text: 'Die Datei ({{file}}) hat die Form {{form}}. Sie wurde trotzdem gelesen; Mosquitto will PEM.',
  },
  'public-authorities': {
    title: 'Gegen die öffentlichen Stellen geprüft',
    text: 'Keine Zertifizierungsstelle wurde gewählt. Der Broker braucht also ein Zertifikat, das auch ein Browser annähme.',
  },
  'chain-short': {
    title: 'Die Kette ist unvollständig',
    text: 'Sie endet unterhalb von {{issuer}}. Ein Broker, der nur die Stammstelle kennt, kann ihr nicht folgen.',
  },
  'client-ends-soon': {
    title: 'Das Zertifikat von {{client}} endet bald',
    text: 'Es gilt bis {{notAfter}}. Erneuern Sie es, bevor das Gerät nicht mehr erreichbar ist.',
  },
  'client-ended': {
    title: 'Das Zertifikat von {{client}} ist abgelaufen',
    text: 'Es endete am {{notAfter}}. Jeder Broker mit richtiger Uhr lehnt es ab.',
  },
  'client-not-begun': {
    title: 'Das Zertifikat von {{client}} gilt noch nicht',
    text: 'Es beginnt am {{notBefore}}. Bis dahin lehnen Broker es ab.',
  },
  'client-purpose': {
    title: 'Dieses Zertifikat ist nicht für einen Client gedacht',
    text: 'Dem von {{client}} fehlt der Zweck clientAuth. Broker lehnen es ab.',
  },
  'client-weak': {
    title: 'Das Zertifikat von {{client}} ist zu schwach',
    text: 'Schlüssel {{key}}, Signatur {{signature}}: Heutige Broker lehnen RSA unter 2048 Bit ebenso ab wie SHA-1.',
  },
  'client-revoked': {
    title: 'Das Zertifikat von {{client}} ist gesperrt',
    text: 'Seit {{revokedAt}}. Ein Broker mit der aktuellen Sperrliste lehnt es ab, und so soll es sein.',
  },
  'client-other-authority': {
    title: 'Das Zertifikat von {{client}} stammt von einer anderen Stelle',
    text: 'Ausgestellt hat es {{issuer}}, nicht {{authority}}. Ob der Broker diese Stelle kennt, zeigt sich weiter unten.',
  },
  'authority-ended': {
    title: 'Die Zertifizierungsstelle {{authority}} ist abgelaufen',
    text: 'Seit {{notAfter}} gilt nichts mehr, was sie signiert hat. Ersetzen Sie sie auf der Seite „Zertifizierungsstelle“.',
  },
  'list-ended': {
    title: 'Die Sperrliste ist abgelaufen',
    text: 'Am {{nextUpdate}}. Ein Broker mit dieser Liste lehnt alle ab, bis er eine neuere bekommt.',
  },
  'list-ends-soon': {
    title: 'Die Sperrliste läuft bald ab',
    text: 'Am {{nextUpdate}}. Danach lehnt ein Broker mit dieser Liste alle ab.',
  },
  'own-broker-ended': {
    title: 'Das Zertifikat des Brokers in diesem Projekt ist abgelaufen',
    text: 'Es endete am {{notAfter}}. Der Broker braucht ein neues.',
  },
  'own-broker-lacks-name': {
    title: 'Dem ausgestellten Broker-Zertifikat fehlt {{host}}',
    text: 'Das in diesem Projekt gilt für {{names}}.',
  },
  'clock-wrong': {
    title: 'Die Uhr dieses Computers geht falsch',
    text: 'Sie zeigt {{now}}, aber dieser Tresor weiß schon von {{known}}. Was über Daten folgt, kann daher falsch sein.',
  },
  'address-dead': {
    title: 'Eine Adresse antwortet nicht',
    text: '{{address}}: {{error}}. Wer diese zuerst versucht, wartet auf sie.',
  },
  unencrypted: {
    title: 'Diese Verbindung ist nicht verschlüsselt',
    text: 'Unterwegs ist alles lesbar, auch Passwörter. Für die Suche nach einer Ursache mag das gehen, im Betrieb nicht.',
  },
  'broker-ends-soon': {
    title: 'Das Zertifikat des Brokers endet bald',
    text: 'Das von {{broker}} gilt bis {{notAfter}}. Danach verbindet sich kein Gerät mehr.',
  },
  'broker-other-certificate': {
    title: 'Der Broker zeigt ein früheres Zertifikat',
    text: 'Es ist echt, aber nicht das zuletzt ausgestellte. Das neueste Broker-Paket wurde nicht auf den Broker kopiert, oder er wurde nicht neu gestartet.',
  },
  'broker-key-usage-lax': {
    title: 'Manche Clients lehnen das Zertifikat des Brokers ab',
    text: 'Das von {{broker}} erlaubt keine digitalen Signaturen. Die TLS-Bibliothek von Google lehnt es ab, andere lassen es gelten.',
  },
  'server-name-overridden': {
    title: 'Für einen anderen Namen geprüft',
    text: 'Bei dieser Prüfung musste das Zertifikat für {{name}} ausgestellt sein. Geräte prüfen den Namen, den sie bekommen haben.',
  },
  'not-verified': {
    title: 'Der Broker wurde nicht überprüft',
    text: 'Diese Verbindung nimmt jedes Zertifikat an. Wer dazwischen steht, kann sich als Broker ausgeben und liest mit.',
  },
  'no-certificate-asked': {
    title: 'Der Broker verlangt kein Zertifikat',
    text: 'Er hat einen Client eingelassen, der keines gesendet hat. So weit kommt jeder, der diesen Port erreicht.',
  },
  'keep-alive-lowered': {
    title: 'Der Broker will öfter ein Lebenszeichen',
    text: 'Alle {{given}} statt alle {{asked}} Sekunden.',
  },
  'packet-limit': { title: 'Nachrichten sind begrenzt', text: 'Der Broker nimmt Pakete bis {{bytes}} an.' },
  'client-id-assigned': {
    title: 'Der Broker hat die Client-ID vergeben',
    text: 'Er nennt diesen Client {{id}}. Eine Sitzung lässt sich damit nicht wieder aufnehmen.',
  },
  'older-protocol': {
    title: 'Der Broker spricht nur MQTT 3.1.1',
    text: 'Er sagt weder, was er kann, noch, wann er ein Topic verweigert. Was erlaubt ist, zeigt sich an dem, was ankommt.',
  },
  'qos-limited': { title: 'Nicht jede Zustellgüte', text: 'Der Broker bietet höchstens QoS {{qos}}.' },
  'no-retained': { title: 'Keine gespeicherten Nachrichten', text: 'Der Broker hebt nichts für spätere Abonnenten auf.' },
  'no-wildcards': { title: 'Keine Platzhalter', text: 'Der Broker nimmt kein + und # in Abonnements an.' },
  'no-shared': {
    title: 'Keine geteilten Abonnements',
    text: 'Der Broker verteilt Nachrichten nicht auf mehrere Empfänger.',
  },
  'session-expiry-changed': {
    title: 'Der Broker bewahrt Sitzungen anders auf',
    text: '{{given}} statt {{asked}} Sekunden.',
  },
  'subscription-refused': {
    title: 'Der Broker verweigert das Abonnement von {{topic}}',
    text: 'Die Zugriffsregeln des Brokers erlauben es nicht (Code {{reasonCode}}).',
  },
  'publish-refused': {
    title: 'Der Broker verweigert Nachrichten an {{topic}}',
    text: 'Die Zugriffsregeln des Brokers erlauben sie nicht (Code {{reasonCode}}).',
  },
  'not-delivered': {
    title: 'Eine Nachricht an {{topic}} kam nicht an',
    text: 'Gewartet wurde {{milliseconds}} ms. Mosquitto bestätigt auch, was es dann nicht zustellt: Die Zugriffsregeln des Senders oder des Empfängers passen nicht.',
  },
  slow: {
    title: 'Hin und zurück dauert es lange',
    text: 'Bis zu {{milliseconds}} ms. Das Netz oder der Broker ist ausgelastet.',
  },
  'one-identity-only': {
    title: 'Nur eine Identität war beteiligt: {{tested}}',
    text: 'Was zwischen Geräten und Beobachter hin- und hergeht, wurde nicht gesehen. Als Gerät geprüft, sieht man beide Wege.',
  },
  'access-differs': {
    title: 'Der Broker entscheidet anders als geplant',
    text: '{{count}} von {{total}} Prüfungen weichen von den Zugriffsregeln dieses Projekts ab.',
  },
  'access-older-list': {
    title: 'Der Broker arbeitet mit einer früheren Zugriffsliste',
    text: 'Er entscheidet nach den Regeln vom {{at}}. Das neueste Broker-Paket wurde nicht kopiert, oder der Broker wurde nicht neu gestartet.',
  },
  'access-everything-allowed': {
    title: 'Der Broker benutzt keine Zugriffsliste',
    text: 'Alles, was verweigert werden müsste, ist erlaubt.',
  },
  'access-nothing-allowed': {
    title: 'Die Zugriffsliste des Brokers kennt keinen dieser Namen',
    text: 'Nichts ist erlaubt. Oft gehört die Liste zu einem anderen Projekt.',
  },
  'access-other-rule': {
    title: 'Der Broker hat andere Zugriffsregeln',
    text: 'Bei einigen Topics entscheidet er nach einer Regel, die dieses Projekt nicht hat. Vielleicht wurde die Liste von Hand geändert.',
  },
  'access-untried': {
    title: 'Nicht alles ließ sich versuchen',
    text: 'Nicht durchgeführte Prüfungen: {{count}}.',
  },
  'let-in-no-certificate': {
    title: 'Der Broker lässt Clients ohne Zertifikat ein',
    text: 'Wer ihn erreicht, kann sich verbinden. In seinen Einstellungen fehlt require_certificate.',
  },
  'let-in-foreign-authority': {
    title: 'Der Broker lässt Zertifikate einer fremden Stelle ein',
    text: 'Seine certs/ca.crt nennt mehr als die Stellen dieses Projekts, oder es wird nichts geprüft.',
  },
  'let-in-revoked': {
    title: 'Der Broker lässt ein gesperrtes Zertifikat ein',
    text: 'Er hat keine oder eine alte Sperrliste. Verlorene und gestohlene Geräte kommen hinein.',
  },
  'let-in-expired': {
    title: 'Der Broker lässt ein abgelaufenes Zertifikat ein',
    text: 'Seine Uhr geht nach, oder er achtet nicht auf das Datum.',
  },
  'let-in-no-password': {
    title: 'Der Broker lässt Clients ohne Passwort ein',
    text: 'Ihm genügt ein Zertifikat, obwohl das Projekt auch ein Passwort verlangt. Passwortdatei oder allow_anonymous sind nicht wie im Broker-Paket.',
  },
  'let-in-wrong-password': {
    title: 'Der Broker lässt ein falsches Passwort gelten',
    text: 'Er prüft Passwörter nicht. Seine Passwortdatei fehlt oder wird nicht benutzt.',
  },
  'let-in-revoked-password': {
    title: 'Der Broker nimmt das Passwort eines gesperrten Geräts an',
    text: 'Seine Passwortdatei ist die von vor der Sperrung. Exportieren Sie das Broker-Paket, kopieren Sie die Benutzer daraus auf den Broker und laden Sie ihn neu.',
  },
  'let-in-plain': {
    title: 'Port {{port}} ist unverschlüsselt offen',
    text: 'Wer ihn erreicht, kann lesen und senden. Entfernen Sie diesen Listener, oder binden Sie ihn an localhost.',
  },
  'refusal-untried': { title: 'Eine Ablehnung ließ sich nicht versuchen', text: '{{test}}' },
};
