import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firewallFiles } from './firewall.ts';

const run = promisify(execFile);

/**
 * A network of its own with a neighbour that has two addresses; $1 loads the rules of a kit before, $2 those of now, twice; prints who
 * gets in where. ufw has its files to itself.
 */
const scene = `
set -e
mount -t tmpfs tmpfs /run
if [ -d /etc/ufw ]; then
  cp -a /etc/ufw /run/ufw-rules
  cp -a /etc/default/ufw /run/ufw-default
  mount --bind /run/ufw-rules /etc/ufw
  mount --bind /run/ufw-default /etc/default/ufw
fi
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
sh -c "$1" > /dev/null
sh -c "$2" > /dev/null
sh -c "$2" > /dev/null
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

const before = ['10.9.9.9/32', 'fd00:2::/64'];
const now = ['192.168.100.0/24', 'fd00:1::/64'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-firewall-'));
  for (const [when, networks] of Object.entries({ before, now }))
    for (const container of [false, true]) {
      const place = join(folder, when, container ? 'container' : 'machine');
      await mkdir(place, { recursive: true });
      for (const { name, text } of firewallFiles({ project: 'lab', port: 8883, networks, container }))
        await writeFile(join(place, name), text);
    }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.runIf(possible)('the rules of a kit, met by packets', () => {
  const hasUfw = existsSync('/usr/sbin/ufw') && existsSync('/etc/ufw');
  if (!hasUfw) console.warn('ufw is not installed: ufw.sh is judged by the commands that it gives');

  it.each([
    ['nftables', 'nft -f machine/nftables.nft'],
    ['nftables, for ports that Docker publishes', 'nft -f container/nftables.nft'],
    ['iptables', 'sh machine/iptables.sh'],
    // ufw closes every other port by itself
    ...(hasUfw ? [['ufw', 'ufw --force enable && ufw allow 9999/tcp && ufw allow 8883/tcp && sh machine/ufw.sh']] : []),
  ])('%s: the named network gets in, others only elsewhere, whatever was named before', async (_, load = '') => {
    const env = { ...process.env, NODE: process.execPath, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
    const loads = ['before', 'now'].map((when) => `cd ${when} && ${load}`);
    const { stdout } = await run('unshare', ['-n', '-m', 'sh', '-c', scene, 'sh', ...loads], { cwd: folder, env });
    expect(stdout.trim().split('\n').slice(-3)).toEqual([
      '192.168.100.5 8883 open',
      '10.9.9.9 8883 closed',
      '10.9.9.9 9999 open',
    ]);
  });
});

/** Keeps its rules in a file as ufw does: as they are written, each once, with a mark behind it. */
const recorder = `#!/bin/sh
set -e
rules=$(dirname "$0")/rules
touch "$rules"
[ "$1" != --force ] || shift
plain() { printf '%s' "$*" | sed 's/ comment .*//'; }
case "$1" in
  show) sed "s/ comment \\(.*\\)/ comment '\\1'/; s/^/ufw /" "$rules" ;;
  delete) shift; awk -v rule="$(plain "$*")" '{ line = $0; sub(/ comment .*/, "", line) } line != rule' "$rules" > "$rules.new"; mv "$rules.new" "$rules" ;;
  prepend) shift; if ! sed 's/ comment .*//' "$rules" | grep -qxF "$(plain "$*")"; then { echo "$*"; cat "$rules"; } > "$rules.new"; mv "$rules.new" "$rules"; fi ;;
  *) if ! sed 's/ comment .*//' "$rules" | grep -qxF "$(plain "$*")"; then echo "$*" >> "$rules"; fi ;;
esac
`;

it('ufw.sh leaves the networks of now before the refusal of everybody else, and the rules of others', async () => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'ufw'), recorder, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  const everybody = 'deny proto tcp from any to any port 8883';
  // somebody else's, and what an earlier version wrote
  await writeFile(join(bin, 'rules'), `allow 22/tcp\nallow proto tcp from any to any port 8883\n${everybody}\n`);
  for (const when of ['before', 'now', 'now']) await run('sh', [join(folder, when, 'machine/ufw.sh')], { env });
  expect((await readFile(join(bin, 'rules'), 'utf8')).trim().split('\n')).toEqual([
    'allow proto tcp from fd00:1::/64 to any port 8883 comment fieldkey-mqtt',
    'allow proto tcp from 192.168.100.0/24 to any port 8883 comment fieldkey-mqtt',
    `${everybody} comment fieldkey-mqtt`,
    'allow 22/tcp',
  ]);
});
