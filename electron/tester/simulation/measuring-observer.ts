import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import { attemptConnection, speaksOnlyOlder } from '../attempt.ts';
import { certificateFacts } from '../certificate-facts.ts';
import type { SimulationOrder } from '../channel.ts';
import { explainFailure } from '../explain-failure.ts';
import type { MqttSession } from '../mqtt-session.ts';
import type { Timing } from '../timing.ts';
import { tlsContext } from '../tls-context.ts';

export interface ObserverOptions {
  readonly order: SimulationOrder;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onMessage: (topic: string, payload: string) => void;
  readonly onLost: (failure: ConnectionFailure) => void;
}

/** Connects the observer and listens to the readings. Gives its session with the version it speaks, or why there is none. */
export async function connectObserver(
  { identity, filters }: NonNullable<SimulationOrder['observer']>,
  { order, timing, signal, onMessage, onLost }: ObserverOptions,
): Promise<{ readonly session: MqttSession; readonly version: 4 | 5 } | { readonly failure: ConnectionFailure }> {
  const context = tlsContext(identity);
  const attempt = (protocolVersion: 4 | 5) =>
    attemptConnection({
      order: { connectionId: '', host: order.host, port: order.port, identity, reconnects: false },
      context,
      facts: { client: certificateFacts(identity.certificateChain), authority: certificateFacts(identity.ca) },
      protocolVersion,
      timing,
      onMessage: ({ topic, payload }) => onMessage(topic, payload.toString()),
      onLost: (signals) => onLost(explainFailure({ ...signals, now: Date.now() })),
      signal,
    });
  let version: 4 | 5 = 5;
  let tried = await attempt(version);
  if (!tried.session && speaksOnlyOlder(tried.signals) && !signal.aborted) {
    version = 4;
    tried = await attempt(version);
  }
  if (!tried.session) return { failure: explainFailure(tried.signals) };
  for (const filter of filters) await tried.session.subscribe(filter, 0).catch(() => undefined);
  return { session: tried.session, version };
}
