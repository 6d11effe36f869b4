import type {HostFacts} from '../../facts/types.js';
import {sharedAddresses} from '../../phases/network.js';
import type {PairFacts} from './question.js';

export interface SharedNetwork {
  primary: string;
  standby: string;
  /** Interface on the primary. */
  name: string;
}

/** The best network that both hosts are on, as the phases will find it; undefined when they share none. */
export function sharedNetwork({primary, standby}: PairFacts): SharedNetwork | undefined {
  const mine = sharedAddresses(primary, standby)[0];
  const theirs = sharedAddresses(standby, primary)[0];
  if (!mine || !theirs || mine.address === theirs.address) return undefined;
  return {primary: mine.address, standby: theirs.address, name: mine.name};
}

/** The primary's gateway listens, and only where the standby cannot reach it. */
export function loopbackOnly(primary: HostFacts): boolean {
  if (!primary.gateway.known) return false;
  const {listeners} = primary.gateway.value;
  return (
    listeners.length > 0 &&
    listeners.every(({address}) => /^(?:127\.|::1$|\[::1\]$|localhost$)/.test(address))
  );
}
