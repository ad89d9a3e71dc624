import type { Channel, ToTester } from '../tester/channel.ts';
import { serveTester } from '../tester/serve.ts';
import { startHistoryThread } from './history-port.ts';

/** Entry of the utility process that holds the MQTT connections. */
const port = process.parentPort;
if (!port) throw new Error('tester-worker is started as a utility process');

const channel: Channel = {
  send: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', ({ data }: { data: ToTester }) => listener(data)),
};
// end-to-end tests do not wait for the whole limit at every silent port
const limit = Number(/^--connect-limit=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1]);
serveTester(channel, limit > 0 ? { connect: limit } : {}, startHistoryThread);
