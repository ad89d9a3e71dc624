import { brokerAwaits } from '../authority/broker-origin.ts';
import type { VaultSession } from '../vault/session.ts';
import { type KitHashes, kitHashes } from './kit-difference.ts';
import { brokerKit, contextOf } from './project-files.ts';

/**
 * The broker's kit as it would be exported now; without a file as long as the broker waits for its certificate.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE
 */
export function kitNow(session: VaultSession, projectId: number): KitHashes {
  return brokerAwaits(session, projectId) ? {} : kitHashes(brokerKit(session, contextOf(session, projectId)).files);
}
