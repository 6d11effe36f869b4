import {createInterface} from 'node:readline/promises';
import type {Answer, Question} from '../../plan/events.js';
import {questionSentences} from './sentences.js';

const answers: Readonly<Record<Question['type'], readonly (readonly [string, Answer])[]>> = {
  review: [
    ['apply', 'apply'],
    ['skip this phase', 'skip'],
    ['quit', 'quit'],
  ],
  failed: [
    ['try it again', 'retry'],
    ['skip this phase', 'skip'],
    ['quit', 'quit'],
  ],
};

/** The answer typed: a number, a word or its first letter; empty is the first one; undefined is none of them. */
export function readAnswer(question: Question, typed: string): Answer | undefined {
  const choices = answers[question.type];
  const text = typed.trim().toLowerCase();
  if (text === '') return choices[0]?.[1];
  const byNumber = choices[Number(text) - 1]?.[1];
  return byNumber ?? choices.find(([, answer]) => answer === text || answer[0] === text)?.[1];
}

/**
 * Asks in lines, for `--plain` in a terminal (a screen reader): the question, its numbered answers, one line typed.
 * The end of the input or an abort of `signal` is `quit`.
 */
export async function askInLines(
  question: Question,
  {input, output, signal}: {input: NodeJS.ReadableStream; output: NodeJS.WritableStream; signal: AbortSignal},
): Promise<Answer> {
  const choices = answers[question.type];
  const numbered = choices.map(([words], index) => `${index + 1}: ${words}`).join(', ');
  const reader = createInterface({input, output, terminal: false});
  const ended = new AbortController();
  reader.once('close', () => ended.abort());
  try {
    output.write(`${questionSentences(question).join('\n')}\n`);
    for (;;) {
      const prompt = `${numbered}. Type a number and Enter; Enter alone is 1: `;
      const typed = await reader.question(prompt, {signal: AbortSignal.any([signal, ended.signal])});
      const answer = readAnswer(question, typed);
      if (answer !== undefined) return answer;
      output.write('That is none of them.\n');
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return 'quit';
    throw error;
  } finally {
    reader.close();
  }
}
