import type {AccountFact, Split} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import type {SetupEvent, SetupSummary} from '../../plan/events.js';
import {clean} from '../clip.js';
import {privateAddress} from '../found.js';

/** A channel account for the outside: no fingerprints, not even keyed ones. */
export function publicAccount({channel, account, enabled, identity, unknown}: AccountFact) {
  return {
    channel,
    account,
    enabled,
    identity: identity?.label ?? null,
    ...(unknown === undefined ? {} : {unknown}),
  };
}

/** The split for the outside. */
export function publicSplit(split: Split) {
  switch (split.state) {
    case 'unknown':
      return {state: split.state, reasons: split.reasons};
    case 'conflict':
      return {
        state: split.state,
        conflicts: split.conflicts,
        primary: split.primary.map(publicAccount),
        standby: split.standby.map(publicAccount),
      };
    case 'disjoint':
      return {
        state: split.state,
        primary: split.primary.map(publicAccount),
        standby: split.standby.map(publicAccount),
      };
  }
}

/** What was found on a host, in the few fields that are promised to stay. Bytes, s and ms as the names say. */
export function publicFacts(facts: HostFacts) {
  const {hostname, os, cpus, load, memory, disks, uptimeS, clockOffsetMs, openclaw, gateway} = facts;
  const disk = disks['/'];
  return {
    hostname,
    os: os.prettyName,
    address: privateAddress(facts) ?? null,
    cpus,
    load,
    memoryBytes: {total: memory.totalBytes, available: memory.availableBytes},
    diskBytes: disk === undefined ? null : {total: disk.totalBytes, free: disk.freeBytes},
    uptimeS,
    clockOffsetMs,
    openclaw: openclaw.known ? (openclaw.value?.version ?? null) : {unknown: openclaw.reason},
    gateway: gateway.known
      ? {
          form: gateway.value.form,
          active: gateway.value.active,
          unit: gateway.value.unit ?? null,
          upS: gateway.value.upS ?? null,
        }
      : {unknown: gateway.reason},
  };
}

function publicSummary({split, ...rest}: SetupSummary) {
  return {...rest, split: publicSplit(split)};
}

/** An event as one JSON line shows it: `type` first, facts and splits trimmed, remote text without control characters. */
export function publicEvent(event: SetupEvent): Record<string, unknown> {
  switch (event.type) {
    case 'facts':
      return {type: event.type, host: event.host, facts: publicFacts(event.facts)};
    case 'split':
      return {...event, split: publicSplit(event.split)};
    case 'output':
      return {...event, line: clean(event.line)};
    case 'done':
      return {type: event.type, summary: publicSummary(event.summary)};
    default:
      return {...event};
  }
}
