import { useEffect, useMemo, useState } from 'react';
import type { Role } from '../../../shared/model/access.ts';
import { type DeviceLines, inSlices, readDeviceLines } from './device-lines.ts';

/** What is read within the keystroke: up to 4,000 devices, a few milliseconds. Longer texts are not even begun. */
const slicesAtOnce = 20;
const charactersAtOnce = 100_000;
/** Milliseconds of reading before the window gets a turn: half a frame. */
const budget = 8;

interface Read {
  readonly text: string;
  readonly role: Role;
  readonly lines: DeviceLines;
}

/** The list read last: the pages of the wizard come and go, and reading 100,000 lines anew for each would be felt. */
let latest: Read | null = null;

/** What the text says, read to its end now, unless it is the one that was read last. */
export function linesNow(text: string, role: Role): DeviceLines {
  if (latest?.text !== text || latest.role !== role) latest = { text, role, lines: readDeviceLines(text, role) };
  return latest.lines;
}

/** Device names come from the vault: whoever read a list forgets it with the vault's lock at the latest. */
export function forgetLines(): void {
  latest = null;
}

/** Null when it would take too long for a keystroke. */
function linesAtOnce(text: string, role: Role): DeviceLines | null {
  if (latest?.text === text && latest.role === role) return latest.lines;
  if (text.length > charactersAtOnce) return null;
  const reading = inSlices(text, role);
  for (let slice = 0; slice <= slicesAtOnce; slice++) {
    const step = reading.next();
    if (!step.done) continue;
    latest = { text, role, lines: step.value };
    return step.value;
  }
  return null;
}

/** Reads in slices, the window between them; `done` is not called once the returned function was. */
export function readInBackground(text: string, role: Role, done: (lines: DeviceLines) => void): () => void {
  const reading = inSlices(text, role);
  const goOn = () => {
    const end = performance.now() + budget;
    for (;;) {
      const step = reading.next();
      if (step.done) {
        latest = { text, role, lines: step.value };
        return done(step.value);
      }
      if (performance.now() >= end) break;
    }
    timer = setTimeout(goOn);
  };
  let timer = setTimeout(goOn);
  return () => clearTimeout(timer);
}

/**
 * The devices of a text that is being typed. A short list is read at once; of a long one the last reading stays until
 * the new one is complete, `reading` says so, and typing goes on meanwhile.
 */
export function useDeviceLines(text: string, role: Role): { readonly lines: DeviceLines; readonly reading: boolean } {
  const [read, setRead] = useState<Read>(() => ({ text, role, lines: linesNow(text, role) }));
  const current = read.text === text && read.role === role;
  const quick = useMemo(() => linesAtOnce(text, role), [text, role]);
  const slow = !current && quick === null;
  useEffect(() => {
    if (!slow) return;
    return readInBackground(text, role, (lines) => setRead({ text, role, lines }));
  }, [slow, text, role]);
  return { lines: quick ?? read.lines, reading: slow };
}
