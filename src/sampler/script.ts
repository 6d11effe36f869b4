import type {GatewayFact, HostFacts} from '../facts/types.js';
import {gateway as search} from '../facts/shell/gateway.js';
import {homeOf} from '../facts/shell/home-of.js';
import {primaryWorkspacePath} from '../phases/workspace.js';
import type {HostName, Script} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {layout, units} from '../templates/layout.js';
import {firedFile, gaveUpFile, markFile} from '../drill/mark-files.js';
import {accounts} from './shell/accounts.js';
import {container} from './shell/container.js';
import {drill} from './shell/drill.js';
import {events} from './shell/events.js';
import {frame} from './shell/frame.js';
import {gateway} from './shell/gateway.js';
import {live} from './shell/live.js';
import {machine} from './shell/machine.js';
import {byHand, unknown} from './shell/process.js';
import {rounds} from './shell/rounds.js';
import {stamps} from './shell/stamps.js';
import {unit} from './shell/unit.js';
import {workspace} from './shell/workspace.js';
import {mostRecent} from './told.js';

/** s that a sampler lives: a laptop that vanished without a word leaves nothing for longer. */
export const lifeS = 15 * 60;
/** s more until the host ends it from outside, should it hang. */
const graceS = 15;
/** Newest events of the monitor's log that are told at the beginning. */
const backlog = 150;

/**
 * What tells how a host is from moment to moment, in lines (`parse.ts`): first everything once, then what changes. Needs
 * root, leaves nothing behind, and writes nothing. On a calm host it starts hardly a process. How the gateway of a
 * primary runs comes from its facts; without them nothing is told of it. `program` asks it for its channel accounts.
 */
export function samplerFor(host: HostName, facts: HostFacts | undefined, program: string): Script {
  const {set, parts} = host === 'standby' ? ofStandby() : ofPrimary(facts, program);
  return {
    label: 'sample this host',
    text: [
      ...assignments({...common, ...set}),
      frame,
      homeOf,
      machine,
      gateway,
      ...parts,
      rounds,
      'ticks | rounds',
    ].join('\n'),
    limitS: lifeS + graceS,
  };
}

interface Parts {
  /** Variables of the script; lists are lines. */
  set: Record<string, string>;
  parts: string[];
}

const common = {
  LIFE: String(lifeS * 100),
  DISKS: '/ /home /var',
  SYNC_STAMP: layout.syncStamp,
  PUSH_WHY: layout.pushWhy,
  CONFIG_ROOT: '',
  LIVE: '',
  EVENTS: '',
  ASKS: '',
  CONTAINER: '',
  DRILL_MARK: '',
};

function ofStandby(): Parts {
  return {
    set: {
      UNIT: units.gateway,
      MANAGER: 'system',
      MONITOR: units.monitor,
      LIVE: layout.live,
      EVENTS: layout.events,
      BACKLOG: String(backlog),
      WORKSPACE: layout.workspace,
      RECENT: '0',
      CONFIGS: [
        layout.config,
        layout.envFile,
        layout.gatewayEnv,
        layout.approvedSplit,
        layout.monitorSettings,
        layout.notifySettings,
      ].join('\n'),
    },
    parts: [unit, live, events, workspace, stamps, accounts],
  };
}

function ofPrimary(facts: HostFacts | undefined, program: string): Parts {
  const found = facts?.gateway.known ? facts.gateway.value : undefined;
  const form = found ? ofForm(found) : {set: {}, parts: [unknown]};
  const user = found?.user ?? '';
  const home = facts?.users[user]?.home ?? (user === 'root' ? '/root' : `/home/${user}`);
  return {
    set: {
      GUSER: user,
      GHOME: home,
      MONITOR: '',
      DRILL_MARK: markFile,
      DRILL_FIRED: firedFile,
      DRILL_GAVE_UP: gaveUpFile,
      WORKSPACE: (facts && primaryWorkspacePath(facts)) ?? '',
      RECENT: String(mostRecent),
      CONFIGS: (found ? configsOf(found, home) : [layout.manifest]).join('\n'),
      CONFIG_ROOT: found?.container ? 'container' : '',
      ...asking(facts, found),
      ...form.set,
    },
    parts: [...form.parts, drill, workspace, stamps, accounts, heredoc(program)],
  };
}

function ofForm(found: GatewayFact): Parts {
  const {form, unit: name, container: box} = found;
  if (box) {
    const set = {ENGINE: box.engine, CONTAINER: box.name, CUSER: box.user ?? 'root'};
    return {set, parts: [container]};
  }
  if (name !== undefined && (form === 'user-unit' || form === 'system-unit'))
    return {set: {UNIT: name, MANAGER: form === 'user-unit' ? 'user' : 'system'}, parts: [unit]};
  return {set: {NONE: form === 'none' ? 'absent' : 'stopped'}, parts: [search, byHand]};
}

function configsOf({configPath, stateDir}: GatewayFact, home: string): string[] {
  return [
    ...(configPath === undefined ? [] : [configPath]),
    ...(stateDir === undefined ? [] : [`${stateDir}/.env`]),
    `${home}/.config/openclaw/gateway.env`,
  ];
}

/** Whether the gateway can be asked for its channel accounts, and what that takes. */
function asking(facts: HostFacts | undefined, found: GatewayFact | undefined): Record<string, string> {
  if (!facts || !found) return {};
  const node = facts.openclaw.known ? facts.openclaw.value?.node : undefined;
  const can = found.container !== undefined || node !== undefined;
  return {
    ASKS: can ? 'yes' : 'no Node was found on this host that could ask the gateway',
    NODE: node ?? '',
    GARGV: (found.argv ?? []).join('\n'),
    ADDRESSES: found.listeners.map(({address}) => address).join('\n'),
  };
}

/** The program behind a function of the shell; the here-document ends at a line that it cannot contain. */
function heredoc(program: string): string {
  const end = '@end-of-the-accounts-program';
  if (program.includes(end)) throw new TypeError('The program holds the mark of its end.');
  return `program() {\n  cat <<'${end}'\n${program.trimEnd()}\n${end}\n}`;
}

const assignments = (set: Record<string, string>) =>
  Object.entries(set).map(([name, value]) => `${name}=${q(value)}`);
