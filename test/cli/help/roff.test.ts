import {spawnSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {Exit} from '../../../src/errors.js';
import {pages} from '../../../src/cli/help/pages/index.js';
import {manual} from '../../../src/cli/help/roff.js';
import {everyNode} from '../../../src/cli/help/tree.js';
import {tree} from './program-tree.js';

const text = manual({root: tree, pages, exits: Exit, version: '9.9.9'});
/** What a reader sees of one line. */
const seen = (line: string) =>
  line.replaceAll('\\-', '-').replaceAll('\\(dq', '"').replaceAll('\\e', '\\').replaceAll('\\&', '');

describe('the manual', () => {
  it('has every command, option, example and exit code of the help', () => {
    const lines = text.split('\n').map(seen);
    const whole = lines.join('\n');
    for (const node of everyNode(tree)) {
      for (const {flags} of node.options) {
        if (flags.includes('…')) continue;
        expect(whole).toContain(flags);
      }
      for (const [line] of pages[node.path.join(' ')]?.examples ?? []) expect(lines).toContain(`.B ${line}`);
    }
    for (const code of Object.values(Exit)) expect(lines).toContain(`.B ${code}`);
  });

  it('has no line that roff would take for another command', () => {
    const known = /^\.(?:TH|SH|SS|PP|TP|B|I|BR|RI|ad l|nh)(?: |$)/;
    expect(text.split('\n').filter((line) => /^[.']/.test(line) && !known.test(line))).toEqual([]);
    expect(text.split('\n').filter((line) => line.length > 80 && !line.startsWith('.'))).toEqual([]);
    // A dash that is not escaped may be printed as a hyphen, which cannot be copied.
    expect(text.split('\n').filter((line) => /(?<!\\)-/.test(line))).toEqual([]);
  });

  const mandoc = spawnSync('mandoc', ['-Tlint', '-W', 'warning'], {input: text, encoding: 'utf8'});
  it.skipIf(mandoc.error)('passes mandoc, where there is one', () => {
    // It has no date: what is built twice is the same.
    const said = mandoc.stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'));
    expect(said).toEqual([]);
  });
});
