import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { checkLists, noteLists } from '../host/kit-lists.ts';
import { quoted } from '../host/plain-text.ts';
import { confHeader, wantsCertificates, wantsPasswords } from './config.ts';
import { brokerOwner, brokerPaths, confName } from './paths.ts';

/** What install.sh does, as lines for people who do it by hand. As root, in the kit's folder. */

/**
 * Stops before anything is touched when this is another folder, or when a list was cut off on its way here. Not done with
 * openssl: the broker's package does not bring its command.
 */
export const crlCheck = "grep 'END X509 CRL' certs/crl.pem";

/** The lines that have to be looked at before anything is replaced. */
export function listsCheck(settings: BrokerSettings): string[] {
  return [crlCheck, checkLists(brokerPaths(settings).certs)];
}

/** Puts the files in their places. */
export function installByHand(settings: BrokerSettings, keyIsElsewhere: boolean): string[] {
  const { kit } = settings;
  const paths = brokerPaths(settings);
  const { user, group } = brokerOwner(kit.form);
  const put = (file: string, to: string, owner: string, mode: string) =>
    `install -o ${owner.replace(':', ' -g ')} -m ${mode} ${file} ${quoted(to)}`;
  const cert = (name: string) => put(`certs/${name}`, `${paths.certs}/${name}`, `root:${group}`, '0640');
  const conf = quoted(paths.conf);
  const kept = quoted(`${paths.conf}.before-fieldkey`);
  const clients = wantsCertificates(kit);
  return [
    ...(clients ? listsCheck(settings) : []),
    // owner and mode of a folder that is there are somebody else's decision
    `[ -d ${quoted(paths.directory)} ] || install -d -o root -g root -m 0755 ${quoted(paths.directory)}`,
    ...(kit.form === 'drop-in' ? [`install -d -o root -g root -m 0755 ${quoted(`${paths.directory}/conf.d`)}`] : []),
    `install -d -o root -g ${group} -m 0750 ${quoted(paths.certs)}`,
    ...(kit.form === 'fragments'
      ? []
      : [paths.data, paths.log].map((path) => `install -d -o ${user} -g ${group} -m 0750 ${quoted(path)}`)),
    ...(kit.form === 'whole'
      ? [`[ ! -e ${conf} ] || [ -e ${kept} ] || grep -q '^${confHeader}' ${conf} || cp -p ${conf} ${kept}`]
      : []),
    ...(kit.form === 'fragments' ? [] : [put(confName[kit.form], paths.conf, 'root:root', '0644')]),
    ...(kit.form === 'container'
      ? [put('docker-compose.yml', `${paths.directory}/docker-compose.yml`, 'root:root', '0644')]
      : []),
    // the broker gives up root before it reads key, certificate, revocation list and access list
    put('acl', paths.acl, `${user}:${group}`, '0600'),
    ...(wantsPasswords(kit) ? [put('passwd', paths.passwords, `${user}:${group}`, '0600')] : []),
    ...(clients ? [cert('ca.crt')] : []),
    cert('server.crt'),
    ...(keyIsElsewhere ? [] : [cert('server.key')]),
    ...(clients ? listByHand(settings) : []),
  ];
}

/** Replaced in one move: a broker that reloads in between never sees half a list. */
export function listByHand(settings: BrokerSettings): string[] {
  const { certs } = brokerPaths(settings);
  const { group } = brokerOwner(settings.kit.form);
  return [
    `install -o root -g ${group} -m 0640 certs/crl.pem ${quoted(`${certs}/crl.pem.new`)}`,
    `mv -f ${quoted(`${certs}/crl.pem.new`)} ${quoted(`${certs}/crl.pem`)}`,
    noteLists(certs),
  ];
}

const dropIns = '/etc/systemd/system/mosquitto.service.d';

/** The files beside the broker, and its start. */
export function startByHand(settings: BrokerSettings, hasUnit: boolean): string[] {
  if (settings.kit.form === 'container') return [...rotationByHand(settings), restartCommand(settings)];
  return [
    ...(hasUnit
      ? [`install -d -m 0755 ${dropIns}`, `install -m 0644 systemd.conf ${dropIns}/fieldkey.conf`, 'systemctl daemon-reload']
      : []),
    ...rotationByHand(settings),
    restartCommand(settings),
  ];
}

function rotationByHand(settings: BrokerSettings): string[] {
  const kept = quoted(`${brokerPaths(settings).directory}/logrotate.before-fieldkey`);
  const place = '/etc/logrotate.d/mosquitto';
  return [
    `[ ! -e ${place} ] || [ -e ${kept} ] || grep -q '^${confHeader}' ${place} || cp -p ${place} ${kept}`,
    `install -m 0644 logrotate.conf ${place}`,
  ];
}

export function restartCommand(settings: BrokerSettings): string {
  if (settings.kit.form !== 'container') return 'systemctl restart mosquitto';
  const file = quoted(`${brokerPaths(settings).directory}/docker-compose.yml`);
  return `docker compose -f ${file} up -d && docker compose -f ${file} restart mosquitto`;
}

/** How one sees that it runs. */
export function lookByHand(settings: BrokerSettings): string[] {
  const runs = settings.kit.form === 'container' ? "docker ps --filter 'name=^mosquitto$'" : 'systemctl is-active mosquitto';
  return [runs, `ss -ltn 'sport = :${settings.port}'`, `tail -n 20 ${quoted(brokerPaths(settings).logFile)}`];
}
