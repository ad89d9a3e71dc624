import { parentPort } from 'node:worker_threads';
import { systemVolumes } from '../bundle/drives.ts';
import type { VolumesAnswer } from './volumes-host.ts';

/** Entry of the thread that asks the system for its drives: one message asks, one answers. */
const port = parentPort;
if (!port) throw new Error('volumes-worker is started as a worker thread');

port.on('message', async (id: number) => {
  const answer: VolumesAnswer = await systemVolumes().then(
    (volumes) => ({ id, volumes }),
    (error: Error) => ({ id, reason: error.message }),
  );
  port.postMessage(answer);
});
