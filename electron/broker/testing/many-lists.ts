import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { MqttClient } from 'mqtt';
import { type AccessList, accessListText } from '../../../shared/rules/access-list.ts';
import { freePort, type RunningMosquitto, startMosquitto } from './mosquitto.ts';

/** One Mosquitto with a listener per list, all in one topic space: what one client publishes, every list judges. */
export interface ManyLists {
  /** A client that the list of this index judges. */
  as(list: number, user: string | null, clientId: string): Promise<MqttClient>;
  /** A client that no list judges. */
  privileged(): Promise<MqttClient>;
  close(): Promise<void>;
}

/** Starts it in `folder`. Listeners are local sockets, so there are no ports to run out of. */
export async function startManyLists(folder: string, lists: readonly AccessList[]): Promise<ManyLists> {
  const socket = (index: number) => join(folder, `${index}.sock`);
  const port = await freePort();
  const conf = [
    'user root',
    'per_listener_settings true',
    `log_dest file ${join(folder, 'log')}`,
    'log_type error',
    'log_type information',
    'connection_messages false',
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
  ];
  for (const [index, list] of lists.entries()) {
    await writeFile(join(folder, `${index}.acl`), accessListText(list), { mode: 0o600 });
    conf.push(`listener 0 ${socket(index)}`, 'allow_anonymous true', `acl_file ${join(folder, `${index}.acl`)}`);
  }
  await writeFile(join(folder, 'mosquitto.conf'), `${conf.join('\n')}\n`);
  const broker: RunningMosquitto = await startMosquitto(join(folder, 'mosquitto.conf'));
  const clients: MqttClient[] = [];
  const open = (stream: () => ReturnType<typeof connect>, user: string | null, clientId: string): Promise<MqttClient> =>
    new Promise((resolve, reject) => {
      const client = new MqttClient(stream, {
        protocolVersion: 5,
        clientId,
        ...(user === null ? {} : { username: user }),
        reconnectPeriod: 0,
        keepalive: 0,
        timerVariant: 'native',
      });
      clients.push(client);
      client.once('connect', () => resolve(client));
      client.once('error', reject);
      client.once('close', () => reject(new Error(`${clientId} was not let in`)));
      client.setMaxListeners(0);
    });
  return {
    as: (list, user, clientId) => open(() => connect(socket(list)), user, clientId),
    privileged: () => open(() => connect(port, '127.0.0.1'), null, 'privileged'),
    async close() {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await broker.stop();
    },
  };
}
