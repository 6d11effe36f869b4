// Faults of the network, as packet filters in a host's own network, in a table of their own.

import {createServer, type Server} from 'node:net';
import type {Fault} from '../fault.js';
import type {Side, Stage} from '../stage.js';
import {layout} from '../../../../src/templates/layout.js';

const table = 'inet labfault';

export async function filter({host}: Side, rules: readonly string[]): Promise<void> {
  const text = `table ${table} {}
delete table ${table}
table ${table} {
  chain input {
    type filter hook input priority -300
    ${on('input', rules)}
  }
  chain output {
    type filter hook output priority -300
    ${on('output', rules)}
  }
}`;
  const ran = await host.netns(['nft', '-f', '-'], {input: text});
  if (ran.code !== 0) throw new Error(`the filter on ${host.name}: ${ran.stderr}`);
}

/** `input ip saddr … drop` → the rule, for its chain. */
const on = (chain: string, rules: readonly string[]) =>
  rules
    .filter((rule) => rule.startsWith(`${chain} `))
    .map((rule) => rule.slice(chain.length + 1))
    .join('\n    ');

export async function unfilter({host}: Side): Promise<void> {
  await host.netns(['nft', 'delete', 'table', ...table.split(' ')]);
}

const filtered = (
  text: string,
  which: 'primary' | 'standby',
  rules: (stage: Stage) => readonly string[],
): Fault => ({
  text,
  inject: (stage) => filter(stage[which], rules(stage)),
  heal: (stage) => unfilter(stage[which]),
});

/** The private network between the two, and nothing else. */
export const cutBothWays = filtered('the private network between the two is cut', 'primary', ({standby}) => [
  `input ip saddr ${standby.address} drop`,
  `output ip daddr ${standby.address} drop`,
]);
export const cutToPrimary = filtered(
  "the standby's packets do not reach the primary over the private network",
  'standby',
  ({primary}) => [`output ip daddr ${primary.address} drop`],
);
export const cutReplies = filtered(
  "the primary's replies do not reach the standby over the private network",
  'primary',
  ({standby}) => [`output ip daddr ${standby.address} drop`],
);

/** A firewall that says no. */
export const rejects = filtered("a firewall on the primary rejects the gateway's port", 'primary', () => [
  `input tcp dport ${layout.gatewayPort} iifname != lo reject with tcp reset`,
]);

/** `percent` of all packets of the pair's private network are lost, in either direction. */
export const loss = (percent: number): Fault =>
  filtered(`${percent} % of the packets between the two are lost`, 'primary', ({standby}) => [
    `input ip saddr ${standby.address} numgen random mod 100 < ${percent} drop`,
    `output ip daddr ${standby.address} numgen random mod 100 < ${percent} drop`,
  ]);

/** A path with a smaller MTU than its ends believe, and nobody who says so. */
export const bigPacketsLost = filtered(
  'packets of more than 1200 bytes are lost between the two',
  'primary',
  ({standby}) => [
    `input ip saddr ${standby.address} meta length > 1200 drop`,
    `output ip daddr ${standby.address} meta length > 1200 drop`,
  ],
);

/** No path between the two, and none from the primary to anybody. */
export const primaryIsolated = filtered('the primary is cut off from everybody', 'primary', () => [
  'input iifname != lo drop',
  'output oifname != lo drop',
]);

/** Nobody reaches the standby, and it reaches nobody. */
export const standbyIsolated: Fault = {
  text: 'the standby loses its whole network',
  async inject({standby: {host}}) {
    await Promise.all([host.link('private', 'down'), host.link('public', 'down')]);
  },
  async heal({standby: {host}}) {
    await Promise.all([host.link('private', 'up'), host.link('public', 'up')]);
    // Taking a link down drops the routes that go over it.
    await host.netns(defaultRoute);
  },
};
const defaultRoute = ['ip', 'route', 'replace', 'default', 'via', '10.77.0.1'];

/** Its uplink is down; the private network to the primary is not. */
export const standbyOffline: Fault = {
  text: 'the standby loses the Internet, not the private network',
  inject: ({standby}) => standby.host.link('public', 'down'),
  async heal({standby: {host}}) {
    await host.link('public', 'up');
    await host.netns(defaultRoute);
  },
};

/** This machine beyond the router of the hosts (lib/network.sh). */
export const beyond = '10.78.0.1';
let listener: Server | undefined;
export const somebodyBeyond: Fault = {
  text: 'a server beyond the router',
  inject: () =>
    new Promise((resolve, reject) => {
      listener = createServer((socket) => socket.end());
      listener.once('error', reject).listen(9, beyond, resolve);
    }),
  async heal() {
    listener?.close();
  },
};
/** Router and neighbours of the standby answer all the while. */
export const providerFails = filtered(
  "the standby's provider fails, and its router does not",
  'standby',
  ({primary}) => [`output ip daddr { ${beyond}, ${primary.address}, ${primary.publicAddress} } drop`],
);

const hub = '10.77.0.2';
export const gitUnreachable = filtered('the Git server swallows every packet', 'standby', () => [
  `output ip daddr ${hub} tcp dport 22 drop`,
]);

export const namesUnresolved: Fault = {
  text: 'no name can be resolved on the standby',
  async inject({standby}) {
    await standby.inside.write('/etc/resolv.conf', 'nameserver 192.0.2.1\n');
  },
  async heal({standby, primary}) {
    await standby.inside.write('/etc/resolv.conf', (await primary.inside.read('/etc/resolv.conf')) ?? '');
  },
};
