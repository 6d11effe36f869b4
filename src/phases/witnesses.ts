import {isIP} from 'node:net';
import type {Outlook} from '../monitor/way-out.js';
import {gitHostOf, isSshRemote} from '../gateway/remote.js';
import type {Endpoint} from '../monitor/witness.js';
import type {Pair} from '../pair/schema.js';
import {monitorView} from './monitor-view.js';
import type {Finding, PlanInput} from './phase.js';
import {workspaceRemote} from './workspace.js';

/** As many as answer without crowding a round; the settings of the monitor take 8. */
const most = 6;

/** Where the accounts of a channel log in, for channels that are one service. */
const services: Readonly<Record<string, string>> = {
  discord: 'discord.com:443',
  slack: 'slack.com:443',
  telegram: 'api.telegram.org:443',
  whatsapp: 'web.whatsapp.com:443',
};

/**
 * Who shows the standby that it is online: the operator's word, else those whom this pair needs anyway. The channel's
 * server is the first: without it a takeover would be in vain. Whether they answer is found out by the monitor.
 */
export function witnessesOf(input: PlanInput): Endpoint[] {
  const {pair, primary, standby} = input;
  const given = pair.monitor.witnesses;
  if (given) return given.map((text) => endpoint(text)).filter((one) => one !== undefined);
  const found = [
    channelServer(pair),
    modelServer(pair),
    ...pushServers(pair),
    gitServer(input),
    mirror(pair),
  ];
  const own = new Set([...primary.addresses, ...standby.addresses].map(({address}) => address));
  const kept = new Map<string, Endpoint>();
  for (const one of found) {
    // Neither of the two shows a way to anybody else.
    if (!one || own.has(one.address) || /^(?:localhost$|127\.|::1$)/.test(one.address)) continue;
    kept.set(`${one.address} ${one.port}`, one);
  }
  return [...kept.values()].slice(0, most);
}

/** `host:port`, `[IPv6]:port`. */
function endpoint(text: string): Endpoint | undefined {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  return match ? place(match[1]!, Number(match[2])) : undefined;
}

function place(host: string, port: number): Endpoint | undefined {
  const address = host.replace(/^\[|\]$/g, '');
  const usable = isIP(address) !== 0 || /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(address);
  return usable && port >= 1 && port <= 65_535 ? {address, port} : undefined;
}

const ports: Readonly<Record<string, number>> = {
  'https:': 443,
  'http:': 80,
  'wss:': 443,
  'ws:': 80,
  'git:': 9418,
};

function ofUrl(text: unknown): Endpoint | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const {protocol, hostname, port} = new URL(text);
  return place(hostname, Number(port) || (ports[protocol] ?? 0));
}

function channelServer({channel}: Pair): Endpoint | undefined {
  const {host, port, tls, homeserver, baseUrl} = channel.settings;
  switch (channel.type) {
    case 'irc':
      return typeof host === 'string'
        ? place(host, Number(port) || (tls === false ? 6667 : 6697))
        : undefined;
    case 'matrix':
      return ofUrl(homeserver);
    case 'mattermost':
      return ofUrl(baseUrl);
    default:
      return endpoint(services[channel.type] ?? '');
  }
}

function modelServer({model}: Pair): Endpoint | undefined {
  const provider = model.providers[model.primary.split('/')[0] ?? ''];
  return ofUrl((provider as {baseUrl?: unknown} | undefined)?.baseUrl);
}

/** Of the targets of `notify` only a server of ntfy is no secret. */
const pushServers = ({notify}: Pair) =>
  notify.flatMap((target) => (target.kind === 'ntfy' ? [ofUrl(target.server)] : []));

function gitServer(input: PlanInput): Endpoint | undefined {
  const remote = workspaceRemote(input);
  if (remote === undefined) return undefined;
  if (!isSshRemote(remote)) return ofUrl(remote);
  const known = gitHostOf(remote) ?? '';
  return endpoint(/^\[.+\]:\d+$/.test(known) ? known.replace(/^\[(.+)\]:/, '$1:') : `${known}:22`);
}

const mirror = ({mirrors}: Pair) => ofUrl(mirrors.node);

/** What the monitor's newest try said, while the primary was well. */
export function wayOutFindings({standby}: PlanInput): Finding[] {
  const {monitorState} = standby;
  const outlook = monitorState.known ? monitorView(monitorState.value)?.outlook : undefined;
  return outlook ? wayOutFinding(outlook) : [];
}

/** Nothing where somebody beyond the router answers. */
export function wayOutFinding({result, detail}: Pick<Outlook, 'detail'> & {result: string}): Finding[] {
  const sentences: Readonly<Record<string, string>> = {
    'cut-off': `Nobody answers who shows the standby that it is online (${detail}), so it would never take over.`,
    'router-only': `Nobody beyond its router answers the standby (${detail}): it could not tell a provider that fails from a primary that is gone, and would take over from a primary that is well.`,
  };
  const sentence = sentences[result];
  if (sentence === undefined) return [];
  return [
    {
      id: 'way-out',
      host: 'standby',
      level: 'warning',
      sentence,
      fix: 'Name servers that it may reach under monitor.witnesses, e.g. ["example.org:443"], or open its way out to these.',
    },
  ];
}
