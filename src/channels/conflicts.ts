import type {AccountFact, SplitConflict} from './types.js';

/** Conflicts of each account of the one list with each of the other; at most one for a pair of accounts. */
export function conflictsBetween(
  primary: readonly AccountFact[],
  standby: readonly AccountFact[],
): SplitConflict[] {
  return primary.flatMap((mine) => standby.flatMap((theirs) => conflictOf(mine, theirs) ?? []));
}

function conflictOf(mine: AccountFact, theirs: AccountFact): SplitConflict | undefined {
  const base = {channel: mine.channel, primaryAccount: mine.account, standbyAccount: theirs.account};
  if (mine.identity && mine.identity.fp === theirs.identity?.fp) {
    const sentence =
      mine.account === theirs.account
        ? `${nameOf(mine)} is enabled on both nodes.`
        : `${nameOf(mine)} of the primary and ${nameOf(theirs)} of the standby are the same login.`;
    return {...base, because: 'identity', sentence};
  }
  const shared = sharedCredentials(mine, theirs);
  if (shared.length === 0) return undefined;
  const sentence = `${nameOf(mine)} of the primary and ${nameOf(theirs)} of the standby use the same credential (${shared.join(', ')}).`;
  return {...base, because: 'credential', sentence};
}

function sharedCredentials(mine: AccountFact, theirs: AccountFact): string[] {
  return mine.credentials.flatMap(({field, fp}) =>
    fp === undefined
      ? []
      : theirs.credentials
          .filter((other) => other.fp === fp)
          .map((other) =>
            other.field === field ? field : `${field} on the primary, ${other.field} on the standby`,
          ),
  );
}

/** Credentials of the primary that are among the secrets which the standby pulls, under whatever name. */
export function pulledConflicts(
  primary: readonly AccountFact[],
  pulled: Readonly<Record<string, string>>,
): SplitConflict[] {
  return primary.flatMap((mine) =>
    mine.credentials.flatMap(({field, fp}) =>
      Object.entries(pulled)
        .filter(([, value]) => value === fp)
        .map(([name]): SplitConflict => ({
          channel: mine.channel,
          primaryAccount: mine.account,
          standbyAccount: `pulled as ${name}`,
          because: 'credential',
          sentence: `${nameOf(mine)} of the primary has the credential (${field}) that the standby pulls as ${name}.`,
        })),
    ),
  );
}

/** Why an account cannot be compared in full; undefined when it can. */
export function hiddenReason({unknown, credentials, identity}: AccountFact): string | undefined {
  if (unknown !== undefined) return unknown;
  const hidden = credentials.find(({fp}) => fp === undefined);
  if (hidden) return `${hidden.field} cannot be compared: ${hidden.unresolved ?? 'its value is not known'}`;
  return identity || credentials.length > 0 ? undefined : 'nothing says who it logs in as';
}

/** `irc account "backup" (clawbak@irc.example.org:6667)` */
export function nameOf({channel, account, identity}: AccountFact): string {
  return `${channel} account "${account}"${identity ? ` (${identity.label})` : ''}`;
}
