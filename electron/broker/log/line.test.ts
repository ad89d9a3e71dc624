import { describe, expect, it } from 'vitest';
import { parseMessage } from './line.ts';

const parse = (text: string) => parseMessage(`#${text}#`, 1, text.length + 1);
const ended = { kind: 'ended', address: null, port: 0 };
const from21 = { kind: 'ended', address: '10.0.0.7', port: 4711 };

describe('a line of Mosquitto 2.0', () => {
  it.each([
    [
      'New connection from 127.0.0.1:45726 on port 18883.',
      { kind: 'opened', address: '127.0.0.1', port: 45_726, listener: 18_883 },
    ],
    ['New connection from ::1:45726 on port 8883.', { kind: 'opened', address: '::1', port: 45_726 }],
    ['New connection from ::ffff:10.0.0.7:4711 on port 8883.', { kind: 'opened', address: '10.0.0.7', port: 4711 }],
    [
      "New client connected from 127.0.0.1:45726 as dev1 (p2, c1, k60, u'dev1').",
      {
        kind: 'connected',
        address: '127.0.0.1',
        port: 45_726,
        client: 'dev1',
        user: 'dev1',
        level: 4,
        keepAlive: 60,
        bridge: false,
      },
    ],
    ['New client connected from 127.0.0.1:1 as dev1 (p1, c0, k5).', { kind: 'connected', client: 'dev1', user: '', level: 3 }],
    [
      "New client connected from 127.0.0.1:1 as a as b (p5) c (p5, c1, k60, u'it's (p2)').",
      { kind: 'connected', client: 'a as b (p5) c', user: "it's (p2)", level: 5 },
    ],
    ["New bridge connected from 10.0.0.2:1 as site (p2, c0, k60, u'site').", { kind: 'connected', client: 'site', bridge: true }],
    ['Client dev1 disconnected.', { ...ended, client: 'dev1', how: 'goodbye' }],
    ['Client kill9 closed its connection.', { ...ended, client: 'kill9', how: 'closed' }],
    ['Client <unknown> closed its connection.', { ...ended, client: null, how: 'closed' }],
    ['Client <unknown> disconnected: Protocol error.', { ...ended, client: null, how: 'protocol' }],
    ['Client <unknown> disconnected due to protocol error.', { ...ended, client: null, how: 'protocol' }],
    ['Client x disconnected due to malformed packet.', { ...ended, client: 'x', how: 'protocol' }],
    ['Client <unknown> disconnected, not authorised.', { ...ended, client: null, how: 'credentials' }],
    ['Client guest disconnected, not authorised.', { ...ended, client: 'guest', how: 'credentials' }],
    ['Client big3 disconnected due to oversize packet.', { ...ended, client: 'big3', how: 'oversize' }],
    ['Client ka has exceeded timeout, disconnecting.', { ...ended, client: 'ka', how: 'timeout' }],
    ['Client x been disconnected by administrative action.', { ...ended, client: 'x', how: 'administrative' }],
    ['Client a disconnected. b closed its connection.', { ...ended, client: 'a disconnected. b', how: 'closed' }],
    ['Client same already connected, closing old connection.', { kind: 'takeover', client: 'same' }],
    [
      'Client connection from 127.0.0.1 denied: max_connections exceeded.',
      { kind: 'failed', address: '127.0.0.1', cause: 'full' },
    ],
    [
      'Client connection from 127.0.0.1 failed: error:0A00010B:SSL routines::wrong version number.',
      { kind: 'failed', address: '127.0.0.1', cause: 'not-tls' },
    ],
    [
      'Client connection from 127.0.0.1 failed: error:0A000076:SSL routines::no suitable signature algorithm.',
      { kind: 'failed', address: '127.0.0.1', cause: 'tls-version' },
    ],
    [
      'Client connection from 2001:db8::7 failed: error:0A0000C7:SSL routines::peer did not return a certificate.',
      { kind: 'failed', address: '2001:db8::7', cause: 'no-certificate' },
    ],
    ['OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed', { kind: 'tls', cause: 'certificate' }],
    [
      'OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate',
      { kind: 'tls', cause: 'no-certificate' },
    ],
    ['OpenSSL Error[0]: error:0A000418:SSL routines::tlsv1 alert unknown ca', { kind: 'tls', cause: 'broker-untrusted' }],
    ['OpenSSL Error[0]: error:0A000438:SSL routines::tlsv1 alert internal error', { kind: 'tls', cause: 'broker-untrusted' }],
    ['OpenSSL Error[0]: error:0A000410:SSL routines::sslv3 alert handshake failure', { kind: 'tls', cause: 'tls-version' }],
    ['OpenSSL Error[0]: error:0A000126:SSL routines::unexpected eof while reading', { kind: 'tls', cause: 'cut' }],
    ['OpenSSL Error[0]: error:0A00009C:SSL routines::http request', { kind: 'tls', cause: 'not-tls' }],
    ['OpenSSL Error[0]: error:0A000102:SSL routines::unsupported protocol', { kind: 'tls', cause: 'tls-version' }],
    [
      'OpenSSL Error: error:14089086:SSL routines:ssl3_get_client_certificate:certificate verify failed',
      { kind: 'tls', cause: 'certificate' },
    ],
    ['Outgoing messages are being dropped for client slow.', { kind: 'dropped', client: 'slow' }],
    ['ACL denying access to client with dangerous username "a+b"', { kind: 'dangerous', name: 'a+b' }],
    [
      "Denied PUBLISH from aclp (d0, q1, r0, m1, 'lab/energy/bob', ... (1 bytes))",
      { kind: 'denied', client: 'aclp', topic: 'lab/energy/bob', incoming: true },
    ],
    ['Sending CONNACK to 127.0.0.1 (0, 5)', { kind: 'refusing', to: '127.0.0.1', code: 5 }],
    ['Sending CONNACK to guest (0, 135)', { kind: 'refusing', to: 'guest', code: 135 }],
    ['Sending CONNACK to meter-001 (0, 0)', { kind: 'debug' }],
    ['Reloading config.', { kind: 'reload' }],
    ['mosquitto version 2.0.11 starting', { kind: 'start', version: '2.0.11' }],
    ['mosquitto version 2.0.11 running', { kind: 'running', version: '2.0.11' }],
    ['mosquitto version 2.0.11 terminating', { kind: 'stop', version: '2.0.11' }],
    [
      'Unable to accept new connection, system socket count has been exceeded. Try increasing "ulimit -n" or equivalent.',
      { kind: 'sockets' },
    ],
    ['Error: Unable to load certificate revocation file "x". Check crlfile.', { kind: 'error' }],
    ['Warning: Mosquitto should not be run as root/administrator.', { kind: 'warning' }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each([
    '',
    'N',
    'Client',
    'Client ',
    'Client .',
    'New connection from',
    'New connection from nowhere on port 1.',
    'New client connected from 1.2.3.4:5 as ',
    'Denied PUBLISH from x',
    'Received PUBLISH from busy (d0, q1, r0, m1, ...)',
    'Opening ipv4 listen socket on port 8883.',
    'ACL denying access to client with dangerous username "',
  ])('nothing that counts: %j', (text) => {
    expect(parse(text)).toBeNull();
  });
});

describe('a line of Mosquitto 2.1', () => {
  it.each([
    ['Client meter-001 [10.0.0.7:4711] disconnected.', { ...from21, client: 'meter-001', how: 'goodbye' }],
    [
      'Client meter-001 [10.0.0.7:4711] disconnected: connection closed by client.',
      { ...from21, client: 'meter-001', how: 'closed' },
    ],
    ['Client meter-001 [10.0.0.7:4711] disconnected: session taken over.', { ...from21, how: 'takeover' }],
    ['Client meter-001 [10.0.0.7:4711] disconnected: exceeded timeout.', { ...from21, how: 'timeout' }],
    ['Client meter-001 [10.0.0.7:4711] disconnected: oversize packet.', { ...from21, how: 'oversize' }],
    ['Client guest [10.0.0.7:4711] disconnected: not authorised.', { ...from21, client: 'guest', how: 'credentials' }],
    ['Client guest [10.0.0.7:4711] disconnected: bad username or password.', { ...from21, client: 'guest', how: 'credentials' }],
    ['Client 10.0.0.7 [10.0.0.7:4711] disconnected: Protocol error.', { ...from21, client: null, how: 'protocol' }],
    [
      'Client fe80::1 [fe80::1:4711] disconnected: protocol error.',
      { kind: 'ended', client: null, address: 'fe80::1', port: 4711 },
    ],
    [
      'OpenSSL Error while trying to get the error[0]: error:0A000086:SSL routines::certificate verify failed',
      { kind: 'tls', cause: 'certificate' },
    ],
    ['Connection from 10.0.0.7:4711 rejected, client did not provide a certificate.', { kind: 'tls', cause: 'no-certificate' }],
    ['Connection from 10.0.0.7:4711 rejected, client did not connect using TLS.', { kind: 'tls', cause: 'not-tls' }],
    ["New client connected from 10.0.0.7:1 as m (p4, c1, k60, u'm').", { kind: 'connected', level: 4 }],
    ["Denied PUBLISH to m (q1, r0, 'a/b', ... (1 bytes))", { kind: 'denied', client: 'm', topic: 'a/b', incoming: false }],
    ['Client meter-001 negotiated TLSv1.3 cipher TLS_AES_256_GCM_SHA384', { kind: 'debug' }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });
  it('tells of a broken pipe of somebody who was told of already', () => {
    expect(parse('OpenSSL Error while trying to get the error[1]: error:80000020:system library::Broken pipe')).toBeNull();
  });
});
