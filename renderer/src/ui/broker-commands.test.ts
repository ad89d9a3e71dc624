import { expect, test } from 'vitest';
import { crlCommands, revocationFile } from './broker-commands.ts';

test('the list is replaced in one move, wherever it lies', () => {
  expect(crlCommands('/etc/mosquitto/').replace).toBe(
    'install -o root -g mosquitto -m 0640 certs/crl.pem /etc/mosquitto/certs/crl.pem.new && mv -f /etc/mosquitto/certs/crl.pem.new /etc/mosquitto/certs/crl.pem && sh lists.sh note /etc/mosquitto/certs',
  );
  expect(crlCommands('/etc/mosquitto/').check).toBe(
    "grep 'END X509 CRL' certs/crl.pem && sh lists.sh check /etc/mosquitto/certs",
  );
  expect(crlCommands('/srv/my mq').replace).toContain("mv -f '/srv/my mq/certs/crl.pem.new' '/srv/my mq/certs/crl.pem'");
});

test('what of the kit says that a certificate is revoked depends on the broker', () => {
  expect((['mosquitto-2.1', 'rabbitmq-3', 'emqx-5'] as const).map(revocationFile)).toEqual([
    'certs/crl.pem',
    'crls/',
    'acl.conf',
  ]);
});
