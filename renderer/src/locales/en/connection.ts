import type { ConnectionCause } from '../../../../shared/model/connection.ts';

/**
 * What is the matter, why, and what helps. The page gives {{host}}, {{port}} and the identity to every
 * sentence: as subject {{who}}, as object {{whom}}, as owner {{of}} (tester.observerCases, tester.deviceCases).
 */
export interface CauseWords {
  readonly title: string;
  readonly explanation: string;
  readonly remedy: string;
}

/** Every cause has words: a new one in shared/model/connection.ts does not compile until it stands here. */
export const connection = {
  'name-not-found': {
    title: 'The name {{host}} is not known',
    explanation: 'No name server and no hosts file on this computer knows an address for it. It may be a typing mistake.',
    remedy: 'Try one of the broker’s IP addresses, or check the name and the DNS settings of this network.',
  },
  'name-server-silent': {
    title: 'The name server does not answer',
    explanation:
      'No name server said in time what address {{host}} has. The network may have none, as in many plants, or it is down.',
    remedy: 'Try one of the broker’s IP addresses, or check which name server this computer uses.',
  },
  refused: {
    title: 'Nothing answers on port {{port}}',
    explanation: '{{host}} is there, but no program listens on this port. The broker is stopped, or it listens only to itself.',
    remedy: 'Check the port, whether Mosquitto is running, and whether its listener is bound to localhost only.',
  },
  unreachable: {
    title: '{{host}} cannot be reached',
    explanation: 'No answer came back. A firewall in between, another network, or a computer that is switched off.',
    remedy: 'Check the cable or Wi-Fi, whether both are in the same network, and the firewall on the broker.',
  },
  'no-answer': {
    title: 'The port is open, but nobody speaks',
    explanation: 'Something accepted the connection on port {{port}} and then stayed silent. That is no MQTT broker with TLS.',
    remedy: 'Check the port, and whether a firewall or a proxy answers in place of the broker.',
  },
  'plain-port': {
    title: 'This port is not encrypted',
    explanation:
      '{{host}} speaks plain MQTT on port {{port}}. No certificate is asked for and everything can be read on the way.',
    remedy: 'Use the port with TLS, usually 8883, and close the plain one on the broker.',
  },
  'tls-port': {
    title: 'This port is encrypted',
    explanation: '{{host}} speaks TLS on port {{port}}, and this connection is set to speak in the clear.',
    remedy: 'Choose the transport with TLS (mqtts or wss) in the connection, or another port.',
  },
  'not-tls': {
    title: 'Port {{port}} does not speak TLS',
    explanation: 'Something answered, but not with TLS. It may be a web server or another service.',
    remedy: 'Check the port number. MQTT with TLS is usually on 8883.',
  },
  'not-mqtt': {
    title: 'Port {{port}} does not speak MQTT',
    explanation: 'The encryption came about, but what followed is not MQTT. It may be a web server.',
    remedy: 'Check the port number and whether the listener on the broker is set to MQTT.',
  },
  'websocket-refused': {
    title: 'No MQTT over WebSocket here',
    explanation:
      'What answers at {{host}}, port {{port}}, does not accept a WebSocket for MQTT under this path. It may be a web server, or a plain MQTT port.',
    remedy: 'Check the path (often /mqtt, or / alone), the port, and whether the broker’s listener is set to WebSocket.',
  },
  'broker-untrusted': {
    title: 'The broker’s certificate comes from another authority',
    explanation:
      'No trusted authority signed it. It may be another broker, or a certificate in between is missing that it should show. The two cannot be told apart from here.',
    remedy: 'Copy this project’s kit to the broker again, all files of certs/, and restart it. Compare the fingerprints first.',
  },
  'broker-other-root': {
    title: 'The broker belongs to an authority that is not trusted here',
    explanation:
      'The broker showed its whole chain, and the root at its end is none of those that are trusted. It is another broker, or it got the kit of another project.',
    remedy:
      'Compare the fingerprints. Copy all files of certs/ of this project’s kit to the broker, or choose the authority that belongs to it.',
  },
  'broker-authority-recreated': {
    title: 'The authority has the right name and another key',
    explanation:
      'The broker’s certificate was signed by an authority of the same name that is not this one: it was made anew at some time, here or there.',
    remedy:
      'Compare the fingerprints of both authorities. Copy all files of certs/ of the newest kit to the broker and restart it.',
  },
  'broker-chain-incomplete': {
    title: 'The broker does not show its whole chain',
    explanation:
      'Its certificate comes from an authority of this project, but the broker leaves out the certificate in between. Devices that know only the root refuse it.',
    remedy: 'Copy certs/server.crt of this project’s kit to the broker and restart it: it holds the certificates in between.',
  },
  'broker-self-signed': {
    title: 'The broker signed its own certificate',
    explanation: 'Nobody vouches for it, so devices cannot tell it from an impostor.',
    remedy: 'Copy the kit of this project to the broker: it holds a certificate of your authority.',
  },
  'broker-expired': {
    title: 'The broker’s certificate has expired',
    explanation: 'By the clock of this computer its time is over. If the clock is wrong, so is this finding.',
    remedy:
      'Check the date of this computer. If it is right, issue a new certificate on the Broker page, export the kit, copy all files of certs/ to the broker and restart it.',
  },
  'broker-not-yet-valid': {
    title: 'The broker’s certificate is not valid yet',
    explanation: 'It begins in the future by the clock of this computer. That clock is probably behind.',
    remedy: 'Set the clock of this computer and try again.',
  },
  'broker-name-mismatch': {
    title: 'The broker’s certificate is not made for {{host}}',
    explanation: 'It is valid for other names and addresses only. Devices that check the name refuse it too.',
    remedy: 'Add {{host}} to the broker’s names and addresses, which re-issues its certificate, or use a name that it has.',
  },
  'broker-purpose': {
    title: 'This certificate is not meant for a broker',
    explanation: 'The broker shows a certificate that lacks the purpose of a server. Perhaps a device’s was installed there.',
    remedy: 'Copy server.crt and server.key of this project’s kit to the broker and restart it.',
  },
  'broker-key-usage': {
    title: 'The broker’s certificate must not sign',
    explanation:
      'Its key usage lacks digitalSignature, so it may not take part in a modern handshake. Some devices overlook that, others refuse it as this program does.',
    remedy: 'Issue a new certificate for the broker, copy all files of certs/ to it and restart it.',
  },
  'client-certificate-required': {
    title: 'The broker wants a certificate and saw none',
    explanation: 'Certificates are required here, but none reached the broker.',
    remedy: 'Check that {{who}} has a valid certificate, then try again.',
  },
  'client-certificate-unknown-authority': {
    title: 'The broker does not know your authority',
    explanation:
      'The certificate {{of}} is from an authority that the broker does not trust, or a link of the chain is missing there.',
    remedy: 'Copy certs/ca.crt of this project’s kit to the broker and restart it.',
  },
  'client-certificate-expired': {
    title: 'The broker says that the certificate {{of}} has expired',
    explanation: 'Its time is over, by the broker’s clock and by that of this computer.',
    remedy: 'Replace the certificate {{of}} and bring the new one to where it is used.',
  },
  'client-certificate-not-yet-valid': {
    title: 'The certificate {{of}} is not valid yet',
    explanation: 'It begins in the future, by the clock of this computer as well. The broker refuses it until then.',
    remedy: 'Wait until it begins, or replace it by one that is valid now.',
  },
  'client-certificate-weak': {
    title: 'The certificate {{of}} is too weak',
    explanation: 'It is made with a short RSA key or with SHA-1. Up-to-date brokers and programs refuse such certificates.',
    remedy: 'Replace the certificate {{of}}, best with a P-256 key.',
  },
  'broker-list-ended': {
    title: 'The broker’s revocation list has ended',
    explanation:
      'The certificate {{of}} has time left by the clock of this computer. A broker whose revocation list has ended refuses everyone with this answer; a broker whose clock is ahead does too. The two cannot be told apart from here.',
    remedy:
      'Check the date on the broker. Then publish a new revocation list on the Authority page, copy it to the broker and restart it.',
  },
  'client-certificate-revoked': {
    title: 'The certificate {{of}} is revoked',
    explanation: 'It stands on the revocation list that the broker carries, so the broker refuses it. That is how it should be.',
    remedy: 'If {{who}} should connect, replace its certificate and bring the new one to it.',
  },
  'client-certificate-unsupported': {
    title: 'The broker cannot use this certificate',
    explanation: 'The certificate {{of}} lacks the purpose of a client or has a kind of key that the broker does not know.',
    remedy: 'Replace the certificate {{of}}, best with a P-256 key.',
  },
  'client-certificate-rejected': {
    title: 'The broker rejects the certificate {{of}}',
    explanation: 'It does not say more. Mostly the clock of the broker is behind, and for it the certificate is not valid yet.',
    remedy: 'Check the date on the broker, and read its log at this time.',
  },
  'handshake-failure': {
    title: 'No agreement on the encryption',
    explanation: 'The broker broke the handshake off and did not say what was wrong.',
    remedy: 'Read the broker’s log at this time. Keys of type P-256 work everywhere.',
  },
  'no-common-cipher': {
    title: 'No cipher in common',
    explanation:
      'The broker ended the handshake before it showed a certificate: none of the ciphers that were offered is on its list.',
    remedy: 'Check ciphers and ciphers_tls1.3 of the broker’s listener, and the type of its key: P-256 works everywhere.',
  },
  'protocol-version': {
    title: 'No TLS version in common',
    explanation: 'The broker speaks only versions that are refused here, or the other way round. At least TLS 1.2 is needed.',
    remedy: 'Check tls_version in the settings of the broker, and update an old broker.',
  },
  alpn: {
    title: 'The broker expects another protocol',
    explanation: 'It offers only application protocols that this tester does not name. Often a proxy stands in front of it.',
    remedy: 'Remove the ALPN setting of the broker or the proxy.',
  },
  'server-name-refused': {
    title: 'Nothing here answers to the name {{host}}',
    explanation:
      'A server that serves several names got this one and knows none of them. A proxy often stands in front of the broker.',
    remedy: 'Use the name that the proxy knows the broker by, or set another server name for the test.',
  },
  'closed-during-tls': {
    title: 'The connection is closed as soon as TLS begins',
    explanation:
      '{{host}} accepted the connection on port {{port}} and closed it during the handshake, without a reason and without MQTT. Often a proxy, a firewall, a service that expects something else, or a broker that refuses a certificate without saying so.',
    remedy: 'Check the port, and what stands between this computer and the broker. Read the broker’s log at this time.',
  },
  'file-unreadable': {
    title: 'A file is not what it should be',
    explanation:
      'No certificate or key in PEM or DER could be read from it. Perhaps the files are swapped, or one was cut short while it was copied.',
    remedy: 'Choose the files again. “Check files” says what each of them is.',
  },
  'key-unsupported': {
    title: 'This kind of key cannot be used',
    explanation:
      'The TLS library does not know the curve or the way in which the key is kept, such as secp256k1. Many devices do not know it either.',
    remedy: 'Issue a certificate with a P-256 key.',
  },
  'key-mismatch': {
    title: 'Key and certificate do not belong together',
    explanation: 'The private key {{of}} does not fit its certificate, so nothing was sent.',
    remedy: 'Replace the certificate {{of}}. Check the record of this vault in the settings.',
  },
  'passphrase-missing': {
    title: 'The key is encrypted',
    explanation: 'Without its passphrase the key cannot be used, so nothing was sent.',
    remedy: 'Type the passphrase of the key.',
  },
  'passphrase-wrong': {
    title: 'The passphrase is wrong',
    explanation: 'The key could not be decrypted with it, so nothing was sent.',
    remedy: 'Type the passphrase again. Mind capital letters and the keyboard’s language.',
  },
  'authority-unreadable': {
    title: 'There is no certificate in the authority’s file',
    explanation: 'TLS ignores such a file silently and then trusts nobody, so every broker would be refused.',
    remedy: 'Choose the file with the authority’s certificate, usually ca.crt.',
  },
  'authority-is-no-authority': {
    title: 'The authority’s file holds the certificate of somebody else',
    explanation: 'What it holds is no authority, perhaps the certificate of a device or of the broker. It vouches for nobody.',
    remedy: 'Choose the file with the authority’s certificate, usually ca.crt.',
  },
  'no-connack': {
    title: 'TLS works, but no MQTT answer comes',
    explanation:
      'The encryption came about on port {{port}}. Then the broker, or what stands there, left the request to connect unanswered.',
    remedy: 'Check whether this port is the one of MQTT, and whether the broker is overloaded. Read its log at this time.',
  },
  'closed-before-connack': {
    title: 'The broker hangs up instead of answering',
    explanation:
      'The encryption came about, then the connection was closed without an answer to CONNECT. Brokers do so when too many clients are connected, or when they refuse a certificate without saying so.',
    remedy: 'Read the broker’s log at this time: max_connections, and what it says of the certificate {{of}}.',
  },
  'mqtt-version': {
    title: 'No MQTT version in common',
    explanation: 'The broker speaks neither MQTT 5 nor 3.1.1 on this port.',
    remedy: 'Check which protocols the listener allows, and update an old broker.',
  },
  credentials: {
    title: 'The broker refuses the login',
    explanation: 'User name or password are wrong, or the broker does not take the name from the certificate.',
    remedy: 'Check use_identity_as_username on the broker’s listener, and that no password file applies to it.',
  },
  'authentication-method': {
    title: 'The broker wants another way to log in',
    explanation: 'It asks for enhanced authentication with a method that was not offered.',
    remedy: 'Check the authentication settings of the broker’s listener.',
  },
  'authentication-unanswered': {
    title: 'The broker asks on, and there is no answer to it',
    explanation:
      'It goes on with an authentication exchange (method {{method}}). No answer is stored for its step {{step}}, and Fieldkey computes none; so it ended the connection. The broker said: “{{said}}”.',
    remedy:
      'If the method asks for the same every time, write an answer for each step in the connection, under MQTT. Methods that compute their answers, such as SCRAM, cannot be tried here.',
  },
  'not-authorized': {
    title: 'The broker does not admit {{whom}}',
    explanation: 'The certificate was accepted, but the access rules on the broker have no place for this name.',
    remedy: 'Copy the access list of this project’s kit to the broker and restart it.',
  },
  banned: {
    title: 'The broker has banned {{whom}}',
    explanation: 'It knows this client and does not let it in at the moment, for instance after too many failures.',
    remedy: 'Look for the ban on the broker and lift it.',
  },
  'client-id-rejected': {
    title: 'The broker refuses the client ID',
    explanation: 'It does not accept the name under which {{who}} introduces itself.',
    remedy: 'Check use_username_as_clientid and clientid_prefixes in the settings of the broker.',
  },
  'taken-over': {
    title: 'Somebody else connected as {{who}}',
    explanation:
      'The broker admits each name once and closed this connection for the newer one. Probably the real device came back.',
    remedy: 'Nothing to do if the device should be in service. The test does not push it out again by itself.',
  },
  'packet-too-large': {
    title: 'A message was too large',
    explanation: 'The broker closes connections on messages above its limit (max_packet_size).',
    remedy: 'Send less at once, or raise the limit on the broker.',
  },
  'quota-exceeded': {
    title: 'A limit of the broker is reached',
    explanation: 'Connections, messages or rate: the broker takes no more of it.',
    remedy: 'Wait a moment, or raise the limits in the settings of the broker.',
  },
  'rate-limited': {
    title: 'Too fast for the broker',
    explanation: 'Messages or connections came faster than the broker allows.',
    remedy: 'Wait a moment, send more slowly, or raise the rate limit of the broker.',
  },
  'server-busy': {
    title: 'The broker is busy',
    explanation: 'It is there, but takes no new connections at the moment. It may be starting or shutting down.',
    remedy: 'Wait a moment. If it stays like this, look at its load and its log.',
  },
  'server-moved': {
    title: 'The broker sends its clients elsewhere',
    explanation: 'It says that another server is in charge now.',
    remedy: 'Ask whoever runs the broker for the new address, and test that one.',
  },
  'shutting-down': {
    title: 'The broker is shutting down',
    explanation: 'It said goodbye because it stops or restarts.',
    remedy: 'Wait until it is up again, then connect once more.',
  },
  'protocol-error': {
    title: 'The two sides do not understand each other',
    explanation: 'Something in the exchange was against the rules of MQTT.',
    remedy: 'Open the details and compare them with the broker’s log. Update an old broker.',
  },
  'closed-by-broker': {
    title: 'The broker closed the connection',
    explanation:
      'It had been accepted before, and no reason was given. Often the same name connected twice, or the broker was restarted.',
    remedy: 'Look at the broker’s log at this time. Check whether {{who}} is also connected elsewhere.',
  },
  'keep-alive-timeout': {
    title: 'The connection fell silent',
    explanation: 'No sign of life came from the broker in time. The network was interrupted, or the broker hangs.',
    remedy: 'Check the network, then connect again if it does not come back by itself.',
  },
  resting: {
    title: 'Paused',
    explanation: 'A check or a proof speaks with the same certificate at the moment. Two at once would throw each other out.',
    remedy: 'Nothing to do: the connection comes back by itself, with its subscriptions.',
  },
  'vault-locked': {
    title: 'The vault was locked',
    explanation: 'The keys are only available while the vault is open, so the test connection was closed.',
    remedy: 'Unlock the vault and connect again.',
  },
  'tester-ended': {
    title: 'The tester’s process ended unexpectedly',
    explanation: 'Connections live in a process of their own. It crashed; the vault and the rest of Fieldkey were not touched.',
    remedy:
      'The observer comes back by itself with its subscriptions. Connect devices again. If it happens again, look at what this broker sends.',
  },
  unknown: {
    title: 'The connection failed',
    explanation: 'The signs do not fit any cause that Fieldkey knows.',
    remedy: 'Open the details and compare them with the broker’s log at this time.',
  },
} satisfies Record<ConnectionCause, CauseWords>;
