import { expect, test } from 'vitest';
import { crlCommands } from './broker-commands.ts';

test('the list is replaced in one move, wherever it lies', () => {
  expect(crlCommands('/etc/mosquitto/').replace).toBe(
    'install -o root -g mosquitto -m 0640 certs/crl.pem /etc/mosquitto/certs/crl.pem.new && mv -f /etc/mosquitto/certs/crl.pem.new /etc/mosquitto/certs/crl.pem',
  );
  expect(crlCommands('/srv/my mq').replace).toContain("mv -f '/srv/my mq/certs/crl.pem.new' '/srv/my mq/certs/crl.pem'");
});
