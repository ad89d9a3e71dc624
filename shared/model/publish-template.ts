/** How a payload is written: what stands in the field becomes bytes in one of these ways. */
export const payloadForms = ['text', 'json', 'hex', 'base64'] as const;
export type PayloadForm = (typeof payloadForms)[number];

/** Properties as they are written; texts may hold variables where `publish-template.ts` says so. */
export interface PropertyTemplate {
  readonly payloadFormat?: 0 | 1 | undefined;
  /** Seconds. */
  readonly messageExpiry?: number | undefined;
  readonly contentType?: string | undefined;
  readonly responseTopic?: string | undefined;
  readonly correlation?: { readonly form: 'text' | 'hex'; readonly text: string } | undefined;
  readonly userProperties?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly topicAlias?: number | undefined;
}

/** A message before its variables are filled in. */
export interface PublishTemplate {
  readonly topic: string;
  readonly form: PayloadForm;
  readonly text: string;
  /** False: `{{…}}` is sent as it stands there. */
  readonly variables: boolean;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: PropertyTemplate;
}

/** One that a project keeps. */
export interface SavedPayload {
  readonly payloadId: number;
  readonly name: string;
  readonly template: PublishTemplate;
}

/** Bytes of a payload at most, however it is written. */
export const payloadMaximum = 1_048_576;
/** Characters of a payload that a project keeps at most. */
export const savedMaximum = 262_144;
