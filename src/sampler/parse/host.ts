import {isTree} from '../../channels/program/plain-object.js';
import {faultNames} from '../../drill/fault-names.js';
import {accountState} from '../../gateway/channels-status.js';
import {
  mostRecent,
  type AccountsTold,
  type AccountTold,
  type DrillTold,
  type GatewayTold,
  type MachineTold,
  type WorkspaceTold,
} from '../told.js';
import {amount, amountOrNull, at, commit, list, oneOf, text, textOrNull, type Json} from './fields.js';

const states = ['running', 'starting', 'stopping', 'stopped', 'failed', 'absent', 'unknown'] as const;

const mostChannels = 40;
const mostAccounts = 100;

/** Digits, with a fraction perhaps; nothing that only looks like a number to `Number`. */
function digits(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,16}(?:\.\d{1,9})?$/.test(word) ? amount(Number(word)) : undefined;
}

export function clockOf([ms]: readonly string[]): number | undefined {
  return digits(ms);
}

export function machineOf(words: readonly string[]): MachineTold | undefined {
  const [load, total, available, uptimeS, reboot] = words.map((word) => digits(word));
  if (load === undefined || total === undefined || available === undefined || uptimeS === undefined)
    return undefined;
  return {load, memoryBytes: {total, available}, uptimeS, rebootPending: reboot === 1};
}

export function diskOf(words: readonly string[]): {total: number; free: number} | undefined {
  const [total, free] = words.map((word) => digits(word));
  return total === undefined || free === undefined ? undefined : {total, free};
}

export function gatewayOf([name, result = '-', pid, up, restarts]: readonly string[]):
  GatewayTold | undefined {
  const state = states.find((each) => each === name);
  if (state === undefined) return undefined;
  return {
    state,
    result: /^[a-z][a-z-]{0,39}$/.test(result) ? result : '',
    pid: digits(pid) || null,
    upS: digits(up) ?? null,
    restarts: digits(restarts) ?? 0,
  };
}

export function workspaceOf(tree: Json): WorkspaceTold {
  return {
    head: commit(at(tree, 'head')) ?? null,
    commitMs: amountOrNull(at(tree, 'commitMs')),
    dirty: amountOrNull(at(tree, 'dirty')),
    syncMs: amountOrNull(at(tree, 'syncMs')),
    pushFailed: textOrNull(at(tree, 'pushFailed')),
    upstream: commit(at(tree, 'upstream')) ?? null,
    recent: list(at(tree, 'recent'), mostRecent, commit),
  };
}

export function accountsOf(tree: Json): AccountsTold | undefined {
  const known = at(tree, 'known');
  if (known === false) return {known, reason: text(at(tree, 'reason')) || 'no reason given'};
  const channels = at(tree, 'channelAccounts');
  if (known !== true || !isTree(channels)) return undefined;
  const accounts = Object.entries(channels)
    .slice(0, mostChannels)
    .flatMap(([channel, found]) => list(found, mostAccounts, (one) => accountOf(channel, one)));
  return {known, accounts: accounts.slice(0, mostAccounts), tookMs: amount(at(tree, 'tookMs')) ?? 0};
}

export function drillOf(tree: Json): DrillTold | undefined {
  const fault = oneOf(faultNames, at(tree, 'fault'));
  const id = text(at(tree, 'id'), 40);
  if (fault === undefined || !id) return undefined;
  return {id, fault, who: text(at(tree, 'who'), 60) ?? '', machine: text(at(tree, 'machine'), 60) ?? ''};
}

/** Judged here, by the same rules as everywhere, and not by what runs on the host. */
function accountOf(channel: string, one: unknown): AccountTold | undefined {
  const id = at(one, 'accountId');
  const name = text(channel, 40);
  const account = text(id, 60);
  if (typeof id !== 'string' || !name || !account) return undefined;
  const {state, why} = accountState(one);
  return {
    channel: name,
    account,
    state: state === 'absent' ? 'unknown' : state,
    why: textOrNull(why),
  };
}
