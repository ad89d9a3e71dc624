import { randomUUID } from 'node:crypto';
import type { Check, CheckMatch } from '../../../shared/model/check.ts';
import { fillRun } from '../../../shared/rules/check-scope.ts';
import { payloadBytes } from '../../../shared/rules/payload-form.ts';
import { fillTopic } from '../../../shared/rules/topic.ts';
import { filterCovers } from '../../../shared/rules/topic-filter.ts';
import { fillVariables, type VariableValues } from '../../../shared/rules/variables.ts';

/** A check with everything filled in for one device. */
export interface FilledCheck {
  readonly mark: string;
  readonly topic: string;
  readonly filter: string;
  readonly payload: Uint8Array;
  readonly match: CheckMatch;
  /** The expected topic takes in the one that is published to: that message itself is meant. */
  readonly own: boolean;
}

/** The topics of a check for one device. */
export function topicsOf(
  check: Pick<Check, 'publish' | 'expect'>,
  values: { readonly project: string; readonly device: string | null },
) {
  const names = { project: values.project, device: values.device ?? undefined };
  const topic = fillTopic(check.publish.topic, names);
  const filter = fillTopic(check.expect.topic, names);
  return { topic, filter, own: listensTo(filter, topic) };
}

/** Whether a message of this topic comes to who listens to this filter. */
export function listensTo(filter: string, topic: string): boolean {
  // MQTT 5 §4.8.2: messages of a shared subscription come under their own topics
  return filterCovers(filter.replace(/^\$share\/[^/]+\//, ''), topic);
}

/** Null when it is no message then. */
export function filledCheck(
  { publish, expect }: Check,
  { project, device }: { readonly project: string; readonly device: string | null },
): FilledCheck | null {
  const mark = randomUUID();
  const values: VariableValues = {
    device,
    project,
    now: Date.now(),
    index: 0,
    random: Math.random,
    uuid: randomUUID,
  };
  // short, so that it fits where a number of a message would stand
  const run = mark.slice(0, 8);
  const filledText = (text: string) => fillVariables(fillRun(text, run), values);
  const { text, problems } = filledText(publish.text);
  const payload = payloadBytes(publish.form, text, (written) => new TextEncoder().encode(written));
  if (problems.length > 0 || 'problem' in payload) return null;
  const { match } = expect;
  const filledMatch =
    'text' in match
      ? { ...match, text: filledText(match.text).text }
      : 'value' in match
        ? { ...match, value: filledText(match.value).text }
        : match;
  const topics = topicsOf({ publish, expect }, { project, device });
  return { mark, payload: payload.bytes, match: filledMatch, ...topics };
}
