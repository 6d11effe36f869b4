export type Level = 'ok' | 'tip' | 'problem';

/** One thing that was looked at: how it is, in one sentence, and what to do about it. */
export interface Finding {
  /** What it is about, one word: `ssh`, `agent`. */
  about: string;
  level: Level;
  sentence: string;
  /** A command or a sentence. */
  next?: string;
}

export const ok = (about: string, sentence: string): Finding => ({about, level: 'ok', sentence});
export const tip = (about: string, sentence: string, next: string): Finding => ({
  about,
  level: 'tip',
  sentence,
  next,
});
export const problem = (about: string, sentence: string, next: string): Finding => ({
  about,
  level: 'problem',
  sentence,
  next,
});
