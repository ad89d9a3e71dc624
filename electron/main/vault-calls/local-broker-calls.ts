import type { PracticeAttempt } from '../../../shared/model/local-broker.ts';
import { noteBrokerClosed } from '../../authority/broker-identity.ts';
import { projectById } from '../../authority/lookup.ts';
import type { MeterOrder, StartBroker } from '../../broker/practice/channel.ts';
import { type BrokerMarks, brokerMarks, openBroker, openMeters } from '../../jobs/practice.ts';
import { type OpenedAttempt, openAttempt } from '../../jobs/practice-attempts.ts';
import type { VaultSession } from '../../vault/session.ts';

interface InProject {
  readonly projectId: number;
}
interface AtPlace extends InProject {
  readonly host: string;
  readonly port: number;
}

/** What main asks for a broker on this computer; keys go to that broker's process and are wiped on the way, never to the page. */
export interface LocalBrokerCalls {
  readonly 'localBroker.open': (input: AtPlace) => { order: StartBroker; marks: BrokerMarks; project: string };
  readonly 'localBroker.marks': (input: InProject) => BrokerMarks;
  readonly 'localBroker.meters': (input: AtPlace & { deviceIds?: readonly number[] | undefined }) => MeterOrder[];
  readonly 'localBroker.attempt': (input: AtPlace & { kind: PracticeAttempt }) => Promise<OpenedAttempt>;
  /** `endedAt`: ms since 1970 UTC. */
  readonly 'localBroker.closed': (input: AtPlace & { endedAt: number }) => void;
}

export function localBrokerCalls(session: () => VaultSession): LocalBrokerCalls {
  return {
    'localBroker.open': ({ projectId, host, port }) => ({
      // before anything is opened and noted
      marks: brokerMarks(session(), projectId),
      project: projectById(session(), projectId).name,
      order: openBroker(session(), projectId, { host, port }),
    }),
    'localBroker.marks': ({ projectId }) => brokerMarks(session(), projectId),
    'localBroker.meters': ({ projectId, host, port, deviceIds }) =>
      openMeters(session(), projectId, { host, port }, { interval: readingEvery, deviceIds }),
    'localBroker.attempt': ({ projectId, host, port, kind }) => openAttempt(session(), projectId, kind, { host, port }),
    'localBroker.closed': ({ projectId, host, port, endedAt }) => noteBrokerClosed(session(), projectId, { host, port }, endedAt),
  };
}

/** Seconds between two readings of a practice meter: often enough to see that it lives, slow enough to read. */
const readingEvery = 2;
