import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { commands, quoted, text, title } from '../host/plain-text.ts';
import { restartCommand } from './by-hand.ts';
import { brokerPort, readsProxyLine, wantsPasswords } from './config.ts';
import { brokerOwner, brokerPaths } from './paths.ts';

/** What the README says of users, firewall, proxy and log; empty where the project chose none of it. */

export function passwordParts(settings: BrokerSettings): string[] {
  const { kit } = settings;
  if (!wantsPasswords(kit)) return [];
  const { passwords } = brokerPaths(settings);
  const { user, group } = brokerOwner(kit.form);
  return [
    title('Users and passwords'),
    text(
      `${kit.identity === 'password' ? 'Clients show user name and password over TLS, and no certificate.' : 'Clients show a certificate of the project, and user name and password besides: the certificate opens the door, the user name says who it is.'} The name of each device is its user name. The file is empty at first, and the broker refuses everybody. This line adds a user or changes its password, which it asks for; the others give the file back to the broker and make it read it.`,
    ),
    commands([
      `mosquitto_passwd ${quoted(passwords)} meter-001`,
      `chown ${user}:${group} ${quoted(passwords)}`,
      `chmod 0600 ${quoted(passwords)}`,
      restartCommand(settings),
    ]),
  ];
}

export function firewallParts(settings: BrokerSettings): string[] {
  const { kit, port } = settings;
  const container = kit.form === 'container';
  const ufwNote =
    ' Ports that Docker publishes pass by ufw: only the rules of nftables or iptables in the folder "firewall" keep others out.';
  if (kit.networks.length === 0)
    return [
      title('Firewall'),
      text(
        `Port to open, for the network of your devices only (write your own network instead of 192.168.100.0/24; once networks are entered in Fieldkey, this folder has the rules):`,
      ),
      commands([`nft add rule inet filter input ip saddr 192.168.100.0/24 tcp dport ${port} accept`]),
      ...(container
        ? [text(ufwNote.trim())]
        : [text('or, where ufw is used:'), commands([`ufw allow proto tcp from 192.168.100.0/24 to any port ${port}`])]),
    ];
  return [
    title('Firewall'),
    text(
      `The folder "firewall" has rules that let ${kit.networks.join(', ')} reach port ${port}, and nobody else. Use one of them, as root, whichever the machine has; try it first where you can still get at the machine.${container ? ufwNote : ''} The first is for nftables, and stays over a restart when it is included in /etc/nftables.conf:`,
    ),
    commands(['nft -c -f firewall/nftables.nft', 'nft -f firewall/nftables.nft']),
    ...(container ? [] : [text('or, where ufw is used:'), commands(['sh firewall/ufw.sh', 'ufw status'])]),
    text('or for iptables, for IPv4 and IPv6:'),
    commands(['sh firewall/iptables.sh']),
  ];
}

export function proxyParts(settings: BrokerSettings): string[] {
  const { kit } = settings;
  if (kit.connectionRate === null) return [];
  const behind = brokerPort({ port: settings.port, kit: { ...kit, form: 'whole' } });
  const addresses = readsProxyLine(settings)
    ? 'It tells the broker the address of each device, so the log has the true ones.'
    : 'The broker takes the proxy for the client: its log has 127.0.0.1, and the addresses are in the log of HAProxy.';
  const all = [
    title('A limit for each address'),
    text(
      kit.form === 'fragments'
        ? `A limit of ${kit.connectionRate} new connections from one address in ten seconds was chosen. It belongs into the proxy before the broker; the listener is then one of port ${behind} on 127.0.0.1.`
        : `HAProxy takes the connections on port ${settings.port} and passes them on, TLS untouched, to the broker on port ${behind} of this machine. Who opens more than ${kit.connectionRate} connections in ten seconds is refused for a while. ${addresses} Devices behind one router share an address. As root:`,
    ),
  ];
  if (kit.form === 'fragments') return all;
  return [
    ...all,
    commands(['haproxy -c -f haproxy.cfg', 'install -m 0644 haproxy.cfg /etc/haproxy/haproxy.cfg', 'systemctl restart haproxy']),
  ];
}

export function shippingParts(settings: BrokerSettings): string[] {
  const { kit } = settings;
  if (kit.shipping === 'none' || kit.form === 'fragments') return [];
  const group = brokerOwner(kit.form).group;
  if (kit.shipping === 'loki')
    return [
      title('Logs to Loki'),
      text(
        `promtail.yaml makes Promtail read the broker's log and send it to ${kit.shippingTarget}. Promtail has to be in the group ${group} to read it. As root:`,
      ),
      commands(['install -m 0644 promtail.yaml /etc/promtail/config.yml', 'systemctl restart promtail']),
    ];
  return [
    title('Logs to another machine'),
    text(
      `rsyslog.conf makes rsyslog read the broker's log and send it to ${kit.shippingTarget} over TCP, unencrypted. As root; the second line has to end without an error:`,
    ),
    commands([
      'install -m 0644 rsyslog.conf /etc/rsyslog.d/30-fieldkey-mosquitto.conf',
      'rsyslogd -N1',
      'systemctl restart rsyslog',
    ]),
  ];
}
