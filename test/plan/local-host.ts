import {spawn} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import type {ApplyContext} from '../../src/plan/kind.js';
import type {SetupEvent} from '../../src/plan/events.js';
import type {Host, Ran, RunOptions} from '../../src/ssh/host.js';
import {Secret} from '../../src/secret.js';
import {planInputOf} from '../phases/facts.js';

export interface LocalHost extends Host {
  /** argv or script text of everything that ran. */
  ran: string[];
  /** As whom each of them was to run; undefined is root. */
  users: (string | undefined)[];
}

/** The user of the tests may become others. */
export const isRoot = process.getuid?.() === 0;

/**
 * This machine behind the interface of a host: what a step runs is really run, by the user of the tests, or, when
 * that is root, by the user that the step names.
 */
export function localHost(env: Record<string, string> = {}): LocalHost {
  const ran: string[] = [];
  const users: (string | undefined)[] = [];
  const start = (argv: readonly string[], options: RunOptions & {text?: string} = {}): Promise<Ran> =>
    new Promise((resolve) => {
      const begun = performance.now();
      ran.push(options.text ?? argv.join(' '));
      users.push(options.user);
      const other = isRoot && options.user !== undefined && options.user !== 'root';
      const [command, ...rest] = other ? ['runuser', '-u', options.user!, '--', ...argv] : argv;
      const child = spawn(command!, rest, {env: {...process.env, ...env}});
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
      child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
      child.on('error', () => resolve({code: 127, timedOut: false, stdout, stderr, tookMs: 0}));
      child.on('close', (code) => {
        for (const line of stdout.split('\n').filter(Boolean)) options.onLine?.(line, 'stdout');
        resolve({code: code ?? -1, timedOut: false, stdout, stderr, tookMs: performance.now() - begun});
      });
      const {stdin = ''} = options;
      // A program that ends without reading its input.
      child.stdin.on('error', () => undefined);
      child.stdin.end(stdin instanceof Secret ? stdin.reveal() : stdin);
    });
  return {
    name: 'standby',
    target: 'here',
    ran,
    users,
    run: (argv, options) => start(argv, options),
    script: ({text}, options) => start(['sh', '-s'], {...options, stdin: text, text}),
    read: async (path) => readFile(path).catch(() => undefined),
    write: async ({path, content}) => writeFile(path, content instanceof Secret ? content.reveal() : content),
    follow: async function* () {},
    close: async () => {},
  };
}

/** What a step is given; `lines` is what it said, `events` what it told. */
export function contextOf(host: Host): ApplyContext & {lines: string[]; events: SetupEvent[]} {
  const lines: string[] = [];
  const events: SetupEvent[] = [];
  return {
    host,
    hosts: {primary: host, standby: host},
    input: planInputOf(),
    emit: (event) => void events.push(event),
    say: (line) => void lines.push(line),
    signal: new AbortController().signal,
    lines,
    events,
  };
}
