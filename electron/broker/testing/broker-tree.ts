import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A machine in a folder, for chroot(8): the broker with its libraries, the users it knows, and the configuration that its package
 * brings. A kit is installed in it with DESTDIR and then started exactly as exported, with the paths that it names. Needs root.
 * `binary` is the installed broker, another one, or a wrapper beside a folder `root` with everything that it needs.
 */
export async function makeBrokerTree(root: string, binary: string): Promise<void> {
  const own = join(dirname(binary), 'root');
  if (existsSync(join(own, 'usr/sbin/mosquitto'))) {
    await cp(join(own, 'usr'), join(root, 'usr'), { recursive: true, verbatimSymlinks: true });
    for (const name of ['lib', 'lib64']) if (existsSync(join(root, 'usr', name))) await symlink(`usr/${name}`, join(root, name));
  } else {
    await copyInto(root, binary, '/usr/sbin/mosquitto');
    const { stdout } = await run('ldd', [binary]);
    for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) await copyInto(root, library, library);
  }
  await mkdir(join(root, 'etc/mosquitto/conf.d'), { recursive: true });
  for (const name of ['passwd', 'group'] as const) {
    const lines = (await readFile(`/etc/${name}`, 'utf8')).split('\n');
    await writeFile(join(root, 'etc', name), `${lines.filter((line) => /^(root|mosquitto):/.test(line)).join('\n')}\n`);
  }
  await writeFile(join(root, 'etc/mosquitto/mosquitto.conf'), debianConf);
  await mkdir(join(root, 'run/mosquitto'), { recursive: true });
  await chmod(join(root, 'run/mosquitto'), 0o777);
  // where the image looks, and where its volumes lie
  await mkdir(join(root, 'mosquitto'));
  await symlink('../etc/mosquitto', join(root, 'mosquitto/config'));
  await symlink('../var/lib/mosquitto', join(root, 'mosquitto/data'));
  await symlink('../var/log/mosquitto', join(root, 'mosquitto/log'));
}

/** The file of Debian's package, without its comments. */
const debianConf = `pid_file /run/mosquitto/mosquitto.pid

persistence true
persistence_location /var/lib/mosquitto/

log_dest file /var/log/mosquitto/mosquitto.log

include_dir /etc/mosquitto/conf.d
`;

async function copyInto(root: string, file: string, place: string): Promise<void> {
  await mkdir(dirname(join(root, place)), { recursive: true });
  await copyFile(file, join(root, place));
}
