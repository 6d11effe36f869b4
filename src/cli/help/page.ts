import type {ExitName} from './exit-codes.js';

/** A command line as it is typed, and what it is for in a few words. */
export type Example = readonly [line: string, words: string];

/** Rows under a heading of their own. */
export interface Note {
  title: string;
  rows: readonly (readonly [term: string, words: string])[];
}

/**
 * What a command's help, its part of the man page and the docs say beside its flags. Every command has one
 * (`pages/index.ts`); its examples are parsed by the tests.
 */
export interface Page {
  /** Two to four, the most useful first. */
  examples: readonly Example[];
  notes?: readonly Note[];
  /** Names of variables that matter to this command in particular. */
  environment?: readonly string[];
  /** What exit codes mean here; `true`: what they mean everywhere. 0, 1, 2 and 130 are there without being named. */
  exits?: Partial<Record<ExitName, string | true>>;
  /** A file of the package that tells more: `docs/drill.md`. */
  more?: string;
}
