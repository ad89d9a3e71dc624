import { softwareOf } from '../../shared/model/broker.ts';
import type { ExportFile } from '../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import { emqxKit } from '../broker/emqx/kit.ts';
import type { KitList, LeftOutList } from '../broker/host/kit-lists.ts';
import { mosquittoKit } from '../broker/mosquitto/kit.ts';
import { rabbitmqKit } from '../broker/rabbitmq/kit.ts';
import type { VaultSession } from '../vault/session.ts';
import { canaryAccount } from './canary-account.ts';

type MosquittoInput = Parameters<typeof mosquittoKit>[0];

/** What every kit is made from: Mosquitto's input, but everybody instead of those with a block of their own, and lists as DER. */
export interface KitInput extends Omit<MosquittoInput, 'members' | 'deviceCount' | 'tls'> {
  readonly everybody: readonly DeviceRequest[];
  readonly blocked: readonly string[];
  readonly tls: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string | null;
    readonly crls: readonly KitList[];
    readonly leftOut: readonly LeftOutList[];
    readonly outsideAbove: boolean;
  };
}

/** The files of `broker/` for the software of the project. @throws INPUT_INVALID for what it cannot express */
export function kitOfTarget(input: KitInput): ExportFile[] {
  const { everybody, blocked, tls, ...common } = input;
  const members = everybody.filter(({ role }) => role !== 'device');
  const deviceCount = everybody.filter(({ id }) => id !== canaryAccount.id).length;
  switch (softwareOf(input.settings.target)) {
    case 'rabbitmq':
      return rabbitmqKit({ ...common, members: everybody, tls });
    case 'emqx':
      return emqxKit({ ...common, members, deviceCount, blocked, tls });
    default:
      return mosquittoKit({ ...common, members, deviceCount, tls });
  }
}

/**
 * Identities whose certificates are all revoked or on hold, and the canary, which is made to be refused: what a broker that
 * cannot read revocation lists has to be told by name.
 */
export function blockedIds(session: VaultSession, projectId: number): string[] {
  const ids = session.database
    .prepare<[number], string>(
      `SELECT name FROM device WHERE project_id = ?
         AND EXISTS (SELECT 1 FROM certificate WHERE device_id = device.id)
         AND NOT EXISTS (SELECT 1 FROM certificate WHERE device_id = device.id AND status = 'valid')
       ORDER BY name_folded`,
    )
    .pluck()
    .all(projectId);
  return [...ids, 'canary'];
}
