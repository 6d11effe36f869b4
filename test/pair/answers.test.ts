import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Abort, Exit} from '../../src/errors.js';
import {parseAnswers, problemsIn, readAnswers, refuse} from '../../src/pair/answers.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'answers-'));
});
afterEach(() => rm(folder, {recursive: true}));

function caught(run: () => unknown): Abort {
  try {
    run();
  } catch (error) {
    if (error instanceof Abort) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('an answers file', () => {
  it('may have comments, trailing commas and bare keys', () => {
    expect(parseAnswers('{ // why\n name: "a", /* x */ "model": {"primary": "a/b",}, }', 'f')).toEqual({
      name: 'a',
      model: {primary: 'a/b'},
    });
  });

  it.each([
    ['text after the object', '{} x', /f is not valid JSON: .*1:4\.$/],
    ['an open brace', '{"a": 1', /f is not valid JSON: invalid end of input at 1:8\./],
    ['a list', '[]', /^f must hold one object/],
    ['null', 'null', /^f must hold one object/],
  ])('with %s is refused with the place', (_what, text, sentence) => {
    const error = caught(() => parseAnswers(text, 'f'));
    expect(error.message).toMatch(sentence);
    expect(error.exit).toBe(Exit.usage);
  });

  it('cannot reach the prototype of anything', () => {
    parseAnswers('{"__proto__": {"polluted": 1}}', 'f');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(problemsIn(parseAnswers('{"__proto__": {"polluted": 1}}', 'f'), {complete: false})).toHaveLength(
      1,
    );
  });

  it('means paths relative to itself, and leaves ~ and absolute ones alone', async () => {
    const path = join(folder, 'pair.json');
    await writeFile(
      path,
      `{primary: {identityFile: 'keys/id'}, standby: {identityFile: '~/.ssh/id'},
        channel: {secrets: {token: {file: 'token'}}}, model: {secrets: {A: {file: '/run/a'}, B: {env: 'B'}}}}`,
    );
    expect(await readAnswers(path)).toEqual({
      primary: {identityFile: join(folder, 'keys/id')},
      standby: {identityFile: '~/.ssh/id'},
      channel: {secrets: {token: {file: join(folder, 'token')}}},
      model: {secrets: {A: {file: '/run/a'}, B: {env: 'B'}}},
    });
  });

  it('that does not exist is one sentence and exit 2', async () => {
    await expect(readAnswers(join(folder, 'none.json'))).rejects.toMatchObject({
      message: `The answers file ${join(folder, 'none.json')} cannot be read: there is no such file.`,
      exit: Exit.usage,
    });
  });
});

describe('refuse', () => {
  it('passes when there is nothing to say', () => {
    expect(() => refuse([], 'pair.json')).not.toThrow();
  });

  it('puts a single problem into the sentence', () => {
    const error = caught(() => refuse(problemsIn({standby: {ssh: 'a b'}}, {complete: false}), 'pair.json'));
    expect(error.message).toBe('pair.json: standby.ssh: must look like user@host or user@host:port.');
    expect(error.exit).toBe(Exit.usage);
  });

  it('lists several, and names the flag beside what is missing', () => {
    const problems = problemsIn({standby: {ssh: 'a b'}}, {complete: true});
    const error = caught(() => refuse(problems, 'pair.json', (path) => `--${path.join('-')}`));
    expect(error.message).toBe('pair.json: 4 things must be put right.');
    expect(error.detail?.split('\n')).toEqual([
      'primary.ssh: is missing (or give --primary-ssh)',
      'standby.ssh: must look like user@host or user@host:port',
      'channel.type: is missing (or give --channel-type)',
      'model.primary: is missing (or give --model-primary)',
    ]);
  });
});

describe('problemsIn', () => {
  it('lets missing keys pass while somebody can still be asked', () => {
    expect(problemsIn({primary: {ssh: 'root@a'}}, {complete: false})).toEqual([]);
  });
});
