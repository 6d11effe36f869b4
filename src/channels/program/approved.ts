import type {AccountFact} from '../types.js';

/** `approved-split.json`: what the standby's gateway may log in, fingerprints keyed by a key of that host. */
export interface ApprovedSplit {
  version: 1;
  accounts: {
    channel: string;
    account: string;
    identity?: {fp: string; label: string};
    /** Fingerprints of its credentials, sorted. */
    credentials: string[];
  }[];
}

/**
 * The enabled accounts as an approval.
 * @throws Error when one of them cannot be compared: what nobody can recognise cannot be approved
 */
export function approvalOf(accounts: readonly AccountFact[]): ApprovedSplit {
  const enabled = accounts.filter((account) => account.enabled);
  for (const account of enabled) {
    const reason = unknownReason(account);
    if (reason) throw new Error(`${nameOf(account)} cannot be approved: ${reason}.`);
  }
  return {
    version: 1,
    accounts: enabled.map(({channel, account, identity, credentials}) => ({
      channel,
      account,
      ...(identity && {identity}),
      credentials: credentials.flatMap(({fp}) => (fp ? [fp] : [])).toSorted(),
    })),
  };
}

/** Why the gateway must not start: one sentence that names the account; undefined when it may. */
export function refusal(accounts: readonly AccountFact[], approved: ApprovedSplit): string | undefined {
  for (const account of accounts.filter(({enabled}) => enabled)) {
    const reason = unknownReason(account);
    if (reason) return `${nameOf(account)} cannot be compared with the approved split: ${reason}.`;
    const allowed = approved.accounts.filter(({channel}) => channel === account.channel);
    const same = allowed.find(({identity}) => identity?.fp === account.identity?.fp);
    if (!same) return `${nameOf(account)} is not in the approved split of this standby.`;
    const foreign = account.credentials.find(({fp}) => fp !== undefined && !same.credentials.includes(fp));
    if (foreign)
      return `${nameOf(account)} has a ${foreign.field} that is not in the approved split of this standby.`;
  }
  return undefined;
}

/** Why a gateway that is to sleep must not start: it would log somebody in. */
export function awake(accounts: readonly AccountFact[]): string | undefined {
  const account = accounts.find(({enabled}) => enabled);
  return account && `${nameOf(account)} is enabled, and the standby is asleep.`;
}

/** @throws Error when the text is not an approval this program wrote */
export function parseApproval(text: string): ApprovedSplit {
  const value = JSON.parse(text) as ApprovedSplit;
  const ok =
    value !== null &&
    typeof value === 'object' &&
    value.version === 1 &&
    Array.isArray(value.accounts) &&
    value.accounts.every((entry) => typeof entry?.channel === 'string' && Array.isArray(entry.credentials));
  if (!ok) throw new Error('it has another format');
  return value;
}

function unknownReason({unknown, credentials, identity}: AccountFact): string | undefined {
  if (unknown) return unknown;
  const hidden = credentials.find(({unresolved}) => unresolved !== undefined);
  if (hidden) return `${hidden.field}: ${hidden.unresolved}`;
  return identity ? undefined : 'nothing says who it logs in as';
}

function nameOf({channel, account, identity}: AccountFact): string {
  return `The ${channel} account "${account}"${identity ? ` (${identity.label})` : ''}`;
}
