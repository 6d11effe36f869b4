import {expect, test} from 'vitest';
import {readAnswer} from '../../../src/screens/plain/ask.js';
import type {Answer, Question} from '../../../src/plan/events.js';
import {pluginFailure} from '../recorded.js';

const review: Question = {type: 'review', phase: 'test', changes: []};
const failed: Question = {type: 'failed', phase: 'test', error: pluginFailure};

test.each<[Question, string, Answer | undefined]>([
  [review, '', 'apply'],
  [review, '1', 'apply'],
  [review, ' 3 ', 'quit'],
  [review, 'Skip', 'skip'],
  [review, 'q', 'quit'],
  [review, '4', undefined],
  [review, '0', undefined],
  [review, 'retry', undefined],
  [failed, '', 'retry'],
  [failed, 'r', 'retry'],
  [failed, 'apply', undefined],
])('%o answered with %j is %s', (question, typed, answer) =>
  expect(readAnswer(question, typed)).toBe(answer),
);
