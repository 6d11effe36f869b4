import type {Split} from '../../../channels/types.js';
import type {AccountTold} from '../../../sampler/told.js';
import type {HostName} from '../../../ssh/host.js';
import {clean} from '../../clip.js';
import {duration} from '../../format.js';
import {splitSentences} from '../../split-words.js';
import type {HostState} from './host-state.js';
import type {TimelineEntry} from './sample.js';
import type {HostInput, WatchState} from './state.js';

type Entry = Omit<TimelineEntry, 'key'>;

interface Noticed {
  entries: Entry[];
  /** How the primary's accounts were seen, where that has changed. */
  accountsSeen?: HostState['accountsSeen'];
}

/** ms for which a gateway that has just started is not reproached with accounts that are not connected yet. */
const startMs = 60_000;

/**
 * What a person would want to be told of the step from `before` to `after`, beyond the monitor's own events; nothing
 * about what is seen for the first time.
 */
export function noticed(before: WatchState, after: WatchState, input: HostInput, nowMs: number): Noticed {
  const {host} = input;
  const [one, other] = [before.hosts[host], after.hosts[host]];
  if (input.on !== 'told')
    return {entries: [...link(host, one, other, nowMs), ...split(before, after, nowMs)]};
  const back = link(host, one, other, nowMs);
  switch (input.told.kind) {
    case 'machine':
      return {entries: [...back, ...reboot(host, one, other, nowMs)]};
    case 'gateway':
      return {entries: [...back, ...(host === 'primary' ? gateway(one, other, nowMs) : [])]};
    case 'accounts':
      return host === 'primary' ? accounts(other, back, nowMs) : {entries: back};
    case 'monitor':
      return {entries: [...back, ...monitorUnit(one, other, nowMs)]};
    default:
      return {entries: back};
  }
}

function link(host: HostName, before: HostState, after: HostState, atMs: number): Entry[] {
  const here = {atMs, host: 'laptop'} as const;
  if (before.lostMs === null && after.lostMs !== null) {
    const what = after.heardMs === null ? 'No connection to' : 'Lost the connection to';
    return [{...here, level: 'warning', sentence: `${what} the ${host}: ${after.error ?? 'not said why'}`}];
  }
  if (before.lostMs === null || after.lostMs !== null) return [];
  // Silence comes before the loss that it is the sign of.
  const awayMs = atMs - (before.heardMs ?? before.lostMs);
  const words = before.heardMs === null ? 'is there' : 'is back';
  return [
    {...here, level: 'info', sentence: `The connection to the ${host} ${words} after ${duration(awayMs)}.`},
  ];
}

function reboot(host: HostName, {machine: before}: HostState, {machine}: HostState, nowMs: number): Entry[] {
  if (!before || !machine || machine.value.uptimeS >= before.value.uptimeS) return [];
  const atMs = nowMs - machine.value.uptimeS * 1000;
  return [{atMs, host, level: 'warning', sentence: rebooted}];
}

/** Of the standby it is left out where its monitor tells the same. */
export const rebooted = 'The host rebooted.';

function gateway(before: HostState, after: HostState, nowMs: number): Entry[] {
  const was = before.gatewaySeen?.value;
  const is = after.gateway?.value;
  if (!was || !is || is.state === 'unknown') return [];
  const say = (level: Entry['level'], sentence: string, atMs = nowMs): Entry[] => [
    {atMs, host: 'primary', level, sentence},
  ];
  if (is.state === 'running') {
    // It may have started while this machine did not look.
    const startedMs = Math.min(nowMs, nowMs - (is.upS ?? 0) * 1000);
    if (was.state === 'running') {
      const same = was.pid === null || is.pid === null || was.pid === is.pid;
      return same ? [] : say('warning', 'The gateway was restarted.', startedMs);
    }
    const backMs = before.downMs === null ? null : Math.max(0, nowMs - before.downMs);
    return say('info', `The gateway ${backMs === null ? 'started' : `is back after ${duration(backMs)}`}.`);
  }
  if (is.state === was.state || is.state === 'starting' || is.state === 'stopping') return [];
  if (is.state === 'failed')
    return say('alert', `The gateway failed${is.result === '' ? '' : ` (${clean(is.result)})`}.`);
  // `reset-failed` changes a word of systemd's and nothing else.
  if (was.state === 'failed') return [];
  return say('warning', is.state === 'absent' ? 'There is no gateway any more.' : 'The gateway stopped.');
}

const nameOf = ({channel, account}: AccountTold) => clean(`${channel} ${account}`);

/** Only of one that was seen connected: one that is off from the beginning is meant to be. */
function accounts(after: HostState, back: Entry[], atMs: number): Noticed {
  const told = after.accounts?.value;
  const running = after.gatewaySeen?.value;
  if (!told?.known || !after.gatewaySeen || running?.state !== 'running') return {entries: back};
  const upMs = (running.upS ?? Infinity) * 1000 + (atMs - after.gatewaySeen.atMs);
  const seen = {...after.accountsSeen};
  const entries = told.accounts.flatMap((one): Entry[] => {
    const name = nameOf(one);
    const was = seen[name];
    if (one.state === 'connected') {
      seen[name] = 'connected';
      if (was !== 'lost') return [];
      return [{atMs, host: 'primary', level: 'info', sentence: `${name} is connected again.`}];
    }
    if (one.state === 'unknown' || was !== 'connected' || upMs < startMs) return [];
    seen[name] = 'lost';
    const why = one.why === null ? '' : `: ${clean(one.why)}`;
    return [{atMs, host: 'primary', level: 'warning', sentence: `${name} is not connected${why}.`}];
  });
  const accountsSeen = Object.fromEntries(Object.entries(seen).slice(-mostAccounts));
  return {entries: [...back, ...entries], accountsSeen};
}

const mostAccounts = 100;

/** That it runs again its own first event says. */
function monitorUnit({monitorUnit: before}: HostState, {monitorUnit}: HostState, atMs: number): Entry[] {
  const [was, is] = [before?.value, monitorUnit?.value];
  if (was === undefined || is === undefined || was === is) return [];
  const say = (sentence: string): Entry[] => [{atMs, host: 'standby', level: 'alert', sentence}];
  if (is === 'failed') return say('The monitor failed. See: journalctl -u openclaw-health-monitor.service');
  if (is === 'inactive' && was !== 'failed') return say('The monitor was stopped.');
  if (is === 'activating' && was === 'active') return say('The monitor ended; systemd starts it again.');
  return [];
}

/** Where it was not known before, its first word is on the screen anyway. */
function split({split: before}: WatchState, {split: after}: WatchState, atMs: number): Entry[] {
  if (before === after || (before.state === 'unknown' && after.state === 'disjoint')) return [];
  const words = (one: Split) => splitSentences(one).join(' ');
  if (words(before) === words(after)) return [];
  // What is missing at the start is no news, nor is what fills it.
  if (before.state === 'unknown' && after.state === 'unknown') return [];
  const level = after.state === 'conflict' ? 'alert' : after.state === 'unknown' ? 'warning' : 'info';
  const sentence = after.state === 'conflict' ? `Split conflict: ${words(after)}` : words(after);
  return [{atMs, host: 'laptop', level, sentence}];
}
