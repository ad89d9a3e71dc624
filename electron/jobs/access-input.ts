import { FieldkeyError } from '../../shared/errors.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import { accessDialects, type CompiledAccess } from '../../shared/rules/access-dialect.ts';
import type { AclInput } from '../../shared/rules/access-mosquitto.ts';
import { usesPasswords } from '../../shared/rules/password.ts';
import { passwordUsers } from '../authority/credentials.ts';
import { accessOf, brokerOf, exceptionsOf, observerName, projectById } from '../authority/lookup.ts';
import { ownClientIds } from '../broker/mosquitto/config.ts';
import { kitAliases } from '../broker/mosquitto/kit.ts';
import type { VaultSession } from '../vault/session.ts';
import { canaryMembers } from './canary-account.ts';
import { blockedIds } from './kit-of-target.ts';
import { membersOf, sharersIn } from './project-files.ts';

/** A project's access rules with everyone whom they name. @throws PROJECT_NOT_FOUND */
export function accessInput(session: VaultSession, projectId: number): AclInput {
  const { name } = projectById(session, projectId);
  const kit = brokerOf(session, projectId)?.parsed.kit;
  const sharers = sharersIn(session, projectId);
  return {
    project: name,
    access: accessOf(session, projectId),
    exceptions: exceptionsOf(session, projectId),
    members: everybodyIn(session, projectId).filter(({ role }) => role !== 'device'),
    observer: observerName(session, projectId),
    aliases: kit
      ? kitAliases(kit, {
          users: usesPasswords(kit) ? passwordUsers(session, projectId) : undefined,
          sharers,
        })
      : undefined,
    deviceIs: kit?.deviceIs,
    ownClientIds: kit && ownClientIds(kit, sharers),
  };
}

function everybodyIn(session: VaultSession, projectId: number): DeviceRequest[] {
  const devices = membersOf(session, projectId).map(({ name, role }) => ({ id: name, role }));
  return [...devices, ...canaryMembers(session, projectId)];
}

/** What the broker of this project decides by, as the kit has it now. @throws PROJECT_NOT_FOUND */
export function compiledAccess(session: VaultSession, projectId: number): CompiledAccess {
  const broker = brokerOf(session, projectId);
  if (!broker) throw new FieldkeyError('INTERNAL', { detail: `project ${projectId} has no broker` });
  return accessDialects[broker.parsed.target]({
    ...accessInput(session, projectId),
    everybody: () => everybodyIn(session, projectId),
    blocked: () => blockedIds(session, projectId),
  });
}
