import type {HostFacts} from '../../src/facts/types.js';
import type {HostName} from '../../src/ssh/host.js';
import type {StateName} from '../../src/monitor/memory.js';
import {account, hostFacts} from './facts.js';
import {savedState} from './saved-state.js';

/** Facts of a finished pair; `down`: the primary's gateway is stopped; `state`: the monitor's. */
export function watchFacts(
  host: HostName,
  {down = false, state = 'watching'}: {down?: boolean; state?: StateName} = {},
  nowMs = Date.now(),
): HostFacts {
  const base = hostFacts(host);
  // By the clock of the host.
  const thereMs = nowMs + base.clockOffsetMs;
  const checkout = {
    exists: true,
    isGit: true,
    commit: 'a1b2c3d',
    dirty: 0,
    ahead: 0,
    lastCommitMs: thereMs - 400_000,
  };
  if (host === 'primary') {
    return {
      ...base,
      accounts: {
        known: true,
        accounts: [account('discord', 'default', 'bot 123'), account('irc', 'main', 'clawmain@irc')],
      },
      gateway: {
        known: true,
        value: {form: 'user-unit', active: !down, upS: 1_051_200, pid: 812, listeners: []},
      },
      checkouts: {workspace: {...checkout, path: '/home/claw/workspace', lastSyncMs: thereMs - 180_000}},
    };
  }
  const running = ['active', 'recovering'].includes(state);
  return {
    ...base,
    openclaw: hostFacts('primary').openclaw,
    accounts: {known: true, accounts: [account('irc', 'backup', 'clawbak@irc')]},
    gateway: {
      known: true,
      value: {
        form: 'system-unit',
        active: running,
        upS: running ? 40 : undefined,
        pid: running ? 99 : undefined,
        listeners: [],
      },
    },
    probe: down
      ? {target: '100.64.0.11 18789', status: 0, tookMs: 2, body: '', error: 'connection refused'}
      : {target: '100.64.0.11 18789', status: 200, tookMs: 4, body: '{"ok":true,"status":"live"}'},
    monitorState: {
      known: true,
      value: savedState({state, channel: running ? {atMs: 1, connected: true, detail: '', seq: 1} : null}),
    },
    checkouts: {
      workspace: {...checkout, path: '/home/openclaw/.openclaw/workspace', lastSyncMs: thereMs - 120_000},
    },
  };
}
