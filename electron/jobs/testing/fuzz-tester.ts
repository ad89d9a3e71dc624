import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standardLogLimits } from '../../../shared/model/broker-log.ts';
import { type Check, newCheck } from '../../../shared/model/check.ts';
import { newConnection, type OwnConnection } from '../../../shared/model/own-connection.ts';
import { everything } from '../../../shared/model/recording.ts';
import { findLines } from '../../broker/log/find-lines.ts';
import { readLogs } from '../../broker/log/read.ts';
import { reportOf } from '../../broker/log/report.ts';
import { writeFieldkeyConnections } from '../../import/connections/fieldkey.ts';
import { readConnections } from '../../import/connections/read-connections.ts';
import type { FuzzTarget } from '../../pki/testing/fuzz.ts';
import { encodeBlock, type Incoming } from '../../tester/history/block.ts';
import { RecordingSearch, readMessages } from '../../tester/history/search.ts';
import { RecordingStore } from '../../tester/history/store.ts';
import { readChecks } from '../checks/file.ts';

/** What reads files of brokers and of other testers: logs, recordings, stored connections and checks. */
export function testerTargets(folder: string): FuzzTarget[] {
  mkdirSync(folder, { recursive: true });
  return [
    logTarget(join(folder, 'mosquitto.log')),
    recordingTarget(join(folder, 'recordings')),
    connectionTarget(),
    checkTarget(),
  ];
}

const log = `1795348800: mosquitto version 2.0.11 starting
2026-11-22T12:00:01: New connection from 10.0.0.5:50321 on port 8883.
2026-11-22T12:00:01: New client connected from 10.0.0.5:50321 as meter-001 (p5, c1, k60, u'meter-001').
2026-11-22T12:00:02: OpenSSL Error[0]: error:14094415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired
2026-11-22T12:00:02: Client <unknown> disconnected: Protocol error.
2026-11-22T12:00:03: Denied PUBLISH from meter-001 (d0, q1, r0, m1, 'lab/energy/meter-002', ... (12 bytes))
2026-11-22T12:00:04: Client meter-001 closed its connection.
1795348805: Client meter-002 has exceeded timeout, disconnecting.
Nov 22 12:00:06 host mosquitto[812]: 1795348806: Socket error on client gw-1, disconnecting.
`;

function logTarget(file: string): FuzzTarget {
  return {
    name: 'broker log',
    seeds: [Buffer.from(log), Buffer.from(log.repeat(20))],
    read: async (bytes) => {
      writeFileSync(file, bytes);
      const read = await readLogs([file]);
      reportOf(read.analysis, standardLogLimits, { files: read.files, bytes: read.bytes });
      await findLines([file], 'meter-001', null);
    },
    share: 4,
  };
}

function recordingTarget(folder: string): FuzzTarget {
  const key = Buffer.alloc(32, 5);
  const messages = Array.from(
    { length: 200 },
    (_, index): Incoming => ({
      at: 1_795_348_800_000 + index,
      direction: 'in',
      topic: `lab/energy/meter-${index % 7}`,
      payload: Buffer.from(`{"n":${index}}`),
      qos: 1,
      retain: false,
      reasonCode: null,
      properties: { contentType: 'application/json' },
    }),
  );
  const made = new RecordingStore(folder, key, Date.now);
  const recording = made.create({ projectId: 1, by: { kind: 'observer', name: '' }, host: 'localhost', port: 8883 });
  for (let at = 0; at < messages.length; at += 50) recording.append(encodeBlock(messages.slice(at, at + 50)));
  const { file, recordingId } = recording;
  made.end(recording, 'stopped');
  made.close();
  return {
    name: 'recording',
    seeds: [readFileSync(file)],
    read: (bytes) => {
      writeFileSync(file, bytes);
      const store = new RecordingStore(folder, key, Date.now);
      try {
        store.list(1);
        const opened = store.get(recordingId);
        const search = new RecordingSearch(opened, { ...everything, text: '"n":1' });
        while (!search.done) search.step(1_000);
        const all = new RecordingSearch(opened, everything);
        while (!all.done) all.step(1_000);
        // what is shown is what was recorded, whatever was changed in the file
        for (const { seq, message } of readMessages(opened, all.found)) {
          const before = messages[seq - 1];
          if (!before || !Buffer.from(message.payload).equals(Buffer.from(before.payload)) || message.topic !== before.topic)
            throw new Error(`message ${seq} is not the one that was recorded`);
        }
        opened.marks(100);
      } finally {
        store.close();
      }
    },
    share: 4,
  };
}

function connectionTarget(): FuzzTarget {
  const own: OwnConnection = { ...newConnection, name: 'pump', host: 'mqtt.example', user: 'pump' };
  const mqttx = [{ id: 'a', name: 'lab', host: 'h', port: 8883, protocol: 'mqtts', clientId: 'c', ssl: true, subscriptions: [] }];
  const explorer = {
    ConnectionManager_connections: {
      a: { configVersion: 1, id: 'a', name: 'lab', host: 'h', port: 8883, protocol: 'mqtt', encryption: true, subscriptions: [] },
    },
  };
  return {
    name: 'connections',
    seeds: [writeFieldkeyConnections([own, own]), JSON.stringify(mqttx), JSON.stringify(explorer)].map((text) =>
      Buffer.from(text),
    ),
    read: (bytes) => readConnections(bytes),
    share: 3,
  };
}

function checkTarget(): FuzzTarget {
  const match = { kind: 'path', path: '$.power', compare: 'at-least', value: '0' } as const;
  const checks: Check[] = [
    { ...newCheck, name: 'values arrive' },
    { ...newCheck, name: 'power is there', expect: { ...newCheck.expect, match } },
  ];
  const text = JSON.stringify({ format: 'fieldkey-checks', version: 1, checks });
  return {
    name: 'checks',
    seeds: [Buffer.from(text)],
    read: (bytes) => readChecks(bytes.toString('utf8'), 'checks.json'),
    share: 2,
  };
}
