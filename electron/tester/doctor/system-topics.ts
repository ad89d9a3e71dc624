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
/** ms: what is there is retained, and comes at once. */
const patience = 400;

/** Asks for version and time. Whoever may not read them gets nothing. */
export async function systemFacts(self: Participant): Promise<SystemFacts> {
  const clockTopic = /^\$SYS\/brokers\/[^/]+\/datetime$/;
  const version = self.message(({ topic }) => topic === versionTopic, patience);
  const time = self.message(({ topic }) => clockTopic.test(topic), patience);
  try {
    const asking = Promise.all([self.subscribe(versionTopic), self.subscribe(clockFilter)]);
    const asked = await within(asking, patience, new AbortController().signal);
    if (asked?.every((code) => code === null || code >= 128)) return { software: null, clock: null };
  } catch (error) {
    // a broker that throws out for it: the next step says that the connection is gone
    if (!(error instanceof ConnectionGone)) throw error;
    return { software: null, clock: null };
  }
  const told = await version;
  // who has told its version has told everything
  const clock = told ? null : await time;
  const at = clock ? Date.parse(clock.payload.toString()) : Number.NaN;
  return {
    software: told ? printable(told.payload.toString()) : null,
    clock: Number.isNaN(at) ? null : { broker: at, own: Date.now() },
  };
}

function printable(text: string): string | null {
  const clean = text
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
    .trim()
    .slice(0, 100);
  return clean === '' ? null : clean;
}
