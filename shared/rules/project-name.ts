import { type Problem, problem } from '../problems.ts';
import { checkDeviceId } from './device-id.ts';

/**
 * Checks a project's name: it is a folder on a stick and the first level of its topics, so the rule of device ids
 * applies (characters, Windows names, trailing dot).
 */
export function checkProjectName(name: string): Problem[] {
  return checkDeviceId(name)
    .filter((p) => p.rule !== 'device-id-reserved')
    .map((p) => (p.rule === 'missing' || p.rule === 'device-id-windows' ? p : problem('project-name', { value: name })))
    .slice(0, 1);
}
