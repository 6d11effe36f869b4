import {StatusSet, signalOf} from './exit-status.js';
import {spanUs} from './span.js';
import {isYes, type UnitText} from './unit-text.js';
import {assignments, commandsOf, specified, type Command, type Specifiers} from './words.js';

const execKeys = [
  'ExecStartPre',
  'ExecStart',
  'ExecStartPost',
  'ExecReload',
  'ExecStop',
  'ExecStopPost',
] as const;
const folderKinds = [
  ['Runtime', '/run'],
  ['State', '/var/lib'],
  ['Cache', '/var/cache'],
  ['Logs', '/var/log'],
  ['Configuration', '/etc'],
] as const;

export interface Folder {
  /** `RUNTIME_DIRECTORY` and its like: all paths of a kind. */
  variable: string;
  /** Absolute, of the host. */
  path: string;
  mode: number;
  /** It is not taken away when the unit ends. */
  stays: boolean;
}

/** What a [Service] section says; times in ms, Infinity: no limit. */
export interface ServiceText {
  type: 'simple' | 'exec' | 'oneshot' | 'notify';
  remain: boolean;
  exec: Record<(typeof execKeys)[number], Command[]>;
  user: string | undefined;
  group: string | undefined;
  cwd: {path: string; optional: boolean} | undefined;
  env: [string, string][];
  envFiles: {path: string; optional: boolean}[];
  umask: number;
  folders: Folder[];
  restart: string;
  restartMs: number;
  preventStatus: StatusSet;
  successStatus: StatusSet;
  limit: {ms: number; burst: number};
  startMs: number;
  stopMs: number;
  runtimeMs: number;
  killMode: 'control-group' | 'mixed' | 'process' | 'none';
  killSignal: NodeJS.Signals;
  lastKill: boolean;
  watchdogMs: number;
  watchdogSignal: NodeJS.Signals;
  notifyAccess: string;
  identifier: string | undefined;
}

const types = ['simple', 'exec', 'oneshot', 'notify'] as const;
const killModes = ['control-group', 'mixed', 'process', 'none'] as const;

/** @param bases where the folders of a user's manager are instead */
export function serviceText(
  text: UnitText,
  known: Specifiers,
  bases: Readonly<Partial<Record<string, string>>> = {},
): ServiceText {
  const last = (key: string) => text.last('Service', key);
  const span = (keys: readonly string[], otherwise: number) => {
    const value = keys.map((key) => last(key)).find((one) => one !== undefined);
    const us = value === undefined ? undefined : spanUs(value);
    return us === undefined ? otherwise : us / 1000;
  };
  // Where no limit is what a limit of 0 says.
  const limit = (keys: readonly string[], otherwise: number) => span(keys, otherwise) || Infinity;
  const type = types.find((one) => one === last('Type')) ?? 'simple';
  const signal = (key: string, otherwise: NodeJS.Signals) => signalOf(last(key) ?? '') ?? otherwise;
  const startLimitUs = spanUs(text.last('Unit', 'StartLimitIntervalSec') ?? '');
  return {
    type,
    remain: isYes(last('RemainAfterExit')),
    exec: Object.fromEntries(
      execKeys.map((key) => [key, text.all('Service', key).flatMap((value) => commandsOf(value, known))]),
    ) as ServiceText['exec'],
    user: named(last('User'), known),
    group: named(last('Group'), known),
    cwd: optionalPath(last('WorkingDirectory'), known),
    env: text.all('Service', 'Environment').flatMap((value) => assignments(value, known)),
    envFiles: text.all('Service', 'EnvironmentFile').flatMap((value) => optionalPath(value, known) ?? []),
    umask: Number.parseInt(last('UMask') ?? '0022', 8),
    folders: folderKinds.flatMap(([kind, base]) => foldersOf(text, known, kind, bases[kind] ?? base)),
    restart: last('Restart') ?? 'no',
    restartMs: span(['RestartSec'], 100),
    preventStatus: new StatusSet(text.names('Service', 'RestartPreventExitStatus')),
    successStatus: new StatusSet(text.names('Service', 'SuccessExitStatus')),
    limit: {
      ms: startLimitUs === undefined ? 10_000 : startLimitUs / 1000,
      burst: Number(text.last('Unit', 'StartLimitBurst') ?? 5),
    },
    startMs: limit(['TimeoutStartSec', 'TimeoutSec'], type === 'oneshot' ? Infinity : 90_000),
    stopMs: limit(['TimeoutStopSec', 'TimeoutSec'], 90_000),
    runtimeMs: limit(['RuntimeMaxSec'], Infinity),
    killMode: killModes.find((one) => one === last('KillMode')) ?? 'control-group',
    killSignal: signal('KillSignal', 'SIGTERM'),
    lastKill: last('SendSIGKILL') === undefined || isYes(last('SendSIGKILL')),
    watchdogMs: span(['WatchdogSec'], 0),
    watchdogSignal: signal('WatchdogSignal', 'SIGABRT'),
    notifyAccess: last('NotifyAccess') ?? (type === 'notify' ? 'main' : 'none'),
    identifier: named(last('SyslogIdentifier'), known),
  };
}

const named = (value: string | undefined, known: Specifiers) =>
  value === undefined ? undefined : specified(value, known);

function optionalPath(value: string | undefined, known: Specifiers): ServiceText['cwd'] {
  if (value === undefined) return undefined;
  const optional = value.startsWith('-');
  return {path: specified(optional ? value.slice(1) : value, known).replaceAll(/^"(.*)"$/g, '$1'), optional};
}

function foldersOf(text: UnitText, known: Specifiers, kind: string, base: string): Folder[] {
  const mode = Number.parseInt(text.last('Service', `${kind}DirectoryMode`) ?? '0755', 8);
  const preserve = text.last('Service', 'RuntimeDirectoryPreserve');
  return text.names('Service', `${kind}Directory`).map((name) => ({
    variable: `${kind.toUpperCase()}_DIRECTORY`,
    path: `${base}/${specified(name, known)}`,
    mode,
    stays: kind !== 'Runtime' || preserve === 'restart' || isYes(preserve),
  }));
}
