import { type BrokerTarget, softwareOf } from '../../../shared/model/broker.ts';

/** A path for the shell of the broker; the rules of paths leave only spaces to be quoted. */
function quoted(path: string): string {
  return path.includes(' ') ? `'${path}'` : path;
}

/** The three lines that bring a new list into service, as the kit's README has them. `directory` is the broker's settings folder. */
export function crlCommands(directory: string) {
  const certs = `${directory.replace(/\/+$/, '')}/certs`;
  const target = `${certs}/crl.pem`;
  return {
    check: `grep 'END X509 CRL' certs/crl.pem && sh lists.sh check ${quoted(certs)}`,
    replace: `install -o root -g mosquitto -m 0640 certs/crl.pem ${quoted(`${target}.new`)} && mv -f ${quoted(`${target}.new`)} ${quoted(target)} && sh lists.sh note ${quoted(certs)}`,
    restart: 'systemctl restart mosquitto && systemctl is-active mosquitto',
  };
}

/** What of the kit says that a certificate is revoked: a list, a folder of lists, or the access rules. */
export function revocationFile(target: BrokerTarget): string {
  return { mosquitto: 'certs/crl.pem', rabbitmq: 'crls/', emqx: 'acl.conf' }[softwareOf(target)];
}

/** The kit's own installer: RabbitMQ and EMQX need more than a file in its place. */
export const installCommand = 'sh install.sh';
