import type { DoctorRemark } from '../../../../shared/model/doctor-findings.ts';

/** What was found besides the causes of failed connections, which have their words in connection.ts. */
export const doctorRemarks = {
  'file-converted': {
    title: 'A file was converted',
    text: 'The {{file}} is in the form {{form}}. It was read all the same; Mosquitto wants PEM.',
  },
  'public-authorities': {
    title: 'Checked against the public authorities',
    text: 'No authority was chosen, so the broker has to have a certificate that browsers would accept.',
  },
  'chain-short': {
    title: 'The chain is not complete',
    text: 'It ends below {{issuer}}. A broker that knows only the root cannot follow it.',
  },
  'client-ends-soon': {
    title: 'The certificate of {{client}} ends soon',
    text: 'It is valid until {{notAfter}}. Renew it before the device is out of reach.',
  },
  'client-ended': {
    title: 'The certificate of {{client}} has expired',
    text: 'It ended on {{notAfter}}. Every broker with a right clock refuses it.',
  },
  'client-not-begun': {
    title: 'The certificate of {{client}} is not valid yet',
    text: 'It begins on {{notBefore}}. Brokers refuse it until then.',
  },
  'client-purpose': {
    title: 'This certificate is not meant for a client',
    text: 'That of {{client}} lacks the purpose clientAuth. Brokers refuse it.',
  },
  'client-weak': {
    title: 'The certificate of {{client}} is too weak',
    text: 'Key {{key}}, signature {{signature}}: present brokers refuse both RSA keys below 2048 bits and SHA-1.',
  },
  'client-revoked': {
    title: 'The certificate of {{client}} is revoked',
    text: 'Since {{revokedAt}}. A broker with the present revocation list refuses it, as it should.',
  },
  'client-other-authority': {
    title: 'The certificate of {{client}} comes from another authority',
    text: 'It was issued by {{issuer}}, not by {{authority}}. Whether the broker knows that one is seen further down.',
  },
  'authority-ended': {
    title: 'The authority {{authority}} has expired',
    text: 'Since {{notAfter}} nothing that it signed is valid any more. Replace it on the Authority page.',
  },
  'list-ended': {
    title: 'The revocation list has ended',
    text: 'On {{nextUpdate}}. A broker that has this list refuses everyone until it gets a newer one.',
  },
  'list-ends-soon': {
    title: 'The revocation list ends soon',
    text: 'On {{nextUpdate}}. After that a broker that has it refuses everyone.',
  },
  'own-broker-ended': {
    title: 'The broker’s certificate in this project has expired',
    text: 'It ended on {{notAfter}}. The broker needs a new one.',
  },
  'own-broker-lacks-name': {
    title: 'The certificate issued for the broker lacks {{host}}',
    text: 'The one of this project is valid for {{names}}.',
  },
  'clock-wrong': {
    title: 'The clock of this computer is wrong',
    text: 'It says {{now}}, but this vault knows of {{known}}. What follows about dates may be wrong, too.',
  },
  'address-dead': {
    title: 'One address does not answer',
    text: '{{address}}: {{error}}. Whoever tries this one first waits for it.',
  },
  unencrypted: {
    title: 'This connection is not encrypted',
    text: 'Everything can be read on the way, passwords as well. For looking for a cause it will do; not for service.',
  },
  'broker-ends-soon': {
    title: 'The broker’s certificate ends soon',
    text: 'That of {{broker}} is valid until {{notAfter}}. After that no device connects.',
  },
  'broker-other-certificate': {
    title: 'The broker shows an earlier certificate',
    text: 'It is genuine, but not the one that this project issued last. The newest kit was not copied to the broker, or it was not restarted.',
  },
  'broker-key-usage-lax': {
    title: 'Some clients refuse the broker’s certificate',
    text: 'That of {{broker}} does not permit digital signatures. Google’s TLS library refuses it, others let it pass.',
  },
  'server-name-overridden': {
    title: 'Checked for another name',
    text: 'For this run the certificate had to be made for {{name}}. Devices check for the name they were given.',
  },
  'not-verified': {
    title: 'The broker was not verified',
    text: 'This connection takes any certificate. Whoever stands in between can pretend to be the broker, and reads what is sent.',
  },
  'no-certificate-asked': {
    title: 'The broker asks for no certificate',
    text: 'It let in a client that sent none. Whoever reaches this port gets that far.',
  },
  'keep-alive-lowered': {
    title: 'The broker wants signs of life more often',
    text: 'Every {{given}} seconds instead of every {{asked}}.',
  },
  'packet-limit': { title: 'Messages have a limit', text: 'The broker takes packets of at most {{bytes}}.' },
  'client-id-assigned': {
    title: 'The broker chose the client ID',
    text: 'It calls this client {{id}}. A session cannot be taken up again with that.',
  },
  'older-protocol': {
    title: 'The broker speaks only MQTT 3.1.1',
    text: 'It does not tell what it can do, nor when it refuses a topic. What it allows is seen by what arrives.',
  },
  'qos-limited': { title: 'Not every quality of service', text: 'The broker offers QoS {{qos}} at most.' },
  'no-retained': { title: 'No retained messages', text: 'The broker keeps no messages for those who come later.' },
  'no-wildcards': { title: 'No wildcards', text: 'The broker takes no + and # in subscriptions.' },
  'no-shared': { title: 'No shared subscriptions', text: 'The broker does not spread messages over several receivers.' },
  'session-expiry-changed': {
    title: 'The broker keeps sessions for another time',
    text: '{{given}} seconds instead of {{asked}}.',
  },
  'subscription-refused': {
    title: 'The broker refuses the subscription to {{topic}}',
    text: 'The access rules on the broker do not allow it (reason code {{reasonCode}}).',
  },
  'publish-refused': {
    title: 'The broker refuses messages on {{topic}}',
    text: 'The access rules on the broker do not let them through (reason code {{reasonCode}}).',
  },
  'not-delivered': {
    title: 'A message on {{topic}} did not arrive',
    text: 'It was waited for {{milliseconds}} ms. Mosquitto confirms what it then does not deliver: the access rules of sender or receiver do not fit.',
  },
  slow: {
    title: 'The way there and back is slow',
    text: '{{milliseconds}} ms at worst. The network or the broker is under load.',
  },
  'one-identity-only': {
    title: 'Only one identity took part: {{tested}}',
    text: 'What goes from devices to the observer and back was not seen. Check as a device to see both ways.',
  },
  'access-differs': {
    title: 'The broker decides differently from the plan',
    text: '{{count}} of {{total}} checks differ from the access rules of this project.',
  },
  'access-older-list': {
    title: 'The broker works with an earlier access list',
    text: 'It decides as the rules of {{at}} say. The newest kit was not copied, or the broker was not restarted.',
  },
  'access-everything-allowed': {
    title: 'The broker uses no access list',
    text: 'Everything that should be denied is allowed.',
  },
  'access-nothing-allowed': {
    title: 'The broker’s access list knows none of these names',
    text: 'Nothing is allowed. Often the list belongs to another project.',
  },
  'access-other-rule': {
    title: 'The broker has other access rules',
    text: 'At some topics it decides by a rule that this project does not have. Somebody may have edited the list.',
  },
  'access-untried': { title: 'Not everything could be tried', text: '{{count}} checks could not be made.' },
  'let-in-no-certificate': {
    title: 'The broker lets in clients without a certificate',
    text: 'Whoever reaches it can connect. require_certificate is missing in its settings.',
  },
  'let-in-foreign-authority': {
    title: 'The broker lets in certificates of another authority',
    text: 'Its certs/ca.crt names more than the authorities of this project, or nothing is checked.',
  },
  'let-in-revoked': {
    title: 'The broker lets in a revoked certificate',
    text: 'It has no revocation list or an old one. Lost and stolen devices get in.',
  },
  'let-in-expired': {
    title: 'The broker lets in an expired certificate',
    text: 'Its clock is behind, or it does not look at dates.',
  },
  'let-in-no-password': {
    title: 'The broker lets in clients without a password',
    text: 'It admits whoever brings a certificate, although the project wants a password as well. Its password file or allow_anonymous is not as in the kit.',
  },
  'let-in-wrong-password': {
    title: 'The broker lets in a wrong password',
    text: 'It does not check passwords. Its password file is missing or not used.',
  },
  'let-in-revoked-password': {
    title: 'The broker takes the password of a revoked device',
    text: 'Its password file is the one of before the revocation. Export the kit, copy its list of users to the broker, and reload it.',
  },
  'let-in-plain': {
    title: 'Port {{port}} is open without encryption',
    text: 'Whoever reaches it can read and send. Remove that listener, or bind it to localhost.',
  },
  'refusal-untried': { title: 'One refusal could not be tried', text: '{{test}}' },
} satisfies Record<DoctorRemark, { title: string; text: string }>;
