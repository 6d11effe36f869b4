import {describe, expect, it} from 'vitest';
import {usageSentence} from '../../../src/cli/help/suggest.js';
import {CommanderError} from 'commander';
import {program, tree} from './program-tree.js';

/** What is told of a command line that is wrong. */
async function told(line: string): Promise<string> {
  const parsed = program();
  parsed.configureOutput({writeOut: () => undefined, writeErr: () => undefined});
  try {
    await parsed.parseAsync(['node', 'failover-wizard', ...line.split(' ')]);
  } catch (error) {
    if (error instanceof CommanderError) return usageSentence(error.message, error.code, tree);
    return (error as Error).message;
  }
  return '';
}

describe('a typing mistake', () => {
  it.each([
    ['wach', "Unknown command 'wach'; did you mean watch?"],
    ['setup --dryrun', "Unknown option '--dryrun'; did you mean --dry-run?"],
    ['keys forgt x', "Unknown command 'forgt'; did you mean forget?"],
    ['drill shedule', "Unknown command 'drill shedule'; did you mean drill schedule?"],
    ['drill elephant', "Unknown command 'drill elephant'; drill has schedule, history, show."],
    [
      'drill --fault hng',
      "Option '--fault <name>' argument 'hng' is invalid. Allowed choices are stop, kill, hang, partition, reboot; did you mean hang?",
    ],
    ['states --graph mermade', /Allowed choices are dot, mermaid; did you mean mermaid\?$/],
    ['states --graph png', /Allowed choices are dot, mermaid\.$/],
    ['completion zhs', /Allowed choices are bash, zsh, fish; did you mean zsh\?$/],
    ['completion fsh', /Allowed choices are bash, zsh, fish; did you mean fish\?$/],
    ['watch --fault stop', "Unknown option '--fault' here; drill, drill schedule have it."],
    ['watch --revert=x', "Unknown option '--revert' here; drill has it."],
    ['watch --elephant', "Unknown option '--elephant'."],
    ['states foo', "Too many arguments for 'states'; it takes 0."],
    ['help wtch', "Unknown command 'wtch'; did you mean watch?"],
    ['help drill shedule', "Unknown command 'shedule'; did you mean schedule?"],
    ['elephant', "Unknown command 'elephant'."],
  ])('%s', async (line, sentence) => {
    if (typeof sentence === 'string') expect(await told(line)).toBe(sentence);
    else expect(await told(line)).toMatch(sentence);
  });
});
