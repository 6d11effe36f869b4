import type {Pair} from '../pair/schema.js';
import {channelSecretName} from '../pair/secret-names.js';
import {layout} from './layout.js';

type Tree = Record<string, unknown>;

/** Name of the standby gateway's own token in its env file; made on the host and never sent. */
export const gatewayTokenName = 'FAILOVER_GATEWAY_TOKEN';

/**
 * The standby's whole gateway config: one channel account, the models, no crons, loopback only. Secrets are
 * `${NAME}` references into the env file. `meta` keeps OpenClaw's auto-restore from thinking the file broken.
 */
export function standbyGatewayConfig(pair: Pair, openclawVersion: string): Tree {
  const {channel, model} = pair;
  return {
    meta: {lastTouchedVersion: openclawVersion},
    agents: {
      defaults: {model: {primary: model.primary, fallbacks: model.fallbacks}, workspace: layout.workspace},
      entries: {main: {}},
    },
    ...(Object.keys(model.providers).length > 0 && {models: {mode: 'merge', providers: model.providers}}),
    channels: {[channel.type]: channelTree(pair)},
    plugins: {entries: {[channel.type]: {enabled: true}}},
    cron: {enabled: false},
    gateway: {
      port: layout.gatewayPort,
      mode: 'local',
      bind: 'loopback',
      auth: {mode: 'token', token: `\${${gatewayTokenName}}`},
    },
  };
}

function channelTree({channel}: Pair): Tree {
  const account: Tree = {enabled: true, ...structuredClone(channel.settings)};
  for (const field of Object.keys(channel.secrets)) {
    setPath(account, field.split('.'), `\${${channelSecretName(channel.type, field)}}`);
  }
  return channel.account === 'default' ? account : {enabled: true, accounts: {[channel.account]: account}};
}

function setPath(tree: Tree, [head, ...rest]: string[], value: string): void {
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const child = tree[head];
  const inner: Tree = child && typeof child === 'object' && !Array.isArray(child) ? (child as Tree) : {};
  tree[head] = inner;
  setPath(inner, rest, value);
}
