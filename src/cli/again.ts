import {existsSync} from 'node:fs';
import {dirname, isAbsolute, resolve} from 'node:path';
import {absolute} from '../pair/absolute.js';
import {expandHome} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import {writeWhole} from '../pair/store.js';
import {againCommand} from './flags.js';
import type {SetupOptions} from './options.js';
import type {Prompter} from './prompter.js';
import {tell} from './terminal.js';

/**
 * Ends setup: offers to keep the answers in a file where they were typed, and prints the command that would do the
 * same again.
 */
export async function offerAgain(
  pair: Pair,
  {options, asked, prompter}: {options: SetupOptions; asked: boolean; prompter: Prompter},
): Promise<void> {
  const answers = options.answers ?? (asked ? await offerFile(pair, prompter) : undefined);
  const unattended = options.input === false && options.yes === true;
  const {command, typed} = againCommand(pair, {unattended, ...(answers !== undefined && {answers})});
  tell(`\nThe same again:\n  ${command}`);
  if (typed.length > 0) tell(`  The standby keeps what was typed: ${typed.join(', ')}.`, 'dim');
}

async function offerFile(pair: Pair, prompter: Prompter): Promise<string | undefined> {
  const keep = await prompter.confirm({
    message: 'Write your answers to a file?',
    why: 'For another machine, or to look at them later. Secrets are not in it.',
    initial: false,
  });
  if (!keep) return undefined;
  const path = await prompter.input({
    message: 'File',
    initial: `failover-${pair.name}.json`,
    wrong: (text) => {
      const full = resolve(expandHome(text.trim()));
      if (existsSync(full)) return 'there is a file of that name already';
      return existsSync(dirname(full)) ? undefined : `there is no folder ${dirname(full)}`;
    },
  });
  const full = resolve(expandHome(path));
  await writeWhole(full, answersText(pair));
  return isAbsolute(path) ? full : path;
}

/** An answers file as a person would keep it; it reads back as the same pair. */
export function answersText(pair: Pair): string {
  const body = JSON.stringify(absolute(pair, process.cwd()), null, 2);
  return `// failover-wizard setup --answers THIS-FILE\n// {"env": …} and {"file": …} say where a secret comes from; {"prompt": true} is one that the standby keeps.\n${body}\n`;
}
