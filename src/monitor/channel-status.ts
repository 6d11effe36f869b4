import {oneLine} from './files.js';

export interface AccountSeen {
  connected: boolean;
  /** Its config has it on. */
  enabled: boolean;
  /** One short line for a person. */
  detail: string;
  /** epoch ms of this host at which it connected, where the gateway says so. */
  connectedAtMs?: number;
}

/**
 * Reads the channel status of a gateway for one account. `connected` alone is not enough: it was seen true for a
 * dead chat server while `lifecycle` said `recovering`. Anything that is not well-formed is not connected.
 */
export function readChannelStatus(text: string, channel: {type: string; account: string}): AccountSeen {
  const tree = parse(text);
  if (!tree) return {connected: false, enabled: false, detail: 'the gateway gave no channel status'};
  if (tree['gatewayReachable'] === false)
    return {connected: false, enabled: false, detail: 'the gateway cannot be reached'};
  const accounts = field(tree['channelAccounts'], channel.type);
  const account = Array.isArray(accounts)
    ? accounts.find((one) => field(one, 'accountId') === channel.account)
    : undefined;
  if (!account)
    return {
      connected: false,
      enabled: false,
      detail: `the gateway does not know ${channel.type} account ${channel.account}`,
    };
  const lifecycle = field(account, 'lifecycle');
  const running = field(account, 'running') === true;
  const settled = lifecycle === undefined || lifecycle === 'ready';
  // Some channels (those that poll) know no connection and say nothing about one.
  const linked = field(account, 'connected') ?? lifecycle === 'ready';
  const connected = running && linked === true && settled;
  const error = field(account, 'lastError');
  const enabled = field(account, 'enabled') !== false;
  const words = [
    !enabled ? 'disabled' : running ? 'running' : 'not running',
    typeof lifecycle === 'string' ? lifecycle : undefined,
    typeof error === 'string' && error ? error : undefined,
  ];
  const connectedAtMs = field(account, 'lastConnectedAt');
  return {
    connected,
    enabled,
    detail: oneLine(words.filter(Boolean).join(', ')),
    ...(connected && Number.isSafeInteger(connectedAtMs) && {connectedAtMs: connectedAtMs as number}),
  };
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
