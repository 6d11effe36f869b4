import {parseArgs, type ParseArgsConfig} from 'node:util';
import {commands, type Command} from './commands.js';
import {placeOf} from './place.js';

/** The oldest Node that OpenClaw runs on. */
const oldestNode = 22;
/** Exit code for words that are not known. */
const usage = 2;

/**
 * `openclaw …`, as much of it as failover-wizard asks for: the gateway and what belongs to its config, its models, its
 * plugins and its channels. Ends the process.
 * @param version of the OpenClaw whose place it takes
 */
export async function openclaw(
  version: string,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // As OpenClaw's commands are called in a list of processes.
  process.title = 'openclaw';
  // Whoever reads may be gone first.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const code = await run(version, argv);
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
  );
  process.exit(code);
}

async function run(version: string, given: readonly string[]): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    process.stderr.write(`OpenClaw needs Node ${oldestNode} or newer; this is ${process.versions.node}.\n`);
    return 1;
  }
  const {profile, words} = takeGlobal(given);
  if (/^(?:--version|-V|-v)$/.test(words[0] ?? '')) return say(`OpenClaw ${version} (rehearsal stand-in)`, 0);
  if (words.length === 0 || /^(?:--help|-h|help)$/.test(words[0] ?? '')) return say(help(version), 0);
  const command = commands
    .filter(({words: own}) => own.every((word, index) => words[index] === word))
    .toSorted((one, other) => other.words.length - one.words.length)[0];
  if (!command) return refuse(`"openclaw ${words.slice(0, 2).join(' ')}" is not known here.`);
  let parsed;
  try {
    parsed = parse(command, words.slice(command.words.length));
  } catch (error) {
    return refuse((error as Error).message);
  }
  const {values, positionals} = parsed;
  const [fewest, most] = command.arguments ?? [0, 0];
  const lacks = command.needs?.some((option) => values[option] !== true);
  if (positionals.length < fewest || positionals.length > most || lacks)
    return refuse(`Usage: openclaw ${command.usage}`);
  try {
    return await command.run({place: placeOf(process.env, profile), version, values, positionals});
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

const parse = ({options = {}}: Command, args: string[]) =>
  parseArgs({
    args,
    options: options as NonNullable<ParseArgsConfig['options']>,
    allowPositionals: true,
    strict: true,
  });

/** Words in front of the command that hold for all of them. */
function takeGlobal(given: readonly string[]): {profile?: string; words: string[]} {
  const words = [...given];
  let profile: string | undefined;
  for (;;) {
    if (words[0] === '--no-color') words.shift();
    else if (words[0] === '--profile') profile = words.splice(0, 2)[1];
    else if (words[0]?.startsWith('--profile=')) profile = words.shift()?.slice('--profile='.length);
    else return {...(profile !== undefined && {profile}), words};
  }
}

function help(version: string): string {
  const lines = commands.map(({usage: line}) => `  openclaw ${line}`);
  return `Stand-in of failover-wizard's rehearsal, not OpenClaw ${version}. It knows:\n${lines.join('\n')}\n  openclaw --version`;
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}

function refuse(why: string): number {
  const known = commands.map(({words}) => words.join(' ')).join(', ');
  process.stderr.write(
    `${why}\nThis is the stand-in of failover-wizard's rehearsal, not OpenClaw; it knows: ${known}, --version.\n`,
  );
  return usage;
}
