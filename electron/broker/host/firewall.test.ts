import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firewallFiles } from './firewall.ts';

const run = promisify(execFile);

/** A network of its own with a neighbour that has two addresses; $1 loads the rules, twice; prints who gets in where. */
const scene = `
set -e
mount -t tmpfs tmpfs /run
ip link add v0 type veth peer name v1
ip netns add peer
ip link set v1 netns peer
ip addr add 192.168.100.1/24 dev v0
ip link set v0 up
ip netns exec peer ip addr add 192.168.100.5/24 dev v1
ip netns exec peer ip addr add 10.9.9.9/32 dev v1
ip netns exec peer ip link set v1 up
ip route add 10.9.9.9/32 dev v0
"$NODE" -e 'for (const port of [8883, 9999]) require("net").createServer((s) => s.end()).listen(port)' &
served=$!
trap 'kill $served' EXIT
until ss -Hltn 'sport = :9999' | grep -q .; do sleep 0.05; done
reach() {
  ip netns exec peer "$NODE" -e '
    const [localAddress, port] = process.argv.slice(1);
    const socket = require("net").connect({ host: "192.168.100.1", port, localAddress });
    const say = (how) => { console.log(localAddress, port, how); process.exit(); };
    socket.on("connect", () => say("open")).on("error", () => say("closed"));
    setTimeout(() => say("closed"), 1500);
  ' "$1" "$2"
}
sh -c "$1"
sh -c "$1"
reach 192.168.100.5 8883
reach 10.9.9.9 8883
reach 10.9.9.9 9999
`;

const possible = await run('unshare', [
  '-n',
  '-m',
  'sh',
  '-c',
  'ip link add v0 type veth peer name v1 && nft list tables && ss -Hltn',
]).then(
  () => true,
  () => false,
);
if (!possible) console.warn('this machine gives no network of its own: firewall rules are not tried on packets here');

describe.runIf(possible)('the rules of a kit, met by packets', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldkey-firewall-'));
    for (const container of [false, true])
      for (const { name, text } of firewallFiles({
        project: 'lab',
        port: 8883,
        networks: ['192.168.100.0/24', 'fd00:1::/64'],
        container,
      }))
        await writeFile(join(folder, `${container}-${name}`), text);
    // iptables.sh looks for its rules beside it
    for (const name of ['iptables.rules', 'ip6tables.rules', 'iptables.sh'])
      await run('cp', [join(folder, `false-${name}`), join(folder, name)]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['nftables', 'nft -f false-nftables.nft'],
    ['nftables, for ports that Docker publishes', 'nft -f true-nftables.nft'],
    ['iptables', 'sh iptables.sh'],
  ])('%s: the named network gets in, others only elsewhere, also when loaded again', async (_, load) => {
    const env = { ...process.env, NODE: process.execPath, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
    const { stdout } = await run('unshare', ['-n', '-m', 'sh', '-c', scene, 'sh', load], { cwd: folder, env });
    expect(stdout.trim().split('\n').slice(-3)).toEqual([
      '192.168.100.5 8883 open',
      '10.9.9.9 8883 closed',
      '10.9.9.9 9999 open',
    ]);
  });
});
