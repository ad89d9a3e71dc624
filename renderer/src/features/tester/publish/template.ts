import type { AccessRule } from '../../../../../shared/model/access.ts';
import type { PublishTemplate } from '../../../../../shared/model/publish-template.ts';
import { namesDevice } from '../../../../../shared/rules/variables.ts';
import { type PaneIdentity, speakerOf } from '../panes.ts';
import { firstTopic } from '../topics.ts';

/** What stands in the form at first. */
export function firstTemplate(identity: PaneIdentity, project: string, access: readonly AccessRule[]): PublishTemplate {
  return {
    topic: firstTopic(identity, project, access),
    form: 'text',
    text: speakerOf(identity)?.kind === 'device' ? '{"power": 230.4}' : '',
    variables: true,
    qos: 1,
    retain: false,
    properties: {},
  };
}

/** Whether somebody has to say which device is meant. */
export function asksForDevice({ topic, text, variables, properties }: PublishTemplate): boolean {
  const { responseTopic = '', correlation, userProperties = [] } = properties;
  const texts = [topic, text, responseTopic, correlation?.text ?? '', ...userProperties.map(([, value]) => value)];
  return variables && texts.some(namesDevice);
}

/** How many properties are set; each user property counts. */
export function countProperties({ properties }: PublishTemplate): number {
  const { userProperties = [], ...others } = properties;
  return userProperties.length + Object.values(others).filter((value) => value !== undefined).length;
}
