/** Properties of a PUBLISH (MQTT 5 §3.3.2.3). What is absent was not sent; an object without any is never made. */
export interface PublishProperties {
  /** 0: bytes. 1: UTF-8 text. */
  readonly payloadFormat?: 0 | 1 | undefined;
  /** Seconds. */
  readonly messageExpiry?: number | undefined;
  readonly contentType?: string | undefined;
  readonly responseTopic?: string | undefined;
  readonly correlationData?: Uint8Array | undefined;
  /** In the order of the packet; a name may stand there several times. */
  readonly userProperties?: readonly UserProperty[] | undefined;
  /** As it was sent: between this end and the broker only. */
  readonly topicAlias?: number | undefined;
  /** Of received messages: the subscriptions that they match, as the broker told. */
  readonly subscriptionIdentifiers?: readonly number[] | undefined;
}

export type UserProperty = readonly [name: string, value: string];
