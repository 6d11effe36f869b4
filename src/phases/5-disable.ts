import type {AccountFact, SplitConflict} from '../channels/types.js';
import type {HostFacts} from '../facts/types.js';
import type {Change} from '../plan/change.js';
import {quote} from '../ssh/quote.js';
import {approval, liveProof} from './proofs.js';
import type {Finding, Phase, PlanInput} from './phase.js';

/** A conflict that phase 5 is there to end: the primary still owns the account that the standby is to have. */
export function isHandedOver(
  {channel, primaryAccount}: SplitConflict,
  {pair}: Pick<PlanInput, 'pair'>,
): boolean {
  return channel === pair.channel.type && primaryAccount === pair.channel.account;
}

/** Conflicts that no phase ends; setup refuses to start with them. */
export function lastingConflicts(input: Pick<PlanInput, 'pair' | 'planned'>): SplitConflict[] {
  return input.planned.filter((conflict) => !isHandedOver(conflict, input));
}

export const disable: Phase = {
  id: 'disable',
  number: 5,
  title: 'Disable the channel on the primary',
  findings: (input) => [...lastAccount(input), ...givenUp(input)],
  *plan(input) {
    yield* disableOnPrimary(input);
    yield* approval(input);
    yield* liveProof(input);
  },
};

function* disableOnPrimary(input: PlanInput): Generator<Change> {
  const {pair, primary} = input;
  if (!input.planned.some((conflict) => isHandedOver(conflict, input))) return;
  const {type, account} = pair.channel;
  const {patch, before} = disablePatch(primary, type, account);
  const restart = reloadIsOff(primary);
  const how = restart ? 'restart: its reload mode is off' : 'hot reload, no restart';
  yield {
    kind: 'config-patch',
    id: `primary:config-patch:${type}:${account}`,
    host: 'primary',
    patch,
    before,
    takesEffect: restart ? 'restart' : 'reload',
    ...(restart && {disruptive: true}),
    gone: {channel: type, account},
    title: `${type} account "${account}" disabled on the primary (${how}; backup kept)`,
    why: 'From now on only the standby may log it in.',
  };
}

/** OpenClaw reads an edited config by itself unless `gateway.reload.mode` says `off` (its docs/gateway/index.md). */
export function reloadIsOff({config}: HostFacts): boolean {
  const gateway = config.known ? config.value?.tree.gateway : undefined;
  return (gateway as {reload?: {mode?: unknown}} | undefined)?.reload?.mode === 'off';
}

/** Sets `enabled: false` where the account lives: in `accounts`, or at the top level for a lone default account. */
export const disablePatch = (primary: HostFacts, channel: string, account: string): EnabledPatch =>
  enabledPatch(primary, channel, account, false);

/** The way back, where the account is the primary's again. */
export const enablePatch = (primary: HostFacts, channel: string, account: string): EnabledPatch =>
  enabledPatch(primary, channel, account, true);

interface EnabledPatch {
  patch: Record<string, unknown>;
  before: Record<string, unknown>;
}

function enabledPatch(primary: HostFacts, channel: string, account: string, wanted: boolean): EnabledPatch {
  const {now, inAccounts} = placeOf(primary, channel);
  const place = (enabled: unknown) =>
    inAccounts
      ? {channels: {[channel]: {accounts: {[account]: {enabled}}}}}
      : {channels: {[channel]: {enabled}}};
  return {
    patch: place(wanted),
    before: place((inAccounts ? now?.accounts?.[account]?.enabled : now?.enabled) ?? null),
  };
}

/** The primary has the account that was given to the standby, by the same name, and its config has it disabled. */
export function isDisabledOnPrimary({accounts}: HostFacts, {channel}: PlanInput['pair']): boolean {
  return (
    accounts.known &&
    accounts.accounts.some(
      (one) => one.channel === channel.type && one.account === channel.account && !one.enabled,
    )
  );
}

/** An account that the standby gives up does not come back on the primary by itself: somebody must say so. */
function givenUp({pair, primary, standby}: PlanInput): Finding[] {
  if (!standby.accounts.known || !primary.accounts.known) return [];
  const {accounts} = primary.accounts;
  return standby.accounts.accounts
    .filter(({channel, account}) => channel !== pair.channel.type || account !== pair.channel.account)
    .filter((one) => accounts.some((other) => !other.enabled && isSameAccount(one, other)))
    .map(({channel, account}) => ({
      id: `given-up:${channel}:${account}`,
      host: 'primary' as const,
      level: 'warning' as const,
      sentence: `${channel} ${account}, which the standby gives up, stays disabled on the primary.`,
      fix: `When setup has finished, to use it there again: ${quote(['openclaw', 'config', 'set', enabledPath(primary, channel, account), 'true'])}`,
    }));
}

/** One name on two servers may be two bots; where both say who they are, that decides. */
function isSameAccount(one: AccountFact, other: AccountFact): boolean {
  if (one.channel !== other.channel || one.account !== other.account) return false;
  return !one.identity || !other.identity || one.identity.fp === other.identity.fp;
}

function enabledPath(primary: HostFacts, channel: string, account: string): string {
  const {inAccounts} = placeOf(primary, channel);
  return `channels.${channel}.${inAccounts ? `accounts.${account}.` : ''}enabled`;
}

/** The channel's section of the primary's config, and whether its accounts stand in `accounts` there. */
function placeOf(
  primary: HostFacts,
  channel: string,
): {now?: {enabled?: unknown; accounts?: Record<string, {enabled?: unknown}>}; inAccounts: boolean} {
  const tree = primary.config.known ? primary.config.value?.tree : undefined;
  const now = ((tree?.channels ?? {}) as Record<string, ReturnType<typeof placeOf>['now']>)[channel];
  const inAccounts = now?.accounts !== undefined && Object.keys(now.accounts).length > 0;
  return {...(now && {now}), inAccounts};
}

/** The primary must keep something of its own. */
function lastAccount(input: PlanInput): Finding[] {
  const {primary} = input;
  if (!primary.accounts.known) return [];
  const enabled = primary.accounts.accounts.filter((account) => account.enabled);
  const given = enabled.filter(
    ({channel, account}) => channel === input.pair.channel.type && account === input.pair.channel.account,
  );
  if (
    given.length === 0 ||
    enabled.length > given.length ||
    !input.planned.some((conflict) => isHandedOver(conflict, input))
  )
    return [];
  return [
    {
      id: 'last-account',
      host: 'primary',
      level: 'blocks',
      sentence: `${input.pair.channel.type} ${input.pair.channel.account} is the only channel account of the primary, which would have none left.`,
      fix: 'Give the standby an account of its own: a second bot, or another channel.',
    },
  ];
}
