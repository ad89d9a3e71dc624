import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { commands, text, title } from '../host/plain-text.ts';
import { brokerPort, readsProxyLine, wantsPasswords } from './config.ts';
import { brokerOwner } from './paths.ts';

/** What the README says of users, firewall, proxy and log; empty where the project chose none of it. */

export function passwordParts(settings: BrokerSettings): string[] {
  const { kit } = settings;
  if (!wantsPasswords(kit)) return [];
  const who =
    kit.identity === 'password'
      ? 'Clients show user name and password over TLS, and no certificate.'
      : 'Clients show a certificate of the project, and user name and password besides: the certificate opens the door, the user name says who it is.';
  return [
    title('Users and passwords'),
    text(
      `${who} The name of each device is its user name. The file "passwd" holds all names with hashes of their passwords, as mosquitto_passwd writes them; the passwords themselves are in the folders of the devices. It is replaced as a whole: do not add to it by hand, the next export would not have it.`,
    ),
    text(
      'A device whose password is being changed has two lines, the second under its name with "@2" (in turns), and the file "acl" gives both the same rights: so the old password goes on until the device has the new one. Finish the change in Fieldkey, export, and do step 1 again: then the old one is refused, and whoever is still connected with it is put out. With the second name a device is another client for the broker: its session begins anew.',
    ),
  ];
}

/** Who shows whose certificate, and what that costs. */
export function sharedParts(
  { kit }: BrokerSettings,
  sharers: readonly { readonly device: { readonly id: string }; readonly holder: { readonly id: string } }[],
): string[] {
  if (sharers.length === 0 || kit.identity === 'password') return [];
  const holders = [...new Set(sharers.map(({ holder }) => holder.id))].sort();
  const named = (ids: readonly string[]) =>
    `${ids.slice(0, 20).join(', ')}${ids.length > 20 ? ` and ${ids.length - 20} more` : ''}`;
  const groups = holders.map(
    (holder) =>
      `${holder} also serves ${named(sharers.filter((each) => each.holder.id === holder).map(({ device }) => device.id))}`,
  );
  const cost =
    kit.identity === 'certificate'
      ? `For the broker they are one user, so ${kit.deviceIs === 'client' ? 'only their client ids tell them apart, and nothing proves those: they can pose as one another' : 'each of them may do what all of them may, and "acl" says so under that name: they can pose as one another'}. "use_username_as_clientid" is false, because otherwise each would put out the one before; each device therefore has to send its own name as client id, and whoever has any certificate of the project can send the name of another device and so put it out and take over its session. Certificates of their own, or passwords besides, end all of that.`
      : 'User name and password tell them apart, and each has its own rights. But the certificate no longer says which device it was that came.';
  return [
    title('SHARED CERTIFICATES'),
    text(`Several devices show one certificate: ${groups.join('; ')}. ${cost} Revoking it stops all of them at once.`),
  ];
}

/** What it means that the patterns of devices name the client id. */
export function clientIdParts({ kit }: BrokerSettings, ownIds: boolean): string[] {
  if (kit.deviceIs !== 'client') return [];
  return [
    title('Devices by client id'),
    text(
      `In the file "acl" the topics of devices carry the client id (%c). A client id is whatever a client sends, and proves nothing by itself. ${
        ownIds
          ? 'Because several devices share a certificate, nothing ties it to the user here: WHOEVER HAS ANY CERTIFICATE OF THE PROJECT can send the name of any device as its client id, and has the topics of that device then.'
          : 'With "use_username_as_clientid true" the broker makes the user name, which was proved, the client id: leave that line as it is. Without it, whoever is let in could send the name of any device as its client id and would have its topics.'
      }`,
    ),
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

/** `told`: the broker reads the devices' addresses from the proxy. */
export function proxyParts(settings: BrokerSettings, told = readsProxyLine(settings)): string[] {
  const { kit } = settings;
  if (kit.connectionRate === null) return [];
  const behind = brokerPort({ port: settings.port, kit: { ...kit, form: 'whole' } });
  const addresses = told
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

export function shippingParts(
  settings: BrokerSettings,
  { program, group } = { program: 'mosquitto', group: brokerOwner(settings.kit.form).group },
): string[] {
  const { kit } = settings;
  if (kit.shipping === 'none' || kit.form === 'fragments') return [];
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
      `install -m 0644 rsyslog.conf /etc/rsyslog.d/30-fieldkey-${program}.conf`,
      'rsyslogd -N1',
      'systemctl restart rsyslog',
    ]),
  ];
}
