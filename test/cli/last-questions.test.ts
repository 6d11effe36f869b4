import {expect, it} from 'vitest';
import {lastQuestions} from '../../src/cli/last-questions.js';

it('asks until it is closed, and says while somebody is asked', async () => {
  const answer = Promise.withResolvers<undefined>();
  const {prompts, asking, close} = lastQuestions({passphrase: () => answer.promise});
  expect(asking()).toBe(false);
  const asked = prompts.passphrase!('~/.ssh/id');
  expect(asking()).toBe(true);
  answer.resolve(undefined);
  await asked;
  expect(asking()).toBe(false);
  close();
  await expect(prompts.passphrase!('~/.ssh/id')).rejects.toMatchObject({exit: 4});
});

it('has no question that there was not before', () => {
  expect(Object.keys(lastQuestions({}).prompts)).toEqual([]);
  expect(Object.keys(lastQuestions({password: async () => undefined}).prompts)).toEqual(['password']);
});
