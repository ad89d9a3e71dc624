import { versionTopic } from '../../../shared/rules/proof-plan.ts';
import { ConnectionGone } from '../mqtt-session.ts';
import { within } from './network.ts';
import type { Participant } from './participant.ts';

/** What a broker tells of itself in its own topics. */
export interface SystemFacts {
  /** Such as `mosquitto version 2.0.11`, printable characters only. */
  readonly software: string | null;
  /** Its clock, and ours when it was read (ms). */
  readonly clock: { readonly broker: number; readonly own: number } | null;
}

/** EMQX tells its time there; Mosquitto tells none. */
const clockFilter = '$SYS/brokers/+/datetime';
/** ms: for a broker that sends what is retained by itself, and not in the order of what was asked. */
const moment = 400;
/** ms that anything is listened for. */
const longest = 3_000;

const nothing: SystemFacts = { software: null, clock: null };

/** Asks for version and time. Whoever may not read them gets nothing. */
export async function systemFacts(self: Participant): Promise<SystemFacts> {
  const clockTopic = /^\$SYS\/brokers\/[^/]+\/datetime$/;
  const told = self.message(({ topic }) => topic === versionTopic || clockTopic.test(topic), longest);
  try {
    const asked = await Promise.all([self.subscribe(versionTopic), self.subscribe(clockFilter)]);
    if (asked.every((code) => code === null || code >= 128)) return nothing;
    // Mosquitto answers in order: what it has to tell is here before it answers this
    await self.subscribe(clockFilter);
  } catch (error) {
    // a broker that throws out for it: the next step says that the connection is gone
    if (!(error instanceof ConnectionGone)) throw error;
    return nothing;
  }
  // who tells its version this way tells no time, and the other way round
  const first = await within(told, moment, new AbortController().signal);
  if (!first) return nothing;
  const text = first.payload.toString();
  if (first.topic === versionTopic) return { software: printable(text), clock: null };
  const at = Date.parse(text);
  return { software: null, clock: Number.isNaN(at) ? null : { broker: at, own: Date.now() } };
}

function printable(text: string): string | null {
  const clean = text
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
    .trim()
    .slice(0, 100);
  return clean === '' ? null : clean;
}
