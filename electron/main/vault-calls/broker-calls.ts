import { reviewBrokerRequest, signBrokerRequest } from '../../jobs/broker-request.ts';
import { makeBrokerRequest, reviewBrokerAnswer, takeBrokerAnswer } from '../../jobs/outside-answer.ts';
import { makeBrokerOwn } from '../../jobs/renew.ts';
import { plainFinding, type VaultAnswers } from './answers.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type BrokerCallName =
  | 'broker.request'
  | 'broker.reviewAnswer'
  | 'broker.takeAnswer'
  | 'broker.reviewRequest'
  | 'broker.signRequest'
  | 'broker.own';

/** Who makes the broker's key, and who issues its certificate. */
export function brokerCalls({ session, changed }: VaultContext): VaultAnswers<BrokerCallName> {
  const changing = async <T>(projectId: number, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } finally {
      changed(projectId);
    }
  };
  return {
    'broker.request': ({ projectId, newKey }) => changing(projectId, () => makeBrokerRequest(session(), projectId, { newKey })),
    'broker.reviewAnswer': ({ projectId, files, asGiven }) => {
      const { refusal, chain, missing } = reviewBrokerAnswer(session(), projectId, files, { asGiven });
      return {
        refusal,
        chain: chain.map(({ findings, ...link }) => ({ ...link, findings: findings.map(plainFinding) })),
        missing: [...missing],
      };
    },
    'broker.takeAnswer': ({ projectId, files, asGiven }) =>
      changing(projectId, () => takeBrokerAnswer(session(), projectId, files, { asGiven })),
    'broker.reviewRequest': ({ projectId, file }) => {
      const { extensions, findings, names, ...review } = reviewBrokerRequest(session(), projectId, file.bytes);
      return { ...review, extensions: [...extensions], findings: findings.map(plainFinding), names: [...names] };
    },
    'broker.signRequest': ({ projectId, key, ...request }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, (handed) => signBrokerRequest(session(), projectId, { ...request, handed })),
      ),
    'broker.own': ({ projectId, key }) =>
      changing(projectId, () =>
        withBroughtKey(session(), projectId, key, (handed) => makeBrokerOwn(session(), projectId, handed)),
      ),
  };
}
