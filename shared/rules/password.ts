import { type BrokerTarget, softwareOf } from '../model/broker.ts';
import type { KitSettings } from '../model/kit.ts';
import { passwordRange } from '../model/password.ts';
import { type Problem, problem } from '../problems.ts';
import { utf8Length } from './topic.ts';

/** Whether the broker asks for passwords; with `certificate` it never looks into a password file. */
export function usesPasswords(kit: Pick<KitSettings, 'identity'>): boolean {
  return kit.identity !== 'certificate';
}

/** Whether clients show a certificate. */
export function usesCertificates(kit: Pick<KitSettings, 'identity'>): boolean {
  return kit.identity !== 'password';
}

/** What of the kit says that somebody is revoked where passwords alone say who comes: the users. */
export function usersFile(target: BrokerTarget): string {
  return { mosquitto: 'passwd', rabbitmq: 'definitions.json', emqx: 'users.csv' }[softwareOf(target)];
}

/** What is wrong with a password that somebody typed. It has to fit every device's form and a line of an option file. */
export function checkPassword(password: string): Problem[] {
  const found: Problem[] = [];
  const length = utf8Length(password);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(password)) found.push(problem('control-character', {}));
  // who copies it by hand does not see them
  if (password !== password.trim()) found.push(problem('password-spaces', {}));
  if (length < passwordRange.minimum) found.push(problem('too-short', { minimum: passwordRange.minimum }));
  if (length > passwordRange.maximum) found.push(problem('too-long', { maximum: passwordRange.maximum, length }));
  return found;
}

/** No device id has an `@` (rules/device-id.ts), so a second name is nobody's first. */
const second = '@2';

/** The two user names of a device: while its password is changed the broker takes both, and the next change turns back. */
export function otherUserName(device: string, user: string): string {
  return user === device ? `${device}${second}` : device;
}

/** The device that a user name stands for. */
export function deviceOfUser(user: string): string {
  return user.endsWith(second) ? user.slice(0, -second.length) : user;
}
