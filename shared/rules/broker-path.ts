import { type Problem, problem } from '../problems.ts';

/**
 * Folders that belong to the whole system. The kit's README gives each folder it names to the broker (owner, mode
 * 0750): said of /var/log, that would take the logs away from everything else on the machine.
 */
const shared = [
  /^\/[^/]*$/,
  /^\/(usr|bin|sbin|lib|lib64|boot|dev|proc|sys|run|root|etc|tmp)(\/(bin|sbin|lib|lib64|local|share|libexec|systemd|ssl|ssh))?(\/(bin|sbin|lib|share|system|etc))?$/,
  /^\/(home|mnt|media)\/[^/]+$/,
  /^\/var\/(log|lib|run|spool|cache|tmp|mail|backups|local|opt|www)$/,
];

/** A path without doubled slashes, `.` parts and a slash at the end. */
export function plainPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

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
  const plain = plainPath(path);
  return shared.some((pattern) => pattern.test(plain)) ? [problem('path-shared', { value: plain })] : [];
}

/** The three folders must not lie in one another: each gets an owner and a mode of its own. */
export function checkBrokerFolders(folders: {
  readonly directory: string;
  readonly data: string;
  readonly log: string;
}): Problem[] {
  const entries = Object.entries(folders).map(([name, path]) => ({ name, path: plainPath(path) }));
  return entries.flatMap(({ name, path }) =>
    entries
      .filter((other) => other.name !== name && (path === other.path || path.startsWith(`${other.path}/`)))
      // of two equal ones, the later is told
      .filter(
        (other) =>
          path !== other.path || entries.findIndex((e) => e.name === name) > entries.findIndex((e) => e.name === other.name),
      )
      .map((other) => problem('path-inside', { value: path, other: `broker.${other.name}` }, `broker.${name}`)),
  );
}
