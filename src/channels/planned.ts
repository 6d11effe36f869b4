import type {Pair} from '../pair/schema.js';
import {channelSecretName} from '../pair/secret-names.js';
import type {Secret} from '../secret.js';
import {accountsOf} from './program/accounts.js';
import {noFiles} from './program/files.js';
import {setAt, type Tree} from './program/plain-object.js';
import {conflictsBetween, hiddenReason, nameOf} from './conflicts.js';
import type {AccountFact, Accounts, SplitConflict} from './types.js';

/**
 * The account that the operator plans for the standby, as its config would give it, under the key of a reading.
 * The same code reads it as reads the hosts' configs, so that the fingerprints can be compared.
 * @param secrets values by their name in the standby's env file (`FAILOVER_IRC_PASSWORD`); one that the pair names
 *   and that is not among them becomes an unresolved credential
 */
export function plannedAccount(
  channel: Pair['channel'],
  secrets: Readonly<Record<string, Secret>>,
  key: string,
): AccountFact {
  const {type, account} = channel;
  const tree: Tree = {...(structuredClone(channel.settings) as Tree), enabled: true};
  const env: Record<string, string> = {};
  for (const field of Object.keys(channel.secrets)) {
    const name = channelSecretName(type, field);
    const value = secrets[name]?.reveal();
    if (value !== undefined) env[name] = value;
    setAt(tree, field, `\${${name}}`);
  }
  const config = {channels: {[type]: {accounts: {[account]: tree}}}};
  const {accounts} = accountsOf({config, env, files: noFiles, home: '/', stateDir: '/'}, key);
  const found = accounts.find((each) => each.account === account);
  if (found && (found.identity || found.credentials.length > 0)) return {...found, enabled: true};
  return {
    channel: type,
    account,
    enabled: true,
    credentials: [],
    unknown: 'it is linked on the standby by hand',
  };
}

/**
 * What the primary still owns of the account planned for the standby: the usual start of a setup, which phase 5
 * ends. Secrets that were not given in this run are taken from what the standby has already.
 * @returns no conflict when it is free, or when the primary's accounts are not known (`checkSplit` says that)
 */
export function plannedConflicts(
  primary: Accounts,
  standby: Accounts,
  channel: Pair['channel'],
  secrets: Readonly<Record<string, Secret>>,
  key: string,
): SplitConflict[] {
  if (!primary.known) return [];
  const owned = primary.accounts.filter((account) => account.enabled);
  const planned = completed(plannedAccount(channel, secrets, key), standby);
  const found = conflictsBetween(owned, [planned]).map((conflict) => ({
    ...conflict,
    sentence: ownsStill(conflict),
  }));
  return [...found, ...sameName(owned, planned, found)];
}

function ownsStill({channel, primaryAccount, standbyAccount, because, sentence}: SplitConflict): string {
  // The same login under two names, or the same secret for two logins: both are named.
  if (because === 'credential' || primaryAccount !== standbyAccount)
    return sentence.replace(/ of the standby (?=use |are )/, ' planned for the standby ');
  return `the primary still owns ${channel} account "${primaryAccount}", which is planned for the standby.`;
}

/** Fingerprints of the standby's own account stand in for what was not given again. */
function completed(planned: AccountFact, standby: Accounts): AccountFact {
  const same = (account: AccountFact) =>
    account.channel === planned.channel && account.account === planned.account;
  const there = standby.known ? standby.accounts.find(same) : undefined;
  if (!there || hiddenReason(planned) === undefined) return planned;
  const credentials = planned.credentials.map((credential) =>
    credential.fp === undefined
      ? (there.credentials.find(({field}) => field === credential.field) ?? credential)
      : credential,
  );
  const {unknown: _unknown, ...rest} = planned;
  return {
    ...rest,
    ...(planned.identity === undefined && there.identity && {identity: there.identity}),
    credentials: credentials.length > 0 ? credentials : there.credentials,
  };
}

/** An account whose login nobody can tell yet, under the name that the primary uses for one: not disjoint. */
function sameName(
  owned: readonly AccountFact[],
  planned: AccountFact,
  found: readonly SplitConflict[],
): SplitConflict[] {
  const twin = owned.find(({channel, account}) => channel === planned.channel && account === planned.account);
  if (
    !twin ||
    found.some(({primaryAccount, channel}) => primaryAccount === twin.account && channel === twin.channel)
  )
    return [];
  const telling = planned.identity !== undefined && twin.identity !== undefined;
  if (telling || (hiddenReason(planned) === undefined && hiddenReason(twin) === undefined)) return [];
  const sentence = `${nameOf(twin)} is enabled on the primary, and nothing tells it from the one planned for the standby.`;
  return [
    {
      channel: twin.channel,
      primaryAccount: twin.account,
      standbyAccount: planned.account,
      because: 'identity',
      sentence,
    },
  ];
}
