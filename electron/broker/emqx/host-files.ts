import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { brokerPort, wantsPasswords } from '../mosquitto/config.ts';
import { portBehindProxy } from '../mosquitto/paths.ts';
import type { EmqxLimits } from './config.ts';
import { emqxPaths } from './paths.ts';

/** Last version under the Apache licence; later ones ask for a licence key on more than one node. */
export const emqxImage = 'emqx/emqx:5.8.6';

/** What the unit of EMQX's package lets it open, and at least what a container may. */
const unitLimit = 1_048_576;

function openFiles({ maxConnections }: Pick<EmqxLimits, 'maxConnections'>): number {
  return Math.max(unitLimit, 2 * maxConnections + 1_000);
}

/** docker-compose.yml (compose-spec.io): one port to the network; the cookie is in emqx.env, which install.sh makes. */
export function emqxCompose(settings: BrokerSettings, limits: EmqxLimits): string {
  const paths = emqxPaths(settings);
  const at = (inside: string) => `/opt/emqx/${inside}`;
  const file = (name: string) => `      - ${JSON.stringify(`./${name}:${at(`etc/${name}`)}:ro`)}`;
  const outside = settings.kit.connectionRate === null ? settings.port : `127.0.0.1:${portBehindProxy(settings.port)}`;
  return `# Written by Fieldkey. In this folder: docker compose up -d
name: emqx
services:
  emqx:
    image: ${emqxImage}
    container_name: emqx
    restart: unless-stopped
    env_file: emqx.env
    security_opt: ["no-new-privileges:true"]
    ports:
      - "${outside}:${brokerPort(settings)}"
    volumes:
${['emqx.conf', 'acl.conf', ...(wantsPasswords(settings.kit) ? ['users.csv'] : []), 'certs'].map(file).join('\n')}
      - ${JSON.stringify(`${paths.data}:${at('data')}`)}
      - ${JSON.stringify(`${paths.log}:${at('log')}`)}
    ulimits:
      nofile: ${openFiles(limits)}
`;
}

/** Lines for the unit of EMQX's package: its secret from a file that root alone reads, and what the fleet needs. */
export function systemdDropIn(settings: BrokerSettings, limits: EmqxLimits): string {
  const files = openFiles(limits) > unitLimit ? [`LimitNOFILE=${openFiles(limits)}`] : [];
  // EMQX is never root, not even while it opens its port
  const low = brokerPort(settings) < 1_024 ? ['AmbientCapabilities=CAP_NET_BIND_SERVICE'] : [];
  return `${['# Written by Fieldkey.', '[Service]', `EnvironmentFile=${emqxPaths(settings).env}`, ...files, ...low].join('\n')}\n`;
}
