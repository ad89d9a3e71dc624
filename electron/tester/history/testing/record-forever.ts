import { encodeBlock } from '../block.ts';
import { RecordingStore } from '../store.ts';

/** Records `message 1`, `message 2`, … into the folder given, and says after each commit how many are there. To be killed. */
const store = new RecordingStore(process.argv[2] as string, Buffer.alloc(32, 7), Date.now);
const recording = store.create({ projectId: 1, by: { kind: 'observer', name: '' }, host: 'localhost', port: 1883 });
for (let count = 0; ; ) {
  const messages = Array.from({ length: 1 + (count % 37) }, () => ({
    at: Date.now(),
    direction: 'in' as const,
    topic: 't',
    payload: Uint8Array.from(Buffer.from(`message ${++count}`)),
    qos: 0 as const,
    retain: false,
    reasonCode: null,
  }));
  recording.append(encodeBlock(messages));
  process.stdout.write(`${recording.about.messages}\n`);
}
