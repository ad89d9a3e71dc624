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
      'This project’s authority did not sign it. It may be another broker, an authority that was made anew under the same name, or a certificate in between that is missing.',
    remedy: 'Copy this project’s kit to the broker again, all files of certs/, and restart it. Compare the fingerprints first.',
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
    explanation: 'By the broker’s clock its time is over. The clock of the broker may be ahead.',
    remedy: 'Check the date on the broker. If it is right, replace the certificate {{of}}.',
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
    explanation:
      'It does not say more. Often the clock of the broker is behind and the certificate not valid yet, or the revocation list there has ended.',
    remedy: 'Check the date on the broker, publish a new revocation list and copy it there, then read the broker’s log.',
  },
  'handshake-failure': {
    title: 'No agreement on the encryption',
    explanation: 'The two sides have no method in common, or the broker wanted a certificate and got none.',
    remedy: 'Check the tls_version and ciphers of the broker. Keys of type P-256 work everywhere.',
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
  'key-mismatch': {
    title: 'Key and certificate do not belong together',
    explanation: 'The private key {{of}} does not fit its certificate, so nothing was sent.',
    remedy: 'Replace the certificate {{of}}. Check the record of this vault in the settings.',
  },
  credentials: {
    title: 'The broker refuses the login',
    explanation: 'User name or password are wrong, or the broker does not take the name from the certificate.',
    remedy: 'Check use_identity_as_username on the broker’s listener, and that no password file applies to it.',
  },
  'not-authorized': {
    title: 'The broker does not admit {{whom}}',
    explanation: 'The certificate was accepted, but the access rules on the broker have no place for this name.',
    remedy: 'Copy the access list of this project’s kit to the broker and restart it.',
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
  'server-busy': {
    title: 'The broker is busy',
    explanation: 'It is there, but takes no new connections at the moment. It may be starting or shutting down.',
    remedy: 'Wait a moment. If it stays like this, look at its load and its log.',
  },
  'protocol-error': {
    title: 'The two sides do not understand each other',
    explanation: 'Something in the exchange was against the rules of MQTT.',
    remedy: 'Open the details and compare them with the broker’s log. Update an old broker.',
  },
  'closed-by-broker': {
    title: 'The broker closed the connection',
    explanation:
      'It gave no reason. Often the same name connected twice, the broker was restarted, or it is a plain port without TLS.',
    remedy: 'Look at the broker’s log at this time. Check whether {{who}} is also connected elsewhere.',
  },
  'keep-alive-timeout': {
    title: 'The connection fell silent',
    explanation: 'No sign of life came from the broker in time. The network was interrupted, or the broker hangs.',
    remedy: 'Check the network, then connect again if it does not come back by itself.',
  },
  'vault-locked': {
    title: 'The vault was locked',
    explanation: 'The keys are only available while the vault is open, so the test connection was closed.',
    remedy: 'Unlock the vault and connect again.',
  },
  unknown: {
    title: 'The connection failed',
    explanation: 'The signs do not fit any cause that Fieldkey knows.',
    remedy: 'Open the details and compare them with the broker’s log at this time.',
  },
} satisfies Record<ConnectionCause, CauseWords>;
