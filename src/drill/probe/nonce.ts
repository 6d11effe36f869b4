import {randomInt} from 'node:crypto';

// Without what sounds or looks like another, so that a model and a person repeat it without a slip.
const consonants = 'bdfgklmnprstvz';
const vowels = 'aeiou';

/** A word of eight letters (24 million of them) that nobody says by chance, e.g. `tovanilu`. */
export function freshNonce(): string {
  const one = (letters: string) => letters[randomInt(letters.length)];
  return Array.from({length: 4}, () => `${one(consonants)}${one(vowels)}`).join('');
}

/** Whether a text holds the word, however it is written (`TOVANILU.`). */
export const holds = (text: string, nonce: string): boolean =>
  text.toLowerCase().includes(nonce.toLowerCase());
