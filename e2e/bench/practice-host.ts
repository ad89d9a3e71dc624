import type { PracticeChannel, ToPractice } from '../../electron/broker/practice/channel.ts';
import { servePractice } from '../../electron/broker/practice/serve.ts';

// The embedded broker in a process of its own, as in the app; forked by the bench `practice`.
const channel: PracticeChannel = {
  send: (message) => void process.send?.(message),
  onMessage: (listener) => void process.on('message', (message) => listener(message as ToPractice)),
};
servePractice(channel);
process.on('disconnect', () => process.exit());
