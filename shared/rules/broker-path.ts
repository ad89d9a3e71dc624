import { type Problem, problem } from '../problems.ts';

/**
 * Checks a folder on the broker's machine. It is written into mosquitto.conf, where everything up to the end of the
 * line is the path, and into shell lines, where it is quoted: no control characters, and no `#` that a reader of the
 * file would take for a comment.
 */
export function checkBrokerPath(path: string): Problem[] {
  if (path === '') return [problem('missing', {})];
  if (!path.startsWith('/')) return [problem('path-absolute', { value: path })];
  if (!/^\/[A-Za-z0-9._/ -]*$/.test(path) || path !== path.trim() || path.split('/').includes('..')) {
    return [problem('path-characters', { value: path })];
  }
  return [];
}
