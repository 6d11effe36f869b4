import {mostRecent} from '../../../sampler/told.js';
import type {HostName} from '../../../ssh/host.js';
import {clean} from '../../clip.js';
import type {HostState} from './host-state.js';
import type {AccountSample, HostSample, LinkSample, WorkspaceSample} from './sample.js';
import type {WatchState} from './state.js';

/** ms without a byte after which the data is called old: a healthy stream is never silent for more than 3 s. */
const staleMs = 6_000;

/** One host at `nowMs`, epoch ms of this machine. Pure. */
export function hostSample(state: WatchState, name: HostName, nowMs: number): HostSample {
  const host = state.hosts[name];
  const {basics, machine, disk, clock} = host;
  const byS = machine === null ? 0 : Math.max(0, nowMs - machine.atMs) / 1000;
  return {
    host: name,
    link: linkSample(host, nowMs),
    hostname: basics?.hostname ?? null,
    address: basics?.address ?? null,
    version: basics?.version ?? null,
    gateway: gatewaySample(host, nowMs),
    accounts: accountSamples(state, name),
    load: machine?.value.load ?? null,
    cpus: basics?.cpus ?? null,
    memoryBytes: machine?.value.memoryBytes ?? null,
    diskBytes: disk?.value ?? null,
    uptimeS: machine === null ? null : Math.floor(machine.value.uptimeS + byS),
    rebootPending: machine?.value.rebootPending ?? null,
    workspace: workspaceSample(state, name, nowMs),
    clockOffsetMs: clock.offsetMs === null ? null : Math.round(clock.offsetMs),
  };
}

function linkSample({link, upMs, afterLoss, heardMs, error, fresh}: HostState, nowMs: number): LinkSample {
  // A clock of this machine that was set back makes nothing younger than now.
  const silentMs = heardMs === null ? null : Math.max(0, nowMs - heardMs);
  const state = link?.state ?? 'connecting';
  return {
    state,
    silentMs,
    // Back is who has told everything again.
    stale: silentMs !== null && (state !== 'up' || silentMs > staleMs || !fresh),
    upForMs: upMs === null ? null : Math.max(0, nowMs - upMs),
    afterLoss,
    attempt: link === null || link.state === 'up' ? 0 : link.attempt,
    retryInMs: link?.state === 'lost' ? Math.max(0, link.retryAtMs - nowMs) : null,
    error,
  };
}

const whyUnread = ({error}: HostState) => error ?? 'not read yet';

function gatewaySample(host: HostState, nowMs: number): HostSample['gateway'] {
  const {gateway, basics} = host;
  if (gateway === null) return {unknown: whyUnread(host)};
  const {value, atMs} = gateway;
  if (value.state === 'unknown')
    return {unknown: value.result === '' ? 'it could not be asked' : value.result};
  const upS = value.upS === null ? null : Math.floor(value.upS + Math.max(0, nowMs - atMs) / 1000);
  return {...value, upS, form: basics?.form ?? ''};
}

/** What the config says of each, with what the gateway says; also what only the gateway knows of yet. */
function accountSamples(state: WatchState, name: HostName): HostSample['accounts'] {
  const {basics} = state.hosts[name];
  const told = name === 'primary' ? toldByPrimary(state) : toldByStandby(state);
  if (basics === null && told.length === 0)
    return {unknown: state.hosts[name].basicsError ?? whyUnread(state.hosts[name])};
  if (basics !== null && !basics.accounts.known && told.length === 0)
    return {unknown: clean(basics.accounts.reason)};
  const known = basics?.accounts.known ? basics.accounts.accounts : [];
  const untold = isUntold(state.hosts[name], name);
  const owned = known.map((fact): AccountSample => {
    const live = told.find((one) => one.channel === fact.channel && one.account === fact.account);
    const identity = fact.identity?.label ?? null;
    return {
      channel: clean(fact.channel),
      account: clean(fact.account),
      enabled: fact.enabled,
      identity: identity === null ? null : clean(identity),
      state: live?.state ?? (untold ? 'untold' : null),
      why: live?.why ?? null,
    };
  });
  const added = told.filter(
    (one) => !known.some(({channel, account}) => channel === one.channel && account === one.account),
  );
  return [...owned, ...added.map((one): AccountSample => ({...one, enabled: true, identity: null}))];
}

/** Whoever would say how its accounts are has not had the time to. */
function isUntold({accounts, live, gatewaySeen}: HostState, name: HostName): boolean {
  if (name === 'standby') return live === null;
  return accounts === null && (gatewaySeen === null || gatewaySeen.value.state === 'running');
}

type Told = Pick<AccountSample, 'channel' | 'account' | 'state' | 'why'>;

function toldByPrimary({hosts}: WatchState): Told[] {
  const {accounts, gatewaySeen} = hosts.primary;
  if (!accounts?.value.known || gatewaySeen?.value.state !== 'running') return [];
  return accounts.value.accounts.map(({channel, account, state, why}) => ({channel, account, state, why}));
}

/** Its own gateway is asked by the monitor, for the one account that a takeover is about. */
function toldByStandby({hosts}: WatchState): Told[] {
  const {live, basics} = hosts.standby;
  const seen = live?.value?.channel ?? null;
  const meant = basics?.settings?.channel;
  if (seen === null || meant === undefined) return [];
  const state = seen.connected ? 'connected' : 'off';
  return [
    {channel: meant.type, account: meant.account, state, why: seen.connected ? null : seen.detail || null},
  ];
}

function workspaceSample(state: WatchState, name: HostName, nowMs: number): HostSample['workspace'] {
  const {workspace, clock} = state.hosts[name];
  if (workspace === null) return {unknown: 'not told yet'};
  const told = workspace.value;
  if (told === null) return null;
  // Both times are of the host's own clock.
  const since = (epochMs: number | null) =>
    epochMs === null ? null : Math.max(0, Math.round(nowMs + (clock.offsetMs ?? 0) - epochMs));
  return {
    commit: told.head,
    dirty: told.dirty,
    commitAgeMs: since(told.commitMs),
    syncAgeMs: since(told.syncMs),
    pushFailed: told.pushFailed,
    behind: name === 'standby' ? behind(state.hosts) : null,
  };
}

/** What the standby has fetched, or at least stands on, among the primary's newest commits. */
function behind({primary, standby}: WatchState['hosts']): WorkspaceSample['behind'] {
  const [theirs, own] = [primary.workspace?.value, standby.workspace?.value];
  const at = own?.upstream ?? own?.head ?? null;
  if (!theirs || !own || at === null || theirs.recent.length === 0) return null;
  const commits = theirs.recent.indexOf(at);
  if (commits !== -1) return {commits, atLeast: false};
  // Ahead of what the primary has told (a push that was only just fetched), or of another history: not known.
  const newer = own.commitMs !== null && theirs.commitMs !== null && own.commitMs > theirs.commitMs;
  return theirs.recent.length < mostRecent || newer ? null : {commits: theirs.recent.length, atLeast: true};
}
