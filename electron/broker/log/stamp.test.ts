import { describe, expect, it } from 'vitest';
import { Stamp } from './stamp.ts';

const at = Date.UTC(2026, 10, 22, 8, 22, 1);
const local = new Date(2026, 10, 22, 8, 22, 1).getTime();
const message = 'New connection from 127.0.0.1:45726 on port 18883.';

function read(line: string, reference = Date.UTC(2026, 11, 1)) {
  const stamp = new Stamp(reference);
  const begins = stamp.read(`before\n${line}`, 7, 7 + line.length);
  return { at: stamp.at, text: line.slice(begins - 7), foreign: stamp.foreign, zoneUnknown: stamp.zoneUnknown };
}

describe('when a line was written', () => {
  it.each([
    ['seconds since 1970', `${at / 1_000}: `],
    ['ISO 8601 with zone', '2026-11-22T09:22:01+0100: '],
    ['ISO 8601 with colon in the zone', '2026-11-22T03:22:01-05:00: '],
    ['ISO 8601 in UTC', '2026-11-22T08:22:01Z: '],
    ['docker compose', `mosquitto-1  | ${at / 1_000}: `],
    ['docker logs -t', `2026-11-22T08:22:05.123456789Z ${at / 1_000}: `],
    ['syslog of Debian 12', '2026-11-22T09:22:01.123456+01:00 broker mosquitto[12]: '],
    ['journalctl -o short-iso with the broker’s own time', `2026-11-22T09:22:09+0100 broker mosquitto[12]: ${at / 1_000}: `],
  ])('%s', (_name, head) => {
    expect(read(head + message)).toEqual({ at, text: message, foreign: false, zoneUnknown: false });
  });

  it.each([
    ['without zone', '2026-11-22 08:22:01: '],
    ['without zone, with a T', '2026-11-22T08:22:01: '],
    ['as %c writes', 'Sun Nov 22 08:22:01 2026: '],
    ['as in Germany', '22.11.2026 08:22:01: '],
    ['as in Spain', '22/11/2026 08:22:01: '],
    ['as in America, where it can be nothing else', '11/22/2026 08:22:01: '],
    ['in brackets', '[2026-11-22 08:22:01]: '],
    ['syslog, which has no year', 'Nov 22 08:22:01 broker mosquitto[812]: '],
    ['a form of one’s own', 'Nov 22, 2026 08:22:01: '],
  ])('%s: as this computer’s', (_name, head) => {
    expect(read(head + message)).toEqual({ at: local, text: message, foreign: false, zoneUnknown: true });
  });

  it('takes December of a file from January as the year before', () => {
    const { at: when } = read(`Dec 31 23:59:59 broker mosquitto[1]: ${message}`, new Date(2027, 0, 2).getTime());
    expect(when).toBe(new Date(2026, 11, 31, 23, 59, 59).getTime());
  });

  it('passes over what other programs wrote into the same file', () => {
    expect(read('Nov 22 08:22:01 broker sshd[99]: Accepted publickey for root')).toMatchObject({ foreign: true });
  });

  it('says nothing of when, for a line without time', () => {
    expect(read('To fix this, use `chmod 0700 /etc/mosquitto/passwd`.')).toMatchObject({ at: Number.NaN });
    expect(read(message)).toEqual({ at: Number.NaN, text: message, foreign: false, zoneUnknown: false });
  });

  it('keeps the time of the line before out of the next one', () => {
    const stamp = new Stamp(at);
    stamp.read(`1: x`, 0, 4);
    const second = `${at / 1_000}: a`;
    stamp.read(second, 0, second.length);
    expect(stamp.at).toBe(at);
    const third = `${at / 1_000 + 1}: b`;
    expect(stamp.read(third, 0, third.length)).toBe(12);
    expect(stamp.at).toBe(at + 1_000);
  });
});
