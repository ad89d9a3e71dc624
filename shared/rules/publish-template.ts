import type { PublishProperties } from '../model/publish-properties.ts';
import { type PublishTemplate, payloadMaximum } from '../model/publish-template.ts';
import { type FormProblem, hexBytes, payloadBytes } from './payload-form.ts';
import { fillVariables, hasVariables, type VariableProblem, type VariableValues } from './variables.ts';

/** A message as it goes out. */
export interface FilledMessage {
  readonly topic: string;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
}

/** What keeps a message from being sent, with the part of it that is concerned. */
export type TemplateProblem =
  | (VariableProblem & { readonly part: TemplatePart })
  | (FormProblem & { readonly part: 'payload' | 'correlation' })
  | { readonly kind: 'too-large'; readonly part: 'payload' };
export type TemplatePart = 'topic' | 'payload' | 'responseTopic' | 'correlation' | 'userProperties';

export interface Filled {
  readonly message: FilledMessage | null;
  readonly problems: readonly TemplateProblem[];
  /** The payload's text with its variables filled in. */
  readonly text: string;
}

/**
 * Fills in the variables of topic, payload, response topic, correlation data and the values of user properties, and makes
 * bytes of what was written. `utf8`: the platform's encoder. Without a problem there is a message.
 */
export function fillTemplate(
  template: PublishTemplate,
  values: VariableValues,
  utf8: (text: string) => Uint8Array<ArrayBuffer>,
): Filled {
  const problems: TemplateProblem[] = [];
  const fill = (text: string, part: TemplatePart) => {
    if (!template.variables) return text;
    const filled = fillVariables(text, values);
    for (const problem of filled.problems) problems.push({ ...problem, part });
    return filled.text;
  };
  const topic = fill(template.topic, 'topic');
  const text = fill(template.text, 'payload');
  const before = problems.length;
  const payload = payloadBytes(template.form, text, utf8);
  // a variable that is not filled in is told once, not as broken JSON as well
  if ('problem' in payload && before === 0) problems.push({ ...payload.problem, part: 'payload' });
  if ('bytes' in payload && payload.bytes.byteLength > payloadMaximum) problems.push({ kind: 'too-large', part: 'payload' });
  const { payloadFormat, messageExpiry, contentType, responseTopic, correlation, userProperties, topicAlias } =
    template.properties;
  const properties: { -readonly [K in keyof PublishProperties]: PublishProperties[K] } = {};
  if (payloadFormat !== undefined) properties.payloadFormat = payloadFormat;
  if (messageExpiry !== undefined) properties.messageExpiry = messageExpiry;
  if (contentType) properties.contentType = contentType;
  if (responseTopic) properties.responseTopic = fill(responseTopic, 'responseTopic');
  if (correlation && correlation.text !== '') {
    const written = fill(correlation.text, 'correlation');
    const made = correlation.form === 'hex' ? hexBytes(written) : { bytes: utf8(written) };
    if ('bytes' in made) properties.correlationData = made.bytes;
    else problems.push({ ...made.problem, part: 'correlation' });
  }
  if (userProperties?.length)
    properties.userProperties = userProperties.map(([name, value]) => [name, fill(value, 'userProperties')] as const);
  if (topicAlias !== undefined) properties.topicAlias = topicAlias;
  const some = Object.keys(properties).length > 0;
  const message =
    problems.length === 0 && 'bytes' in payload
      ? {
          topic,
          payload: payload.bytes,
          qos: template.qos,
          retain: template.retain,
          properties: some ? properties : undefined,
        }
      : null;
  return { message, problems, text };
}

/** Whether each message of it is another one. */
export function varies(template: PublishTemplate): boolean {
  const { responseTopic = '', correlation, userProperties = [] } = template.properties;
  const texts = [
    template.topic,
    template.text,
    responseTopic,
    correlation?.text ?? '',
    ...userProperties.map(([, value]) => value),
  ];
  return template.variables && texts.some(hasVariables);
}
