import {spawn} from 'node:child_process';
import {oneLine} from './files.js';

export interface AccountSeen {
  connected: boolean;
  /** One short line for a person. */
  detail: string;
}

/**
 * Reads the channel status of a gateway for one account. `connected` alone is not enough: it was seen true for a
 * dead chat server while `lifecycle` said `recovering`. Anything that is not well-formed is not connected.
 */
export function readChannelStatus(text: string, channel: {type: string; account: string}): AccountSeen {
  const tree = parse(text);
  if (!tree) return {connected: false, detail: 'the gateway gave no channel status'};
  if (tree['gatewayReachable'] === false) return {connected: false, detail: 'the gateway cannot be reached'};
  const accounts = field(tree['channelAccounts'], channel.type);
  const account = Array.isArray(accounts)
    ? accounts.find((one) => field(one, 'accountId') === channel.account)
    : undefined;
  if (!account)
    return {connected: false, detail: `the gateway does not know ${channel.type} account ${channel.account}`};
  const lifecycle = field(account, 'lifecycle');
  const running = field(account, 'running') === true;
  const settled = lifecycle === undefined || lifecycle === 'ready';
  // Some channels (those that poll) know no connection and say nothing about one.
  const linked = field(account, 'connected') ?? lifecycle === 'ready';
  const connected = running && linked === true && settled;
  const error = field(account, 'lastError');
  const words = [
    field(account, 'enabled') === false ? 'disabled' : running ? 'running' : 'not running',
    typeof lifecycle === 'string' ? lifecycle : undefined,
    typeof error === 'string' && error ? error : undefined,
  ];
  return {connected, detail: oneLine(words.filter(Boolean).join(', '))};
}

/** The JSON object in the output; warnings may come before it. */
function parse(text: string): Record<string, unknown> | undefined {
  const start = text.search(/^\{/m);
  try {
    const tree: unknown = JSON.parse(start < 0 ? '' : text.slice(start));
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** ms; it takes 1.5 s, and twice that on one core. */
const askTimeoutMs = 20_000;
const mostBytes = 1 << 20;

/**
 * What the gateway here says of its channels, as text; empty when it says nothing in time. `gateway call` asks the
 * gateway and nothing else, while `channels status` may first wait a minute for the service manager.
 */
export function askChannels(entry: string): Promise<string> {
  return new Promise((resolve) => {
    // A group of its own: the program starts itself again, and all of it must end with the time-out.
    const child = spawn(process.execPath, [entry, 'gateway', 'call', 'channels.status', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let text = '';
    const end = () => child.pid !== undefined && killGroup(child.pid);
    const timer = setTimeout(() => {
      text = '';
      end();
    }, askTimeoutMs);
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.length > mostBytes) end();
    });
    child.once('error', () => resolve(''));
    child.once('close', () => {
      clearTimeout(timer);
      resolve(text.length > mostBytes ? '' : text);
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}
