import type {Place} from './place.js';

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Call {
  place: Place;
  version: string;
  values: Values;
  positionals: string[];
}

export interface Command {
  words: readonly string[];
  /** After `openclaw`. */
  usage: string;
  options?: Record<string, {type: 'string' | 'boolean'}>;
  /** Fewest and most words after the command. Default: none. */
  arguments?: readonly [number, number];
  /** Options without which it does nothing here. */
  needs?: readonly string[];
  /** @returns the exit code @throws Error with a sentence for 1 */
  run: (call: Call) => Promise<number>;
}

const json = {json: {type: 'boolean'}} as const;
const edits = {...json, 'dry-run': {type: 'boolean'}} as const;
const gatewayOptions = {
  port: {type: 'string'},
  bind: {type: 'string'},
  verbose: {type: 'boolean'},
} as const;
const callOptions = {...json, params: {type: 'string'}, timeout: {type: 'string'}} as const;

/** Loaded when it runs, so that none waits for the others' code. */
const config = () => import('./commands-config.js');
const live = () => import('./commands-live.js');

export const commands: readonly Command[] = [
  {
    words: ['config', 'validate'],
    usage: 'config validate [--json]',
    options: json,
    run: async (call) => (await config()).validate(call),
  },
  {
    words: ['config', 'patch'],
    usage: 'config patch --stdin [--dry-run] [--json]',
    options: {...edits, stdin: {type: 'boolean'}},
    needs: ['stdin'],
    run: async (call) => (await config()).patch(call),
  },
  {
    words: ['config', 'get'],
    usage: 'config get PATH [--json]',
    options: json,
    arguments: [1, 1],
    run: async (call) => (await config()).get(call),
  },
  {
    words: ['config', 'set'],
    usage: 'config set PATH VALUE [--strict-json] [--dry-run] [--json]',
    options: {...edits, 'strict-json': {type: 'boolean'}},
    arguments: [2, 2],
    run: async (call) => (await config()).set(call),
  },
  {
    words: ['models', 'status'],
    usage: 'models status [--check] [--json]',
    options: {...json, check: {type: 'boolean'}},
    run: async (call) => (await config()).models(call),
  },
  {
    words: ['plugins', 'install'],
    usage: 'plugins install [--force] @openclaw/irc[@VERSION]',
    options: {force: {type: 'boolean'}},
    arguments: [1, 1],
    run: async (call) => (await config()).install(call),
  },
  {
    words: ['plugins', 'list'],
    usage: 'plugins list [--json]',
    options: json,
    run: async (call) => (await config()).plugins(call),
  },
  {
    words: ['channels', 'status'],
    usage: 'channels status [--json]',
    options: {...json, timeout: {type: 'string'}},
    run: async (call) => (await live()).channels(call),
  },
  {
    words: ['gateway', 'call'],
    usage: 'gateway call METHOD [--params JSON] [--json] [--timeout MS]',
    options: callOptions,
    arguments: [1, 1],
    run: async (call) => (await live()).call(call),
  },
  {
    words: ['gateway', 'status'],
    usage: 'gateway status [--json]',
    options: json,
    run: async (call) => (await live()).status(call),
  },
  {
    words: ['gateway', 'run'],
    usage: 'gateway [run] [--port PORT] [--bind loopback|tailnet|lan|custom]',
    options: gatewayOptions,
    run: async (call) => (await live()).gateway(call),
  },
  {
    words: ['gateway'],
    usage: 'gateway',
    options: gatewayOptions,
    run: async (call) => (await live()).gateway(call),
  },
];
