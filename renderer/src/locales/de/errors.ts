import type { Words } from '../en.ts';

export const errors: Words['errors'] = {
  INPUT_INVALID: {
    title: 'Etwas im Formular ist nicht verwendbar',
    explanation: 'Fieldkey hat die Eingabe geprüft und abgelehnt, bevor etwas geschah.',
    todo: 'Berichtigen Sie die Punkte unten und versuchen Sie es noch einmal.',
  },
  PLAN_INVALID: {
    title: 'Der Plan hat Fehler',
    explanation: '{{file}} wurde gelesen, aber nicht alles darin ist verwendbar. Nichts wurde ausgestellt.',
    todo: 'Berichtigen Sie die Punkte unten und führen Sie den Plan noch einmal aus.',
  },
  PLAN_NOT_READABLE: {
    title: 'Der Plan ist nicht lesbar',
    explanation: '{{file}} fehlt oder ist kein gültiges JSON: {{reason}}',
    todo: 'Prüfen Sie den Pfad, und die Datei mit einem Editor, der JSON-Fehler anzeigt.',
  },
  PLAN_CONFLICT: {
    title: 'Der Plan widerspricht dem Projekt',
    explanation: 'Das Projekt „{{project}}“ gibt es schon, und manches darin lässt sich nachträglich nicht ändern.',
    todo: 'Nehmen Sie die Änderungen an den Punkten unten zurück, oder wählen Sie einen anderen Projektnamen.',
  },
  VAULT_EXISTS: {
    title: 'Dort liegt schon eine Datei',
    explanation: '{{file}} gibt es bereits. Fieldkey überschreibt nie eine Datei mit einem neuen Tresor.',
    todo: 'Öffnen Sie sie als vorhandenen Tresor, oder wählen Sie für den neuen einen anderen Ort.',
  },
  VAULT_NOT_FOUND: {
    title: 'Der Tresor ist nicht da',
    explanation: '{{file}} gibt es nicht, oder das Laufwerk ist nicht angeschlossen.',
    todo: 'Schließen Sie das Laufwerk an und versuchen Sie es noch einmal, oder öffnen Sie einen anderen Tresor.',
  },
  VAULT_NOT_A_VAULT: {
    title: 'Das ist kein Tresor',
    explanation: '{{file}} gehört einem anderen Programm. Die Datei wurde nicht verändert.',
    todo: 'Wählen Sie die Datei, die Fieldkey angelegt hat. Ihr Name endet meist auf .fieldkey.',
  },
  VAULT_FROM_FUTURE: {
    title: 'Dieser Tresor ist neuer als dieses Fieldkey',
    explanation: 'Er hat das Format {{found}}, diese Version versteht Formate bis {{supported}}. Er wurde nicht verändert.',
    todo: 'Installieren Sie die aktuelle Version von Fieldkey und öffnen Sie ihn damit.',
  },
  VAULT_IN_USE: {
    title: 'Der Tresor ist anderswo offen',
    explanation:
      'Prozess {{pid}} auf {{host}} hält ihn seit {{since}}. Zwei Programme, die in denselben Tresor schreiben, würden ihn zerstören.',
    todo: 'Sperren oder schließen Sie ihn dort und versuchen Sie es dann noch einmal.',
  },
  VAULT_NOT_WRITABLE: {
    title: 'In den Tresor kann nicht geschrieben werden',
    explanation: '{{file}}: {{reason}}',
    todo: 'Prüfen Sie den Schreibschutz des Laufwerks und die Rechte des Ordners, dann versuchen Sie es noch einmal.',
  },
  VAULT_DAMAGED: {
    title: 'Der Tresor ist beschädigt',
    explanation:
      'Die Datei ist nicht so, wie Fieldkey sie geschrieben hat. Deshalb wird nichts mehr in sie geschrieben. {{detail}}',
    todo: 'Stellen Sie eine Kopie wieder her. Die beschädigte Datei bleibt unter anderem Namen erhalten.',
  },
  VAULT_TAMPERED: {
    title: 'Der Tresor wurde von außen verändert',
    explanation:
      'Ein Eintrag in „{{table}}“ (Zeile {{row}}) trägt nicht das Siegel dieses Tresors. Jemand oder etwas hat ihn bearbeitet.',
    todo: 'Stellen Sie nichts aus. Heben Sie die Datei als Beleg auf und arbeiten Sie mit einer Kopie Ihrer Sicherung weiter.',
  },
  VAULT_LOCKED: {
    title: 'Der Tresor ist gesperrt',
    explanation: 'Er wurde inzwischen gesperrt, vielleicht weil niemand da war.',
    todo: 'Öffnen Sie ihn mit Ihrer Passphrase.',
  },
  VAULT_NOT_OPEN: {
    title: 'Es ist kein Tresor offen',
    explanation: 'Dafür wird ein offener Tresor gebraucht.',
    todo: 'Öffnen Sie zuerst einen Tresor, oder legen Sie einen an.',
  },
  VAULT_FULL: {
    title: 'Kein Platz mehr',
    explanation: 'Das Laufwerk mit {{file}} ist voll. Was vorher gespeichert war, ist unversehrt.',
    todo: 'Schaffen Sie Platz auf dem Laufwerk und versuchen Sie es noch einmal.',
  },
  VAULT_READ_ONLY: {
    title: 'Der Tresor lässt sich nur lesen',
    explanation: '{{file}} kann nicht beschrieben werden, deshalb wurde nichts geändert: {{reason}}',
    todo: 'Heben Sie den Schreibschutz auf, oder kopieren Sie den Tresor an einen beschreibbaren Ort und öffnen Sie ihn dort.',
  },
  VAULT_GONE: {
    title: 'Die Tresordatei ist nicht mehr da',
    explanation:
      '{{file}} wurde entfernt oder ersetzt, während der Tresor offen war. Was Sie bis dahin getan haben, ist noch im Speicher.',
    todo: 'Speichern Sie jetzt eine Kopie, bevor Sie den Tresor sperren oder Fieldkey schließen.',
  },
  COPY_UNSOUND: {
    title: 'Diese Kopie ist nicht heil',
    explanation: '{{file}} wurde geprüft und nicht verwendet: {{detail}}. Der Tresor wurde nicht angerührt.',
    todo: 'Wählen Sie eine ältere Kopie.',
  },
  CLOCK_WRONG: {
    title: 'Geht die Uhr dieses Computers richtig?',
    explanation:
      'Sie zeigt {{clock}}, der Tresor kennt den {{known}}. Zertifikate mit falschem Datum würden von Geräten abgelehnt oder gälten zu lange; deshalb wurde nichts ausgestellt.',
    todo: 'Geht sie falsch, stellen Sie sie. Stimmt sie, bestätigen Sie das oben im Fenster.',
  },
  PASSPHRASE_WRONG: {
    title: 'Diese Passphrase öffnet diesen Tresor nicht',
    explanation: 'Fieldkey kann nicht erkennen, ob ein Buchstabe falsch ist oder die ganze Passphrase.',
    todo: 'Prüfen Sie Feststelltaste und Tastaturbelegung. Ist sie vergessen, öffnen Notfallkarten den Tresor, falls welche angelegt wurden.',
  },
  KEY_PASSPHRASE_WRONG: {
    title: 'Diese Passphrase öffnet die Schlüsseldatei nicht',
    explanation:
      'Die Datei mit dem Schlüssel der Stelle hat eine eigene Passphrase, gewählt beim Auslagern. Es ist noch nichts geschehen.',
    todo: 'Prüfen Sie Feststelltaste und Tastaturbelegung und versuchen Sie es noch einmal, oder nehmen Sie die andere Kopie der Datei.',
  },
  BACKUP_PASSPHRASE_WRONG: {
    title: 'Diese Passphrase öffnet diese Sicherung nicht',
    explanation:
      'Eine Sicherung hat ihre eigene Passphrase, die beim Anlegen gewählt wurde. Eine veränderte Datei sieht genauso aus wie eine falsche Passphrase.',
    todo: 'Prüfen Sie Feststelltaste und Tastaturbelegung. Wenn die Passphrase sicher stimmt, ist die Datei beschädigt: Nehmen Sie eine andere Sicherung.',
  },
  PASSPHRASE_WEAK: {
    title: 'Die Passphrase ist zu kurz',
    explanation:
      'Ein Tresor lässt sich kopieren und jahrelang durchprobieren. Deshalb braucht es mindestens {{minimum}} Zeichen.',
    todo: 'Hängen Sie ein oder zwei Wörter an.',
  },
  PASSPHRASE_MISSING: {
    title: 'Die Passphrase fehlt',
    explanation: 'Ohne sie lässt sich der Tresor nicht öffnen.',
    todo: 'Geben Sie die Passphrase dieses Tresors ein.',
  },
  PASSPHRASE_DIFFERENT: {
    title: 'Die beiden Passphrasen sind verschieden',
    explanation: 'Sie müssen gleich sein, damit ein Tippfehler Sie nicht aussperrt.',
    todo: 'Geben Sie beide noch einmal ein.',
  },
  SHARES_NONE: {
    title: 'Für diesen Tresor gibt es keine Notfallkarten',
    explanation: 'Es wurden keine angelegt, also öffnet ihn nur die Passphrase.',
    todo: 'Suchen Sie die Passphrase, oder spielen Sie eine Sicherung zurück, deren Passphrasen Sie kennen.',
  },
  SHARES_TOO_FEW: {
    title: 'Es fehlen noch Karten',
    explanation: 'Diesen Tresor öffnen {{needed}} verschiedene Karten; eingegeben wurden {{given}}.',
    todo: 'Geben Sie Karten weiterer Personen ein.',
  },
  SHARE_MISTYPED: {
    title: 'In Karte {{share}} ist ein Tippfehler',
    explanation: 'Die Prüfsumme passt nicht; mindestens ein Zeichen ist anders als auf der Karte.',
    todo: 'Vergleichen Sie sie Gruppe für Gruppe mit der Karte.',
  },
  SHARE_OTHER_VAULT: {
    title: 'Karte {{share}} gehört zu einem anderen Tresor',
    explanation: 'Sie ist für den Tresor {{vault}}; dieser hier ist {{expected}}.',
    todo: 'Nehmen Sie eine Karte, auf der Tresor {{expected}} steht, oder öffnen Sie den anderen Tresor.',
  },
  SHARE_OTHER_SET: {
    title: 'Karte {{share}} gehört nicht zum jetzigen Satz',
    explanation:
      'Die eingegebene Karte {{index}} ist aus Satz {{set}}. Nur Karten aus Satz {{expected}} öffnen diesen Tresor, denn neue Karten ersetzen die früheren.',
    todo: 'Nehmen Sie die Karten aus Satz {{expected}}, und vernichten Sie die anderen.',
  },
  SHARE_TWICE: {
    title: 'Eingabe {{other}} und {{share}} sind dieselbe Karte',
    explanation: 'Karte {{index}} wurde zweimal eingegeben.',
    todo: 'Geben Sie an einer der beiden Stellen eine andere Karte ein.',
  },
  SHARE_WRONG: {
    title: 'Karte {{share}} wurde verändert',
    explanation: 'Sie ist lesbar, aber nicht die Karte {{index}}, die ausgegeben wurde.',
    todo: 'Fragen Sie die Person, die Karte {{index}} aufbewahrt, oder nehmen Sie eine andere Karte.',
  },
  KEYCHAIN_UNAVAILABLE: {
    title: 'Der Schlüsselbund dieses Computers lässt sich nicht benutzen',
    explanation: 'Er antwortet nicht, oder was an seiner Stelle steht, würde nichts schützen.',
    todo: 'Geben Sie die Passphrase ein.',
  },
  KEYCHAIN_LOST: {
    title: 'Der Schlüsselbund öffnet diesen Tresor nicht',
    explanation: 'Der Schlüssel, den dieser Computer aufbewahrt hat, ist weg oder gehört zu einem anderen Konto.',
    todo: 'Geben Sie die Passphrase ein. Unter „Sicherung & Notfall“ lässt sich das Öffnen ohne sie wieder einschalten.',
  },
  KEYCHAIN_ENDED: {
    title: 'Dieser Tresor fragt wieder nach der Passphrase',
    explanation: 'Das Öffnen ohne Passphrase wurde ausgeschaltet, oder die Passphrase wurde an einem anderen Computer geändert.',
    todo: 'Geben Sie die Passphrase ein.',
  },
  PROJECT_NOT_FOUND: {
    title: 'Dieses Projekt ist nicht im Tresor',
    explanation: 'Ein Projekt „{{project}}“ gibt es hier nicht.',
    todo: 'Wählen Sie ein anderes Projekt, oder öffnen Sie den Tresor, in dem es liegt.',
  },
  PROJECT_EXISTS: {
    title: 'Ein solches Projekt gibt es schon',
    explanation: 'Der Tresor enthält ein Projekt „{{project}}“.',
    todo: 'Wählen Sie einen anderen Namen.',
  },
  DEVICE_NOT_FOUND: {
    title: 'Dieses Gerät ist nicht im Projekt',
    explanation: 'Ein Gerät „{{device}}“ gibt es hier nicht. Vielleicht gehört es zu einem anderen Projekt.',
    todo: 'Gehen Sie zurück zur Liste und suchen Sie danach.',
  },
  DEVICE_EXISTS: {
    title: 'Ein solches Gerät gibt es schon',
    explanation: 'Das Projekt enthält ein Gerät „{{device}}“. Groß- und Kleinschreibung zählt nicht, wie auf einem USB-Stick.',
    todo: 'Wählen Sie einen anderen Namen.',
  },
  CERTIFICATE_NOT_FOUND: {
    title: 'Dieses Zertifikat ist nicht im Tresor',
    explanation: 'Ein Zertifikat {{certificate}} gibt es hier nicht.',
    todo: 'Gehen Sie zurück zur Liste und öffnen Sie das Gerät noch einmal.',
  },
  AUTHORITY_NOT_FOUND: {
    title: 'Diese Zertifizierungsstelle ist nicht im Tresor',
    explanation: 'Eine Stelle „{{authority}}“ gibt es hier nicht.',
    todo: 'Öffnen Sie den Tresor, in dem sie liegt.',
  },
  ISSUER_EXPIRED: {
    title: 'Die Zertifizierungsstelle ist abgelaufen',
    explanation: '„{{authority}}“ endete am {{notAfter}}. Was sie danach signiert, gilt nicht.',
    todo: 'Legen Sie eine neue Stelle an. Stimmt das Datum nicht, stellen Sie die Uhr dieses Computers.',
  },
  KEY_ELSEWHERE: {
    title: 'Der Schlüssel dieses Geräts entstand anderswo',
    explanation:
      'Fieldkey hat nur die öffentliche Hälfte des Schlüssels von {{devices}} und kann für den, der die private hat, keinen neuen erzeugen.',
    todo: 'Lassen Sie dort eine neue Zertifikatsanforderung erstellen und öffnen Sie diese unter Geräte → Aus Anforderungen. Sperren Sie danach das alte Zertifikat.',
  },
  TEST_CERTIFICATE_REFUSED: {
    title: 'Kein Testzertifikat für {{device}}',
    explanation:
      'Ein Testzertifikat gibt es für Geräte, die mit einem gültigen Zertifikat arbeiten und ihren Schlüssel selbst behalten.',
    todo: 'Erneuern oder ersetzen Sie das Gerät zuerst. Liegt sein Schlüssel in diesem Tresor, wird mit seinem eigenen Zertifikat getestet.',
  },
  KEY_UNAVAILABLE: {
    title: 'Der Schlüssel ist nicht hier',
    explanation: 'Der private Schlüssel „{{key}}“ liegt nicht in diesem Tresor.',
    todo: 'Nehmen Sie den Computer oder den Tresor, in dem er liegt.',
  },
  AUTHORITY_OFFLINE: {
    title: 'Der Schlüssel der Stelle liegt woanders',
    explanation:
      'Der private Schlüssel von „{{authority}}“ wurde aus diesem Tresor genommen; ohne ihn lässt sich in ihrem Namen nichts signieren.',
    todo: 'Holen Sie die Schlüsseldatei für diesen einen Vorgang, oder lassen Sie eine Standort-Stelle ausstellen.',
  },
  AUTHORITY_OUTSIDE: {
    title: 'Diese Zertifizierungsstelle gehört jemand anderem',
    explanation:
      '„{{authority}}“ bürgt für eine Ihrer Stellen. Hier liegt nur ihr Zertifikat; in ihrem Namen lässt sich nichts signieren.',
    todo: 'Erstellen Sie auf der Seite „Zertifizierungsstelle“ eine Anforderung, schicken Sie sie dorthin und übernehmen Sie die Antwort.',
  },
  AUTHORITY_KEY_OTHER: {
    title: 'Das ist ein anderer Schlüssel',
    explanation: 'Der Schlüssel in dieser Datei gehört nicht zu „{{authority}}“.',
    todo: 'Wählen Sie die Datei, die beim Auslagern ihres Schlüssels geschrieben wurde.',
  },
  AUTHORITY_IS_ROOT: {
    title: 'Eine Wurzel lässt sich nicht sperren',
    explanation:
      '„{{authority}}“ ist eine Wurzel: Geräte und Broker vertrauen ihr unmittelbar, keine Sperrliste kann das zurücknehmen.',
    todo: 'Ersetzen Sie sie durch eine neue Wurzel und entfernen Sie die alte aus Broker und Geräten.',
  },
  AUTHORITY_NEEDED: {
    title: 'Diese Zertifizierungsstelle wird noch gebraucht',
    explanation: '„{{authority}}“ ist nicht abgelaufen, oder es gibt keine andere, die ausstellt.',
    todo: 'Erneuern Sie sie oder ersetzen Sie sie durch eine neue. Danach lässt sie sich außer Gebrauch nehmen.',
  },
  AUTHORITY_NOT_ACTIVE: {
    title: 'Diese Stelle ist nicht in Gebrauch',
    explanation: '„{{authority}}“ kann das nicht; ihr Zustand ist: {{state}}.',
    todo: 'Nehmen Sie die Stelle, die jetzt ausstellt.',
  },
  CERTIFICATE_REVOKED: {
    title: 'Das Zertifikat ist schon gesperrt',
    explanation: '{{serial}} ist endgültig gesperrt. Das lässt sich weder zurücknehmen noch ändern.',
    todo: 'Stellen Sie ein neues Zertifikat aus, wenn sich das Gerät wieder verbinden soll.',
  },
  CERTIFICATE_NOT_HELD: {
    title: 'Das Zertifikat ist nicht pausiert',
    explanation: 'Freigeben lässt sich nur, was pausiert ist; {{serial}} ist es nicht.',
    todo: 'Prüfen Sie die Seriennummer.',
  },
  CERTIFICATE_SHARED: {
    title: 'Diese Geräte benutzen ein fremdes Zertifikat',
    explanation:
      '{{devices}} arbeiten mit dem Zertifikat eines anderen Geräts; ein eigenes, das sich ersetzen ließe, haben sie nicht.',
    todo: 'Geben Sie ihnen erst ein eigenes Zertifikat, oder ersetzen Sie das Gerät, dessen Zertifikat sie benutzen.',
  },
  PASSWORD_CHANGING: {
    title: 'Dieses Passwort wird schon gewechselt',
    explanation: 'Für {{devices}} gelten auf dem Broker gerade das alte und das neue Passwort; ein drittes geht nicht.',
    todo: 'Beenden Sie erst diesen Wechsel: wenn das Gerät sein neues Passwort hat, oder indem Sie das neue zurücknehmen.',
  },
  MOVE_NOT_FOUND: {
    title: 'Diese Ablösung gibt es nicht',
    explanation: 'Eine Ablösung {{move}} ist nicht im Gang.',
    todo: 'Öffnen Sie die Seite der Zertifizierungsstellen noch einmal.',
  },
  MOVE_INCOMPLETE: {
    title: 'Noch sind nicht alle Geräte umgezogen',
    explanation:
      '{{remaining}} von {{total}} Geräten haben noch ein Zertifikat der alten Stelle oder kennen die neue noch nicht. Sie könnten sich nicht mehr verbinden.',
    todo: 'Erneuern und exportieren Sie sie zuerst, oder schließen Sie trotzdem ab und besuchen Sie sie später.',
  },
  LINT_FAILED: {
    title: 'Das Zertifikat wäre nicht korrekt',
    explanation: 'Die Prüfung vor dem Signieren fand Fehler, deshalb wurde nichts gespeichert: {{findings}}',
    todo: 'Kopieren Sie die Einzelheiten und melden Sie sie: Das sollte nicht vorkommen.',
  },
  REQUEST_REFUSED: {
    title: 'Die Anforderung wird nicht signiert',
    explanation: '{{reason}}',
    todo: 'Lassen Sie sich eine neue Anforderung geben: EC-Schlüssel P-256 oder RSA mit 2048 bis 4096 Bit, mit SHA-256 signiert.',
  },
  ANSWER_REFUSED: {
    title: 'Diese Antwort wird nicht übernommen',
    explanation: '{{reason}}',
    todo: 'Bitten Sie die Zertifizierungsstelle um das Zertifikat zu Ihrer Anforderung, mit allen Zertifikaten darüber. Geändert wurde nichts.',
  },
  CRL_REFUSED: {
    title: 'Diese Sperrliste wird nicht übernommen',
    explanation: '{{list}}. {{reason}}',
    todo: 'Geändert wurde nichts.',
  },
  BROKER_NOT_OURS: {
    title: 'Dieses Zertifikat kann Fieldkey nicht selbst erneuern',
    explanation:
      'Das Zertifikat des Brokers stammt von einer anderen Zertifizierungsstelle, oder jemand anderes verwahrt den Schlüssel.',
    todo: 'Erstellen Sie auf der Seite „Broker“ eine neue Anforderung, oder öffnen Sie dort die, die Sie bekommen haben. Dort können Sie auch zu eigenem Schlüssel und Zertifikat zurückkehren.',
  },
  PROFILE_REFUSED: {
    title: 'Ein solches Zertifikat ist nicht erlaubt',
    explanation: '{{reason}}',
    todo: 'Ändern Sie die Anforderung so, dass sie zum Profil passt.',
  },
  IMPORT_NO_AUTHORITY: {
    title: 'Hier kann nichts ausstellen',
    explanation:
      'Eine Zertifizierungsstelle braucht ihr Zertifikat und ihren privaten Schlüssel; ein solches Paar wurde nicht gefunden oder darf nicht verwendet werden.',
    todo: 'Sehen Sie in der Liste nach, was nicht übernommen wird. Sind Schlüssel verschlüsselt, geben Sie deren Passphrase ein und prüfen Sie noch einmal.',
  },
  IMPORT_ALREADY: {
    title: 'Das ist schon im Tresor',
    explanation: 'Der Tresor hat den Schlüssel von {{name}}. Ein zweiter Import gäbe einem Schlüssel zwei Geschichten.',
    todo: 'Verwenden Sie das vorhandene Projekt oder importieren Sie in einen anderen Tresor.',
  },
  IMPORT_CHANGED: {
    title: 'Die Dateien haben sich geändert',
    explanation: 'Es sind nicht die, die gezeigt wurden. Nichts wurde übernommen.',
    todo: 'Sehen Sie sie noch einmal an.',
  },
  EXPORT_FOREIGN_FILES: {
    title: 'Im Ordner liegen andere Dateien',
    explanation: '{{directory}} enthält Dateien, die nicht von Fieldkey sind: {{files}}. Sie wurden nicht angerührt.',
    todo: 'Wählen Sie einen leeren Ordner, oder räumen Sie diese Dateien weg.',
  },
  EXPORT_OTHER_AUTHORITY: {
    title: 'Der Ordner gehört zu einer anderen Zertifizierungsstelle',
    explanation:
      '{{directory}} enthält ein gleichnamiges Projekt, dessen Zertifikate aus einem anderen Tresor stammen. Es wurde nicht verändert.',
    todo: 'Prüfen Sie, ob dies der richtige Tresor ist. Wählen Sie dann einen anderen Ordner oder verschieben Sie den vorhandenen.',
  },
  EXPORT_NOT_WRITABLE: {
    title: 'In den Ordner kann nicht geschrieben werden',
    explanation: 'In {{directory}} kann nicht geschrieben werden; das System meldet {{reason}}. Dort wurde nichts geändert.',
    todo: 'Wählen Sie einen anderen Ordner, oder geben Sie sich das Recht, in diesem zu schreiben.',
  },
  EXPORT_READ_ONLY: {
    title: 'Das Laufwerk ist schreibgeschützt',
    explanation:
      '{{directory}} lässt sich nicht ändern: Der Schreibschutz des Laufwerks ist an, oder das System hält es für beschädigt und schützt es.',
    todo: 'Heben Sie den Schreibschutz auf und versuchen Sie es noch einmal. Hat das Laufwerk keinen, prüfen Sie es auf Fehler oder nehmen Sie ein anderes.',
  },
  EXPORT_MEDIUM_GONE: {
    title: 'Das Laufwerk ist weg',
    explanation:
      '{{directory}} wurde abgezogen oder antwortet nicht mehr ({{reason}}). Der Export endete vorzeitig, und Schlüssel können schon auf dem Laufwerk sein.',
    todo: 'Schließen Sie das Laufwerk wieder an und versuchen Sie es noch einmal: Was dort liegt, wird zuerst in Ordnung gebracht. Ist das Laufwerk verloren, tauschen Sie auf der Seite „Übersicht“ die Schlüssel aus, die darauf waren.',
  },
  EXPORT_NO_SPACE: {
    title: 'Nicht genug Platz',
    explanation:
      '{{directory}} braucht {{needed}}, frei sind {{free}}. Es entstand kein neuer Export; ein früherer ist da wie zuvor.',
    todo: 'Schaffen Sie Platz, oder wählen Sie ein anderes Laufwerk.',
  },
  EXPORT_VERIFY_FAILED: {
    title: 'Das Paket wurde nicht richtig geschrieben',
    explanation: 'Beim Zurücklesen gab es Unterschiede: {{files}}. Vielleicht ist das Laufwerk defekt.',
    todo: 'Verwenden Sie dieses Paket nicht. Exportieren Sie noch einmal, am besten auf ein anderes Laufwerk.',
  },
  EXPORT_CANCELLED: {
    title: 'Der Export wurde abgebrochen',
    explanation: 'Was schon geschrieben war, wurde zurückgenommen. Ein früherer Export ist da wie zuvor.',
    todo: 'Exportieren Sie noch einmal, wann immer Sie wollen.',
  },
  FILE_TOO_LARGE: {
    title: 'Die Datei ist zu groß',
    explanation: '{{file}} hat mehr als {{limit}}. Dateien dieser Art sind viel kleiner.',
    todo: 'Prüfen Sie, ob es die richtige Datei ist.',
  },
  FILE_MALFORMED: {
    title: 'Die Datei hat eine andere Form als erwartet',
    explanation: '{{what}}: {{reason}}',
    todo: 'Prüfen Sie, ob es die richtige Datei ist, und erstellen Sie sie in diesem Fall neu.',
  },
  LOG_NOT_READABLE: {
    title: 'Das Log lässt sich nicht lesen',
    explanation:
      '{{file}}: {{reason}}. Vielleicht wurde es verschoben, es gehört dem Benutzer mosquitto, oder eine komprimierte Datei ist unvollständig.',
    todo: 'Kopieren Sie das Log an einen Ort, an dem Sie es lesen dürfen, und öffnen Sie die Kopie.',
  },
  CONNECTION_NOT_FOUND: {
    title: 'Diese Verbindung gibt es nicht mehr',
    explanation: 'Sie wurde inzwischen entfernt.',
    todo: 'Schließen Sie ihren Bereich, oder fügen Sie die Verbindung neu hinzu.',
  },
  CONNECTION_NOT_OPEN: {
    title: 'Die Verbindung ist nicht offen',
    explanation: 'Sie endete, bevor dies getan werden konnte.',
    todo: 'Verbinden Sie sich noch einmal und wiederholen Sie es dann.',
  },
  RECORDING_NOT_WRITABLE: {
    title: 'Hier kann nicht aufgezeichnet werden',
    explanation: 'Aufzeichnungen liegen neben dem Tresor in {{folder}}, und dort kann nichts geschrieben werden: {{reason}}.',
    todo: 'Schaffen Sie Platz auf dem Datenträger oder heben Sie seinen Schreibschutz auf. Starten Sie die Aufzeichnung dann neu.',
  },
  RECORDING_UNREADABLE: {
    title: 'Diese Aufzeichnung ist nicht lesbar',
    explanation: 'Ihre Datei fehlt, ist beschädigt oder gehört zu einem anderen Tresor: {{reason}}.',
    todo: 'Wenn Sie eine Kopie der Datei haben, legen Sie sie wieder neben den Tresor. Löschen Sie die Aufzeichnung sonst.',
  },
  PAYLOAD_NOT_FOUND: {
    title: 'Diese Nachricht ist nicht mehr gespeichert',
    explanation: 'Das Projekt hat keine gespeicherte Nachricht mit dieser Nummer. Vermutlich wurde sie inzwischen entfernt.',
    todo: 'Wählen Sie eine andere oder speichern Sie sie neu.',
  },
  OBSERVER_MEASURES: {
    title: 'Der Beobachter misst gerade einen Lasttest',
    explanation:
      'Der Broker lässt den Beobachter nur einmal zu. Diese Verbindung würfe den hinaus, der misst, und die Zahlen wären nichts mehr wert.',
    todo: 'Den Lasttest stoppen oder sein Ende abwarten. Oder als Gerät verbinden.',
  },
  SIMULATION_RUNNING: {
    title: 'Es läuft bereits ein Lasttest',
    explanation: 'Zwei gleichzeitig würden um dieselben Geräte streiten.',
    todo: 'Beenden Sie ihn zuerst.',
  },
  CHECK_NOT_FOUND: {
    title: 'Diesen Prüffall gibt es nicht mehr',
    explanation: 'Das Projekt hat keinen Prüffall „{{check}}“. Vermutlich wurde er inzwischen entfernt.',
    todo: 'Wählen Sie einen anderen.',
  },
  CHECKS_RUNNING: {
    title: 'Es laufen bereits Prüffälle',
    explanation: 'Zwei Läufe gleichzeitig würden um dieselben Verbindungen streiten.',
    todo: 'Warten Sie das Ende ab oder beenden Sie den laufenden zuerst.',
  },
  BROKER_PORT_IN_USE: {
    title: 'Port {{port}} ist belegt',
    explanation: 'Auf {{host}} lauscht an Port {{port}} schon ein anderes Programm, vielleicht ein Mosquitto dieses Computers.',
    todo: 'Beenden Sie dieses Programm oder wählen Sie einen anderen Port. Die Geräte müssen dann ebenfalls diesen Port verwenden.',
  },
  BROKER_ADDRESS_MISSING: {
    title: 'Dieser Computer hat die Adresse {{host}} nicht',
    explanation:
      'Sie gehört zu keinem Netz, das gerade verbunden ist. Vielleicht steckt ein Kabel nicht, oder das WLAN hat eine andere vergeben.',
    todo: 'Prüfen Sie das Netz und wählen Sie dann eine Adresse aus der Liste.',
  },
  BROKER_PORT_PRIVILEGED: {
    title: 'Port {{port}} ist dem System vorbehalten',
    explanation:
      'Programme ohne besondere Rechte dürfen an diesem Port nicht lauschen. Meist gilt das für alle Ports unter 1024.',
    todo: 'Wählen Sie einen Port ab 1024; üblich ist 8883.',
  },
  BROKER_FAILED: {
    title: 'Der Broker ist nicht gestartet',
    explanation: 'Das System oder die Zertifikate standen im Weg. Es wurde nichts geändert.',
    todo: 'Versuchen Sie es noch einmal. Wenn es wieder geschieht, kopieren Sie die Einzelheiten.',
  },
  BROKER_NOT_RUNNING: {
    title: 'Der Broker läuft nicht',
    explanation: 'Er wurde angehalten oder hat geendet, bevor dies geschehen konnte.',
    todo: 'Starten Sie ihn wieder und wiederholen Sie es dann.',
  },
  PROOF_CANCELLED: {
    title: 'Abgebrochen',
    explanation:
      'Bis dahin verbunden als: {{who}}; gesendete Nachrichten: {{messages}}; versuchte Verbindungen, die abgelehnt werden müssen: {{refusals}}. Alle Verbindungen sind getrennt.',
    todo: 'Nichts davon gilt als Nachweis; das Protokoll hält fest, dass er abgebrochen wurde. Geräte, die getrennt wurden, verbinden sich von selbst wieder.',
  },
  JOB_CANCELLED: {
    title: 'Abgebrochen',
    explanation: '{{done}} von {{total}} sind fertig und bleiben erhalten.',
    todo: 'Starten Sie noch einmal, um den Rest zu erledigen.',
  },
  INTERNAL: {
    title: 'In Fieldkey ist etwas schiefgegangen',
    explanation: 'Das ist unser Fehler, nicht Ihrer. Was vorher gespeichert war, ist unversehrt.',
    todo: 'Versuchen Sie es noch einmal. Geschieht es wieder, kopieren Sie die Einzelheiten und melden Sie sie.',
  },
};
