import type {HostName} from '../ssh/host.js';
import {conflictsBetween, hiddenReason, nameOf, pulledConflicts} from './conflicts.js';
import type {AccountFact, Accounts, Split} from './types.js';

export {plannedAccount, plannedConflicts} from './planned.js';

/**
 * Whether any channel account or credential is on both nodes. Only enabled accounts count: one that is switched
 * off on a node is not owned there. Every enabled account of one node is compared with every one of the other,
 * whatever channel and name it has, by identity and by each credential. What cannot be compared is not disjoint.
 * @param pulled secrets that the standby pulls: name → fingerprint; no credential of the primary may be among them
 */
export function checkSplit(
  primary: Accounts,
  standby: Accounts,
  pulled: Readonly<Record<string, string>> = {},
): Split {
  const conflicts = [
    ...conflictsBetween(enabled(primary), enabled(standby)),
    ...pulledConflicts(enabled(primary), pulled),
  ];
  if (conflicts.length > 0) {
    return {state: 'conflict', conflicts, primary: listed(primary), standby: listed(standby)};
  }
  const reasons = [...reasonsOf('primary', primary), ...reasonsOf('standby', standby)];
  if (reasons.length > 0) return {state: 'unknown', reasons};
  return {state: 'disjoint', primary: listed(primary), standby: listed(standby)};
}

function reasonsOf(host: HostName, accounts: Accounts): {host: HostName; reason: string}[] {
  if (!accounts.known) return [{host, reason: accounts.reason}];
  return enabled(accounts).flatMap((account) => {
    const reason = hiddenReason(account);
    return reason === undefined ? [] : [{host, reason: `${nameOf(account)}: ${reason}`}];
  });
}

function enabled(accounts: Accounts): AccountFact[] {
  return accounts.known ? accounts.accounts.filter((account) => account.enabled) : [];
}

function listed(accounts: Accounts): AccountFact[] {
  return accounts.known ? accounts.accounts : [];
}
