import type { Check, CheckMatch } from '../model/check.ts';
import { namesDevice } from './variables.ts';

/** Another one in each execution of a check. */
const runVariable = /\{\{\s*run\s*\}\}/g;

/** Puts the name of an execution in place of `{{run}}`. */
export function fillRun(text: string, run: string): string {
  return text.replace(runVariable, () => run);
}

/** Whether a person has to accept that real devices are thrown off the broker while it runs. */
export function takesOver({ publish, expect }: Check): boolean {
  return publish.by === 'device' || expect.at === 'device';
}

/** Whether it is another one for each device; otherwise it is run once. */
export function concernsDevice(check: Check): boolean {
  const { publish, expect } = check;
  return (
    takesOver(check) ||
    [publish.topic, expect.topic].some((topic) => topic.includes('{device}')) ||
    [publish.text, ...textsOf(expect.match)].some(namesDevice)
  );
}

/** The texts of a match that variables are filled in. */
export function textsOf(match: CheckMatch): readonly string[] {
  switch (match.kind) {
    case 'any':
    case 'same':
      return [];
    case 'path':
      return [match.value];
    default:
      return [match.text];
  }
}
