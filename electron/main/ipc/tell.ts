import type { WebContents } from 'electron';
import { type EventName, eventChannel } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';

/** Tells the page that something happened. */
export function tell<N extends EventName>(page: WebContents, name: N, payload: EventPayload<N>): void {
  if (!page.isDestroyed()) page.send(eventChannel, name, payload);
}
