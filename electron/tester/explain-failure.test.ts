import { describe, expect, it } from 'vitest';
import type { ConnectionCause } from '../../shared/model/connection.ts';
import { alertNumber, explainFailure } from './explain-failure.ts';
import { noSignals, type Signals } from './signals.ts';

const explain = (signals: Partial<Signals>) => explainFailure({ ...noSignals('mqtt.lab.example', 8883, 0), ...signals });

describe('explains what cannot be set up on one machine', () => {
  const rows: [string, Partial<Signals>, ConnectionCause][] = [
    ['a firewall that drops', { stage: 'tcp', timedOut: true }, 'unreachable'],
    ['a name server that does not answer', { stage: 'lookup', timedOut: true }, 'name-server-silent'],
    ['another subnet', { stage: 'tcp', code: 'EHOSTUNREACH' }, 'unreachable'],
    ['the cable is pulled while connected', { stage: 'connected', code: 'ETIMEDOUT' }, 'unreachable'],
    ['no answer to a ping', { stage: 'connected', keepAliveTimeout: true }, 'keep-alive-timeout'],
    ['the broker hangs up', { stage: 'connected' }, 'closed-by-broker'],
    ['a twin', { stage: 'connected', quickLosses: 3 }, 'taken-over'],
    ['Mosquitto 2.1 names the twin', { stage: 'connected', disconnect: 142 }, 'taken-over'],
    ['too large for the broker', { stage: 'connected', disconnect: 149 }, 'packet-too-large'],
    ['quota', { stage: 'connected', disconnect: 151 }, 'quota-exceeded'],
    ['rate', { stage: 'connected', disconnect: 159 }, 'rate-limited'],
    ['shutting down', { stage: 'connected', disconnect: 139 }, 'shutting-down'],
    ['broken MQTT', { stage: 'connected', malformed: true }, 'protocol-error'],
    ['a reason that nobody knows', { stage: 'connack', connack: 250 }, 'protocol-error'],
    ['Mosquitto, asked with 3.1.1', { stage: 'connack', connack: 5 }, 'not-authorized'],
    [
      'no certificate',
      { stage: 'tls', code: 'EPROTO', text: 'error:0A00045C:…:SSL alert number 116' },
      'client-certificate-required',
    ],
    ['ALPN', { stage: 'tls', text: 'SSL alert number 120' }, 'alpn'],
    ['no common version, they say', { stage: 'tls', text: 'SSL alert number 70' }, 'protocol-version'],
    ['no common version, we say', { stage: 'tls', code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }, 'protocol-version'],
    ['key usage, Electron only', { stage: 'tls', code: 'ERR_SSL_KEY_USAGE_BIT_INCORRECT' }, 'broker-key-usage'],
    ['key type, Electron only', { code: 'ERR_OSSL_X509_KEY_TYPE_MISMATCH' }, 'key-mismatch'],
    ['a closing proxy', { stage: 'tls', code: 'ECONNRESET', peer: { speaks: 'closed', line: '' } }, 'closed-during-tls'],
    ['gone elsewhere', { stage: 'connack', connack: 156 }, 'server-moved'],
    ['no common version of MQTT', { stage: 'connack', connack: 132 }, 'mqtt-version'],
    ['hangs up instead of CONNACK', { stage: 'connack' }, 'closed-before-connack'],
    ['no common cipher', { stage: 'tls', text: 'SSL alert number 40' }, 'no-common-cipher'],
    ['anything else', { code: 'ERR_INVENTED' }, 'unknown'],
  ];
  it.each(rows)('%s', (_name, signals, cause) => {
    expect(explain(signals).cause).toBe(cause);
  });
});

it('reads the number of an alert from both libraries, and nothing else from the text', () => {
  // as OpenSSL 3 and BoringSSL write them
  expect(
    alertNumber('40:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../x.c:918:SSL alert number 48\n'),
  ).toBe(48);
  expect(
    alertNumber('140:error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA:../x.cc:592:SSL alert number 48\n'),
  ).toBe(48);
  expect(explain({ stage: 'tls', code: 'ECONNRESET', text: 'certificate expired unknown ca' }).cause).toBe('closed-during-tls');
});

it('keeps the technical text for the details, and names the packet where there was none', () => {
  expect(explain({ stage: 'connack', connack: 135 }).raw).toBe('CONNACK 135');
  expect(explain({ stage: 'tcp', code: 'ECONNREFUSED', text: 'connect ECONNREFUSED 1.2.3.4:5' }).raw).toBe(
    'ECONNREFUSED: connect ECONNREFUSED 1.2.3.4:5',
  );
});
