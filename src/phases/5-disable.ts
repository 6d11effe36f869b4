import type {SplitConflict} from '../channels/types.js';
import type {HostFacts} from '../facts/types.js';
import type {Change} from '../plan/change.js';
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
  findings: lastAccount,
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
  yield {
    kind: 'config-patch',
    id: `primary:config-patch:${type}:${account}`,
    host: 'primary',
    patch,
    before,
    takesEffect: 'reload',
    gone: {channel: type, account},
    title: `${type} account "${account}" disabled on the primary (hot reload, no restart; backup kept)`,
    why: 'From now on only the standby may log it in.',
  };
}

/** Sets `enabled: false` where the account lives: in `accounts`, or at the top level for a lone default account. */
export function disablePatch(
  primary: HostFacts,
  channel: string,
  account: string,
): {patch: Record<string, unknown>; before: Record<string, unknown>} {
  const tree = primary.config.known ? primary.config.value?.tree : undefined;
  const channels = (tree?.channels ?? {}) as Record<
    string,
    {enabled?: unknown; accounts?: Record<string, {enabled?: unknown}>} | undefined
  >;
  const now = channels[channel];
  const inAccounts = now?.accounts !== undefined && Object.keys(now.accounts).length > 0;
  const place = (enabled: unknown) =>
    inAccounts
      ? {channels: {[channel]: {accounts: {[account]: {enabled}}}}}
      : {channels: {[channel]: {enabled}}};
  return {
    patch: place(false),
    before: place((inAccounts ? now.accounts?.[account]?.enabled : now?.enabled) ?? null),
  };
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
