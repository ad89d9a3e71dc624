import { expect, test } from 'vitest';
import { isReservedName } from './host.ts';

test.each(['mqtt.lab.example', 'MQTT.LAB.EXAMPLE', 'a.test', 'x.invalid', 'example.com', 'mqtt.example.org', '*.lab.example'])(
  '%s is kept for examples and tests',
  (name) => expect(isReservedName(name)).toBe(true),
);

test.each(['localhost', 'mqtt.lab.local', 'example.de', 'test.company.com', 'myexample.com', 'mytest', 'broker'])(
  '%s may lead somewhere',
  (name) => expect(isReservedName(name)).toBe(false),
);
