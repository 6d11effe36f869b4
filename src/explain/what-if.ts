import {Abort, Exit, messageOf} from '../errors.js';
import {decideWith, table, type Decide} from '../monitor/machine.js';
import {parseSettings, type MonitorSettings} from '../monitor/settings.js';
import {rules, type Rule} from '../monitor/verdict.js';
import {parseSpan} from './span.js';

/** Another way to decide. */
export interface Otherwise {
  decide: Decide;
  /** The table that it decides with. */
  rules: readonly Rule[];
  /** @throws Abort (exit 2) when no monitor would take over what comes of the recorded ones */
  settings(recorded: MonitorSettings): MonitorSettings;
}

/** Other settings to replay a record with. */
export interface WhatIf extends Otherwise {
  /** As they were given: `fail=4, rise=5`. */
  words: string;
  /** Whether they can change a verdict, and a give-back. */
  verdicts: boolean;
  giveBacks: boolean;
}

type Change = (settings: MonitorSettings) => MonitorSettings;
interface Key {
  name: string;
  takes: string;
  of: 'verdict' | 'give-back';
  /** undefined: no such value. */
  read: (value: string) => Change | undefined;
}

/** `holds` of settings.ts, without Ms. */
const holdNames = [
  'failed',
  'stopped',
  'starting',
  'draining',
  'unbound',
  'hung',
  'wrong',
  'silent',
  'partition',
  'plain',
  'plainHung',
  'classic',
] as const;
/** Each has a key, and each key is one. */
type Named = `${(typeof holdNames)[number]}Ms`;
const holdKey = (name: (typeof holdNames)[number]): Named & keyof MonitorSettings['holds'] => `${name}Ms`;

/** Bad probes of the plain rule as it ships; `holds.classicMs` lies between the first and the last of them. */
const plainLooks = 3;
const mostLooks = 20;

const whole = (value: string, least: number, most: number) => {
  const number = /^\d{1,3}$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
};
const oneOf =
  <const T extends string>(words: readonly T[], change: (word: T) => Change) =>
  (value: string): Change | undefined =>
    words.includes(value as T) ? change(value as T) : undefined;
const length =
  (change: (ms: number) => Change) =>
  (value: string): Change | undefined => {
    const ms = parseSpan(value);
    return ms === undefined ? undefined : change(ms);
  };
const threshold = (change: Partial<MonitorSettings['thresholds']>): Change => {
  return (s) => ({...s, thresholds: {...s.thresholds, ...change}});
};

const keys: readonly Key[] = [
  {
    name: 'fail',
    takes: `a number from 2 to ${mostLooks}: the plain rule, so many bad probes in a row`,
    of: 'verdict',
    read: (value) => {
      const looks = whole(value, 2, mostLooks);
      if (looks === undefined) return undefined;
      // As far apart as those of the rule that ships.
      const everyMs = ({classicMs}: MonitorSettings['holds']) => classicMs / (plainLooks - 1);
      return (s) => ({
        ...s,
        profile: 'classic',
        holds: {...s.holds, classicMs: Math.round(everyMs(s.holds) * (looks - 1))},
      });
    },
  },
  {
    name: 'profile',
    takes: 'default or classic',
    of: 'verdict',
    read: oneOf(['default', 'classic'], (profile) => (s) => ({...s, profile})),
  },
  {
    name: 'onPartition',
    takes: 'hold or promote',
    of: 'verdict',
    read: oneOf(['hold', 'promote'], (onPartition) => (s) => ({...s, onPartition})),
  },
  ...holdNames.map((name): Key => ({
    name: `holds.${name}`,
    takes: 'a time such as 10s',
    of: 'verdict',
    read: length((ms) => (s) => ({...s, holds: {...s.holds, [holdKey(name)]: ms}})),
  })),
  {
    name: 'rise',
    takes: 'a number from 1 to 100: good probes in a row',
    of: 'give-back',
    read: (value) => {
      const rise = whole(value, 1, 100);
      return rise === undefined ? undefined : threshold({rise});
    },
  },
  {
    name: 'riseFor',
    takes: 'a time such as 60s',
    of: 'give-back',
    read: length((riseMs) => threshold({riseMs})),
  },
  {
    name: 'minActive',
    takes: 'a time such as 5m',
    of: 'give-back',
    read: length((minActiveMs) => threshold({minActiveMs})),
  },
  {
    name: 'failback',
    takes: 'auto or manual',
    of: 'give-back',
    read: oneOf(['auto', 'manual'], (failback) => (s) => ({...s, failback})),
  },
];

/** The keys of `--what-if`, one a line, those that take the same together. */
function keyLines(): string {
  const names = [holdNames.slice(0, 8), holdNames.slice(8)].map((some) => some.join(', '));
  const holdsAre = `holds.NAME: a time such as 10s; NAME is\n  ${names.join(',\n  ')}`;
  const others = keys.filter(({name}) => !name.startsWith('holds.'));
  const lines = others.map(({name, takes}) => `${name}: ${takes}`);
  return [...lines.slice(0, 3), holdsAre, ...lines.slice(3)].join('\n');
}

const refuse = (sentence: string) => new Abort(sentence, {detail: keyLines(), exit: Exit.usage});

/**
 * What `--what-if KEY=VALUE …` says; undefined: it was not given.
 * @throws Abort (exit 2) with all keys, for one that is none and for a value that it cannot have
 */
export function readWhatIf(given: readonly string[] | undefined): WhatIf | undefined {
  if (!given || given.length === 0) return undefined;
  const read = given.map(readOne);
  const twice = read.find(({name}, index) => read.findIndex((one) => one.name === name) !== index);
  if (twice) throw refuse(`--what-if names ${twice.name} twice.`);
  const looks = Number(read.find(({name}) => name === 'fail')?.value ?? plainLooks);
  if (looks !== plainLooks && read.some(({name}) => name === 'profile' || name === 'holds.classic'))
    throw refuse('--what-if fail=N is a profile of its own: leave out profile and holds.classic.');
  const plain = rules.map((rule) => (rule.reason === 'classic' ? {...rule, looks} : rule));
  const words = read.map(({name, value}) => `${name}=${value}`).join(', ');
  return {
    words,
    verdicts: read.some(({of}) => of === 'verdict'),
    giveBacks: read.some(({of}) => of === 'give-back'),
    settings: (recorded) => {
      const changed = read.reduce((settings, {change}) => change(settings), recorded);
      try {
        return parseSettings(JSON.stringify({version: 1, ...changed}));
      } catch (error) {
        throw refuse(`No monitor would take over ${words}: ${messageOf(error)}`);
      }
    },
    rules: plain,
    decide: decideWith(table, plain),
  };
}

function readOne(text: string) {
  const at = text.indexOf('=');
  const name = (at < 0 ? text : text.slice(0, at)).trim();
  const value = at < 0 ? '' : text.slice(at + 1).trim();
  const key = keys.find((one) => one.name === name);
  if (!key) throw refuse(`--what-if does not know "${name.slice(0, 40)}".`);
  const change = key.read(value);
  if (!change) throw refuse(`--what-if ${name} takes ${key.takes}, and not "${value.slice(0, 40)}".`);
  return {name, value, of: key.of, change};
}
