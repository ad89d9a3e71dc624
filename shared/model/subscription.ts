/** What a subscription asks for besides its QoS (MQTT 5 §3.8.3.1, §3.8.2.1.2). MQTT 3.1.1 knows none of it. */
export interface SubscriptionOptions {
  /** What this client publishes itself is not sent back to it. Not allowed for shared subscriptions. */
  readonly noLocal: boolean;
  /** Messages keep the retain flag that they were published with; otherwise only those of the subscribing have it. */
  readonly retainAsPublished: boolean;
  /** Retained messages are sent: 0 at each subscribe, 1 only for a new subscription, 2 never. */
  readonly retainHandling: 0 | 1 | 2;
  /** Comes back with each message of this subscription, 1 to 268,435,455; null = none. */
  readonly identifier: number | null;
}

export const plainSubscription: SubscriptionOptions = {
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
  identifier: null,
};

/** MQTT 5 §3.8.2.1.2. */
export const largestIdentifier = 268_435_455;

/** A shared subscription (MQTT 5 §4.8.2) gets the messages of the filter behind its group. */
export function filterOfShare(filter: string): string {
  return /^\$share\/[^/+#]+\/(.+)$/s.exec(filter)?.[1] ?? filter;
}
