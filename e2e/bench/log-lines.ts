import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Meters whose lines the generated log has. */
const meters = 2_000;

/**
 * Writes a log of about `bytes` as Mosquitto 2.0 writes it with the log types of our kit: meters that come and go, some that are
 * refused, now and then a start. Always the same lines for the same size. Gives the number of lines and of connections in it.
 */
export async function writeLog(file: string, bytes: number): Promise<{ lines: number; connected: number; refused: number }> {
  const stream = createWriteStream(file);
  const counts = { lines: 0, connected: 0, refused: 0 };
  let written = 0;
  let second = 1_790_000_000;
  for (let turn = 0; written < bytes; ) {
    const lines: string[] = [];
    for (let each = 0; each < 2_000; each++, turn++) {
      if (turn % 3 === 0) second++;
      lines.push(...visit(turn, second, counts));
    }
    const text = `${lines.join('\n')}\n`;
    counts.lines += lines.length;
    written += text.length;
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return counts;
}

/** What one connection leaves in the log. */
function visit(turn: number, second: number, counts: { connected: number; refused: number }): string[] {
  const meter = (turn * 7919) % meters;
  const address = `192.168.${100 + (meter >> 8)}.${meter & 255}`;
  const port = 20_000 + ((turn * 31) % 40_000);
  const opened = `${second}: New connection from ${address}:${port} on port 8883.`;
  if (turn % 50 === 0) {
    counts.refused++;
    return [
      opened,
      `${second}: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed`,
      `${second}: Client <unknown> disconnected: Protocol error.`,
    ];
  }
  counts.connected++;
  const name = `meter-${String(meter).padStart(4, '0')}`;
  const end =
    turn % 3 === 0 ? 'has exceeded timeout, disconnecting.' : turn % 3 === 1 ? 'closed its connection.' : 'disconnected.';
  return [
    opened,
    `${second}: New client connected from ${address}:${port} as ${name} (p2, c1, k60, u'${name}').`,
    `${second}: Client ${name} ${end}`,
  ];
}
