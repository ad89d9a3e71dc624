import type { PracticeChannel, ToPractice } from '../broker/practice/channel.ts';
import { servePractice } from '../broker/practice/serve.ts';

/** Entry of the utility process that holds the practice broker and its meters. */
const port = process.parentPort;
if (!port) throw new Error('practice-worker is started as a utility process');

const channel: PracticeChannel = {
  send: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', ({ data }: { data: ToPractice }) => listener(data)),
};
servePractice(channel);
