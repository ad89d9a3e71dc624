import { useEffect, useMemo, useState } from 'react';
import { type Role, roles } from '../../../shared/model/access.ts';
import { type DeviceLines, inSlices, readDeviceLines } from './device-lines.ts';

/** What is read within the keystroke: up to 4,000 devices, a few milliseconds. Longer texts are not even begun. */
const slicesAtOnce = 20;
const charactersAtOnce = 100_000;
/** Milliseconds of reading before the window gets a turn: half a frame. */
const budget = 8;

interface Read {
  readonly text: string;
  readonly role: Role;
  readonly known: readonly Role[];
  readonly lines: DeviceLines;
}

/** The list read last: the pages of the wizard come and go, and reading 100,000 lines anew for each would be felt. */
let latest: Read | null = null;

/** What the text says, read to its end now, unless it is the one that was read last. */
export function linesNow(text: string, role: Role, known: readonly Role[] = roles): DeviceLines {
  if (!latest || !isOf(latest, text, role, known)) latest = { text, role, known, lines: readDeviceLines(text, role, known) };
  return latest.lines;
}

function isOf(read: Read, text: string, role: Role, known: readonly Role[]): boolean {
  return read.text === text && read.role === role && (read.known === known || read.known.join() === known.join());
}

/** Device names come from the vault: whoever read a list forgets it with the vault's lock at the latest. */
export function forgetLines(): void {
  latest = null;
}

/** Null when it would take too long for a keystroke. */
function linesAtOnce(text: string, role: Role, known: readonly Role[]): DeviceLines | null {
  if (latest && isOf(latest, text, role, known)) return latest.lines;
  if (text.length > charactersAtOnce) return null;
  const reading = inSlices(text, role, known);
  for (let slice = 0; slice <= slicesAtOnce; slice++) {
    const step = reading.next();
    if (!step.done) continue;
    latest = { text, role, known, lines: step.value };
    return step.value;
  }
  return null;
}

/** Reads in slices, the window between them; `done` is not called once the returned function was. */
export function readInBackground(
  text: string,
  role: Role,
  done: (lines: DeviceLines) => void,
  known: readonly Role[] = roles,
): () => void {
  const reading = inSlices(text, role, known);
  const goOn = () => {
    const end = performance.now() + budget;
    for (;;) {
      const step = reading.next();
      if (step.done) {
        latest = { text, role, known, lines: step.value };
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
export function useDeviceLines(
  text: string,
  role: Role,
  known: readonly Role[] = roles,
): { readonly lines: DeviceLines; readonly reading: boolean } {
  const [read, setRead] = useState<Read>(() => ({ text, role, known, lines: linesNow(text, role, known) }));
  const current = isOf(read, text, role, known);
  const quick = useMemo(() => linesAtOnce(text, role, known), [text, role, known]);
  const slow = !current && quick === null;
  useEffect(() => {
    if (!slow) return;
    return readInBackground(text, role, (lines) => setRead({ text, role, known, lines }), known);
  }, [slow, text, role, known]);
  return { lines: quick ?? read.lines, reading: slow };
}
