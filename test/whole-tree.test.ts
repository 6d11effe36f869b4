import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

test('no text of the project holds what a merge could not decide', () => {
  const files = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.tsx', '*.sh', '*.json'], {
    encoding: 'utf8',
  });
  const undecided = /^(?:<{7} |>{7} |(?:> ){7}|={7}$|\| ={7} )/m;
  const found = files.split('\n').filter((file) => file && undecided.test(readFileSync(file, 'utf8')));
  expect(found).toEqual([]);
});
