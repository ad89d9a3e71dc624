import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeTestAuthority, type TestAuthority } from '../../broker/testing/certificates.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../../broker/testing/mosquitto.ts';

const run = promisify(execFile);

export interface AnyBroker {
  readonly authority: TestAuthority;
  /** `mqtts`: TLS, nobody has to show anything; `mutual`: a client certificate; `login`: TLS and a password (pump, secret). */
  readonly ports: Readonly<Record<'mqtt' | 'mqtts' | 'mutual' | 'login' | 'ws' | 'wss', number>>;
  readonly broker: RunningMosquitto;
  close(): Promise<void>;
}

export const brokerLogin = { username: 'pump', password: 'well water 7' } as const;

/** One Mosquitto with a listener of each kind, as it may run anywhere: nothing of it was made by this program. */
export async function startAnyBroker(folder: string): Promise<AnyBroker> {
  await mkdir(folder, { recursive: true });
  // the user mosquitto has to get in
  for (const part of [folder, join(folder, '..')]) await chmod(part, 0o755);
  const authority = await makeTestAuthority(join(folder, 'authority'));
  const server = await authority.issue('server', 'serverAuth');
  const home = join(folder, 'home');
  await mkdir(home);
  await chmod(home, 0o777);
  const file = async (name: string, text: string) => {
    await writeFile(join(home, name), text, { mode: 0o644 });
    return join(home, name);
  };
  const passwords = await file('passwords', '');
  await run('mosquitto_passwd', ['-b', passwords, brokerLogin.username, brokerLogin.password]);
  await chmod(passwords, 0o644);
  const tls = [
    `cafile ${await file('ca.crt', authority.ca)}`,
    `certfile ${await file('server.crt', server.certificate)}`,
    `keyfile ${await file('server.key', server.key)}`,
  ];
  const kinds = {
    mqtt: ['allow_anonymous true'],
    mqtts: [...tls, 'allow_anonymous true'],
    mutual: [...tls, 'require_certificate true', 'use_identity_as_username true'],
    login: [...tls, 'allow_anonymous false', `password_file ${passwords}`],
    ws: ['protocol websockets', 'allow_anonymous true'],
    wss: [...tls, 'protocol websockets', 'allow_anonymous true'],
  };
  const ports: Record<string, number> = {};
  const lines = ['per_listener_settings true', `log_dest file ${join(home, 'log')}`, 'log_type all'];
  for (const [name, settings] of Object.entries(kinds)) {
    const port = await freePort();
    ports[name] = port;
    lines.push(`listener ${port} 127.0.0.1`, ...settings);
  }
  const broker = await startMosquitto(await file('mosquitto.conf', `${lines.join('\n')}\n`));
  return { authority, ports: ports as AnyBroker['ports'], broker, close: () => broker.stop() };
}
