import {describe, expect, it} from 'vitest';
import {aborts, checks, findings} from './collect.js';
import {reasons} from './tables.js';
import {leftOver, messagesPage, unadvised} from './page.js';
import {sourceOf, sourcesIn} from './tree.js';

const sources = sourcesIn('src');

describe('docs/messages.md', () => {
  it('is what the sources say (npm run docs writes it)', async () => {
    await expect(await messagesPage(sources)).toMatchFileSnapshot('../../docs/messages.md');
  });

  it('advises nothing about a message that is gone', () => {
    expect(leftOver(sources)).toEqual([]);
  });

  it('says what to do about each reason of "Not protected"', () => {
    expect(unadvised(sources)).toEqual([]);
    expect(reasons(sources).length).toBeGreaterThan(15);
  });
});

const of = (...files: [path: string, text: string][]) =>
  new Map(files.map(([path, text]) => [path, sourceOf(path, text)]));
const errors: [string, string] = ['src/errors.ts', 'export class Abort extends Error {}'];

describe('what a failure says', () => {
  it.each([
    ['a hole by its name', 'throw new Abort(`There is no ${host.name}.`)', ['There is no HOST.']],
    ['each side of a choice', "throw new Abort(a ? 'It is off.' : 'It is on.')", ['It is off.', 'It is on.']],
    ['a constant', "const why = 'It is off.';\nthrow new Abort(why)", ['It is off.']],
    [
      'every caller of what hands it on',
      "const no = (say: string) => new Abort(say);\nno('It is off.');\nno('It is on.');",
      ['It is off.', 'It is on.'],
    ],
    [
      'a function of sentences',
      'const say = (who: string) => `It is ${who} now.`;\nthrow new Abort(say(name))',
      ['It is NAME now.'],
    ],
  ])('%s', (_, text, says) => {
    expect(aborts(of(errors, ['src/x.ts', text])).map(({say}) => say)).toEqual(says);
  });

  it('has its advice and its exit code, also across files', () => {
    const found = aborts(
      of(
        errors,
        ['src/a.ts', "import {no} from './b.js';\nno('It is off.', ['Turn it on.']);"],
        [
          'src/b.ts',
          'export function no(say: string, next: string[]) { throw new Abort(say, {next, exit: Exit.unreachable}); }',
        ],
      ),
    );
    expect(found).toEqual([{path: 'src/b.ts', say: 'It is off.', next: ['Turn it on.'], exits: [4]}]);
  });
});

it('keeps together what one condition chooses', () => {
  const text = `const next = off ? ['Turn it on.'] : ['Turn it off.'];
    throw new Abort(off ? 'It is off.' : 'It is on.', {next});`;
  expect(aborts(of(errors, ['src/x.ts', text])).map(({say, next}) => [say, next])).toEqual([
    ['It is off.', ['Turn it on.']],
    ['It is on.', ['Turn it off.']],
  ]);
});

it('keeps the advice of a finding and of a check beside its sentence', () => {
  const finding = `const blocks = (id: string, sentence: string, fix: string) => list.push({id, level: 'blocks', sentence, fix});
    blocks('a', 'It is off.', 'Turn it on.');
    blocks('b', 'It is full.', 'Make room.');`;
  expect(findings(of(['src/phases/x.ts', finding])).map(({say, next, sign}) => [say, next, sign])).toEqual([
    ['It is off.', ['Turn it on.'], 'blocks'],
    ['It is full.', ['Make room.'], 'blocks'],
  ]);
  const check = "stop('disk', 'It is full.', 'Make room.')";
  expect(
    checks(of(['src/drill/x.ts', check]), /drill/, 1).map(({say, next, sign}) => [say, next, sign]),
  ).toEqual([['It is full.', ['Make room.'], 'stop']]);
});
