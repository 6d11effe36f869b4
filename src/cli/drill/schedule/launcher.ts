import {accessSync, constants, existsSync, realpathSync, statSync} from 'node:fs';
import {dirname, isAbsolute, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Abort, Exit} from '../../../errors.js';
import type {Program} from '../../../drill/schedule/job.js';

/** The launcher of the installed program, in the package's own folder. */
const ownLauncher = fileURLToPath(new URL('../../../../bin/failover-wizard.js', import.meta.url));

/** Where npx, pnpm dlx, yarn dlx and bunx keep what they run once. */
const throwaway = /[\\/](?:_npx|dlx(?:-\d+)?|bunx-[^\\/]+)[\\/]/;

/** What this program was called as. */
export interface Called {
  /** As in `process.argv[1]`. */
  script: string | undefined;
  node: string;
  launcher: string;
  env: NodeJS.ProcessEnv;
}

/**
 * How a timer is to call this program: by absolute paths, with the folders that were set for this run.
 * @param command what the operator wants called instead: the path of a program, with words behind it
 * @throws Abort (exit 2) for a program that may be gone by then
 */
export function programOf(
  command: string | undefined,
  {
    script = process.argv[1],
    node = process.execPath,
    launcher = ownLauncher,
    env = process.env,
  }: Partial<Called> = {},
): Program {
  const settings = Object.fromEntries(
    ['XDG_CONFIG_HOME', 'XDG_STATE_HOME'].flatMap((name) => {
      const value = env[name];
      return value !== undefined && isAbsolute(value) ? [[name, value] as const] : [];
    }),
  );
  if (command !== undefined) {
    // A program of Node's finds Node by PATH, and a timer's PATH is short.
    const path = [dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
    return checked({argv: wordsOf(command), env: {...settings, PATH: path}});
  }
  const called = [script ?? '', launcher];
  if (called.some((path) => [path, realOf(path)].some((one) => throwaway.test(one))))
    throw new Abort(
      'This is a run through npx or the like, out of a cache that may be emptied before the timer comes.',
      {
        next: [
          'Install it: npm install --global failover-wizard, and run failover-wizard drill schedule',
          'Or say what is to be called: --command "/usr/bin/npx --yes failover-wizard"',
        ],
        exit: Exit.usage,
      },
    );
  // The name it was called by (a link) outlives an update better than the file behind it.
  const file = script !== undefined && realOf(script) === realOf(launcher) ? resolve(script) : launcher;
  return checked({argv: [node, file], env: settings});
}

function wordsOf(command: string): string[] {
  // A path with blanks in it is one word.
  const words = existsSync(command.trim()) ? [command.trim()] : command.trim().split(/\s+/);
  const [program = ''] = words;
  const why = !isAbsolute(program) ? 'does not begin with an absolute path' : whyNot(program);
  if (why === undefined) return words;
  throw new Abort(`--command "${command.slice(0, 80)}" ${why}.`, {
    next: ['For example: --command /usr/local/bin/failover-wizard'],
    exit: Exit.usage,
  });
}

function whyNot(program: string): string | undefined {
  try {
    accessSync(program, constants.X_OK);
    return statSync(program).isFile() ? undefined : 'begins with no program';
  } catch {
    return 'begins with no program that can be run';
  }
}

function checked(program: Program): Program {
  const all = [...program.argv, ...Object.values(program.env)];
  if (!all.some((text) => /\p{Cc}/u.test(text))) return program;
  throw new Abort('A path of this program has a control character in it, which no timer can be given.', {
    exit: Exit.usage,
  });
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
