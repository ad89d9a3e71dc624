import { expect, test } from 'vitest';
import { readmeCommands } from './readme.ts';

const readme = `Mosquitto for the project lab
=============================

Step 1: install the files
-------------------------

As root, in this folder.

    grep 'END X509 CRL' certs/crl.pem
    install -d '/etc/mosquitto'

Step 2: start the broker
------------------------

    systemctl restart mosquitto
`;

test('takes the commands of one section', () => {
  expect(readmeCommands(readme, 'Step 1')).toEqual(["grep 'END X509 CRL' certs/crl.pem", "install -d '/etc/mosquitto'"]);
  expect(readmeCommands(readme, 'Step 2')).toEqual(['systemctl restart mosquitto']);
  expect(readmeCommands(readme, 'Step 3')).toEqual([]);
});
