import { z } from 'zod';
import { type Check, type CheckMatch, checkComparisons, checkLimits, checkParties } from '../model/check.ts';
import { payloadForms, savedMaximum } from '../model/publish-template.ts';
import { type Problem, problem } from '../problems.ts';
import { fillRun } from './check-scope.ts';
import { parseJsonPath } from './json-path.ts';
import { base64Bytes, hexBytes } from './payload-form.ts';
import { checkTopicTemplate } from './topic.ts';
import { fillVariables, variablesIn } from './variables.ts';
import { ruled, whole } from './zod-problems.ts';

/** With something in place of variables, so that what is written around them can be judged. */
const sample = { device: 'device', project: 'project', now: 0, index: 0, random: () => 0, uuid: () => 'uuid' };

function checkPublished(form: (typeof payloadForms)[number], written: string): Problem[] {
  const { text, problems } = fillVariables(fillRun(written, 'run'), sample);
  const [wrong] = problems;
  if (wrong) return [problem('variable', { value: wrong.text }, 'text')];
  switch (form) {
    case 'text':
      return [];
    case 'json':
      return text.trim() === '' || isJson(text) ? [] : [problem('json', {}, 'text')];
    case 'hex':
      return 'problem' in hexBytes(text) ? [problem('bytes-hex', {}, 'text')] : [];
    case 'base64':
      return 'problem' in base64Bytes(text) ? [problem('bytes-base64', {}, 'text')] : [];
  }
}

/** What is expected has to be known beforehand: the time and random numbers are not. */
function checkExpected(written: string, place: string): Problem[] {
  const text = fillRun(written, 'run');
  const [wrong] = variablesIn(text).filter(({ name }) => name !== 'device' && name !== 'project');
  if (wrong) return [problem('check-variable', { value: wrong.text }, place)];
  const [odd] = fillVariables(text, sample).problems;
  return odd ? [problem('variable', { value: odd.text }, place)] : [];
}

function checkMatch(match: CheckMatch): Problem[] {
  const filled = (text: string) => fillVariables(fillRun(text, 'run'), sample).text;
  switch (match.kind) {
    case 'any':
    case 'same':
      return [];
    case 'text':
      return checkExpected(match.text, 'text');
    case 'contains':
      return match.text === '' ? [problem('missing', {}, 'text')] : checkExpected(match.text, 'text');
    case 'bytes':
      return 'problem' in hexBytes(match.text) ? [problem('bytes-hex', {}, 'text')] : [];
    case 'json': {
      const found = checkExpected(match.text, 'text');
      return found.length > 0 || isJson(filled(match.text)) ? found : [problem('json', {}, 'text')];
    }
    case 'path':
      return [
        ...(parseJsonPath(match.path) ? [] : [problem('json-path', { value: match.path }, 'path')]),
        ...(match.compare === 'exists' ? [] : checkExpected(match.value, 'value')),
      ];
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const template = ruled(z.string().max(65_535), checkTopicTemplate);
/** MQTT 5 §4.7.1: a message goes to one topic. */
const topicName = ruled(template, (topic) => (/[+#]/.test(topic) ? [problem('topic-wildcard', { value: topic })] : []));
const written = z.string().max(savedMaximum);

const match = ruled(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('any') }),
    z.strictObject({ kind: z.literal('same') }),
    z.strictObject({ kind: z.enum(['text', 'contains', 'bytes', 'json']), text: written }),
    z.strictObject({
      kind: z.literal('path'),
      path: z.string().max(1_000),
      compare: z.enum(checkComparisons),
      value: z.string().max(10_000),
    }),
  ]),
  (value) => checkMatch(value as CheckMatch),
);

/** The name of a check, as people call it; it becomes one of a test case. */
export const checkName = ruled(z.string(), (name) => {
  if (name.trim() === '') return [problem('missing', {})];
  if (name.length > checkLimits.name) return [problem('too-long', { maximum: checkLimits.name, length: name.length })];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/.test(name) || !name.isWellFormed() ? [problem('control-character', {})] : [];
});

/** A check as it may be stored. Problems name their places: `publish.topic`, `expect.match.text`. */
export const checkSchema = ruled(
  z.strictObject({
    name: checkName,
    enabled: z.boolean(),
    publish: ruled(
      z.strictObject({
        by: z.enum(checkParties),
        topic: topicName,
        form: z.enum(payloadForms),
        text: written,
        qos: z.literal([0, 1, 2]),
        retain: z.boolean(),
        answer: z.union([z.enum(['accepted', 'any']), whole(0, 255)]),
      }),
      ({ form, text, qos, answer }) => [
        ...checkPublished(form, text),
        ...(qos === 0 && typeof answer === 'number' ? [problem('check-code-qos', {}, 'answer')] : []),
      ],
    ),
    expect: z.strictObject({
      arrives: z.boolean(),
      at: z.enum(checkParties),
      topic: template,
      within: whole(checkLimits.within.minimum, checkLimits.within.maximum),
      match,
    }),
  }),
  // MQTT 5 §2.4: from 128 on it is refused
  ({ publish, expect }) =>
    expect.arrives && typeof publish.answer === 'number' && publish.answer >= 128 && publish.answer <= 255
      ? [problem('check-refused-arrives', {}, 'publish.answer')]
      : [],
);

// what is stored is what the model says
const _: z.ZodType<Check> = checkSchema;
void _;
