import { type Problem, problem } from '../problems.ts';

const placeholders = ['{project}', '{device}'];
/** MQTT 5 §4.7.3. */
const topicMaximumBytes = 65_535;

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/**
 * Checks a topic filter, possibly a template with `{project}` and `{device}` (MQTT 5 §4.7.1, §4.7.3).
 */
export function checkTopicTemplate(topic: string): Problem[] {
  if (topic === '') return [problem('topic-empty', {})];
  const found: Problem[] = [];
  if (utf8Length(topic) > topicMaximumBytes) found.push(problem('topic-too-long', { maximum: topicMaximumBytes }));
  // control characters would end the line of the ACL file; MQTT 5 §1.5.4 lets receivers close the connection on them
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/.test(topic)) found.push(problem('topic-character', {}));
  // Mosquitto's parser strips spaces at the ends of an ACL line: the rule would be for another topic
  if (topic !== topic.trim()) found.push(problem('topic-spaces', { value: topic }));
  // %u and %c are replaced by Mosquitto in pattern lines; a literal one cannot be written
  if (/%[uc]/.test(topic)) found.push(problem('topic-percent', { value: topic }));
  for (const name of topic.match(/\{[^}]*\}?/g) ?? []) {
    if (!placeholders.includes(name)) found.push(problem('topic-placeholder', { value: topic, placeholder: name }));
  }
  const levels = topic.split('/');
  levels.forEach((level, index) => {
    if (level.includes('+') && level !== '+') found.push(problem('topic-plus', { value: topic }));
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1))
      found.push(problem('topic-hash', { value: topic }));
  });
  return found;
}

/** Replaces `{project}` and, where given, `{device}`. */
export function fillTopic(template: string, values: { readonly project: string; readonly device?: string | undefined }): string {
  const topic = template.replaceAll('{project}', values.project);
  return values.device === undefined ? topic : topic.replaceAll('{device}', values.device);
}

/** The filter that covers the topics of every device: `{project}/energy/{device}` → `lab/energy/+`. */
export function topicOfAllDevices(template: string, project: string): string {
  // a level that holds more than the placeholder cannot be matched more narrowly than by a whole level
  return fillTopic(template, { project })
    .split('/')
    .map((level) => (level.includes('{device}') ? '+' : level))
    .join('/');
}
