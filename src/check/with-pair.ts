import {quoteWord} from '../ssh/quote.js';

/** Commands of ours as they stand in sentences; those that name a pair already are left alone. */
const ours =
  /\bfailover-wizard (?:setup|watch|resume|demote|promote|explain|drill schedule|drill|pause --for \d+m)\b(?! --pair)/g;

/**
 * A sentence whose commands are about this pair: without a name `setup` would begin another one, and with several pairs
 * the others would not know which is meant. Pure.
 */
export const withPair = (text: string, pair: string): string =>
  pair === 'default' ? text : text.replaceAll(ours, `$& --pair ${quoteWord(pair)}`);
