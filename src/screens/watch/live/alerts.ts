import {clean} from '../../clip.js';
import type {WatchSample} from '../model/sample.js';
import {markOf} from '../view/item.js';
import {protectedOf, type PairRow} from '../view/pairs.js';

/** What the terminal is told outside of the frame: its title, and on a transition a bell and a notification. */
export interface Alert {
  /** `● default: Protected` */
  title: string;
  /** There is something to be told; absent: only the title changes. */
  notify?: {title: string; body: string};
}

/** Text that may stand in an OSC sequence: a semicolon would end its field. */
const inSequence = (text: string) => clean(text).replaceAll(';', ',').slice(0, 160);

export const terminalTitle = ({pair, verdict}: WatchSample): string =>
  inSequence(`${markOf(verdict.tone)} ${pair}: ${verdict.words}`);

/** The first look is no change, and that nothing is known yet or any more is no state. */
function isTransition(before: WatchSample | undefined, after: WatchSample): boolean {
  if (before === undefined || before.verdict.state === 'reading' || after.verdict.state === 'reading')
    return false;
  if (before.verdict.state !== after.verdict.state) return true;
  if (before.verdict.tone !== 'bad' && after.verdict.tone === 'bad') return true;
  return after.split.state === 'conflict' && before.split.state !== 'conflict';
}

/** The same of several pairs: how many of them are well. */
export function listTitle(pairs: readonly PairRow[]): string {
  const {well, tone} = protectedOf(pairs);
  return inSequence(`${markOf(tone)} ${well} of ${pairs.length} pairs protected`);
}

/**
 * What is told when one sample follows another; undefined: nothing. Pure.
 * @param before the newest one that said something: not one of a time in which nothing was known
 */
export function alertFor(before: WatchSample | undefined, after: WatchSample): Alert | undefined {
  const title = terminalTitle(after);
  const isSame = before !== undefined && terminalTitle(before) === title;
  if (!isTransition(before, after)) return isSame ? undefined : {title};
  const {words, sentence} = after.verdict;
  return {title, notify: {title: inSequence(`${after.pair}: ${words}`), body: inSequence(sentence)}};
}

const escape = '\u001B';
const bell = '\u0007';

/** Terminals that know both kinds of notification and would show it twice. */
function knowsBoth({TERM_PROGRAM = '', TERM = ''}: NodeJS.ProcessEnv): boolean {
  return ['WezTerm', 'ghostty', 'iTerm.app'].includes(TERM_PROGRAM) || TERM === 'xterm-kitty';
}

/** The sequences of an alert; none of them moves the cursor, so that they may stand between two frames. */
export function sequencesOf(
  {title, notify}: Alert,
  {bell: mayRing, env = process.env}: {bell: boolean; env?: NodeJS.ProcessEnv},
): string {
  const titled = `${escape}]2;${title}${bell}`;
  if (notify === undefined || !mayRing) return titled;
  const nine = `${escape}]9;${notify.title}. ${notify.body}${bell}`;
  const seven = knowsBoth(env) ? '' : `${escape}]777;notify;${notify.title};${notify.body}${bell}`;
  return `${titled}${nine}${seven}${bell}`;
}

/** Tells a terminal of each change of a pair, between two frames. `title`: instead of the pair's own. */
export function alerting(
  stdout: Pick<NodeJS.WriteStream, 'write'>,
  bell: boolean,
): (after: WatchSample, title?: string) => void {
  let before: WatchSample | undefined;
  let shown: string | undefined;
  return (after, title) => {
    const alert = alertFor(before, after);
    // What happened while nothing was known is told when something is.
    if (after.verdict.state !== 'reading') before = after;
    const wanted = title ?? terminalTitle(after);
    if (alert?.notify === undefined && wanted === shown) return;
    shown = wanted;
    // One write of sequences that move nothing: Ink writes a frame whole, so this never lands within one.
    stdout.write(sequencesOf({...alert, title: wanted}, {bell}));
  };
}

/** The title that was there is kept by the terminal, and comes back; one that keeps none has none afterwards. */
export const keepTitle = `${escape}[22;2t`;
export const restoreTitle = `${escape}]2;${bell}${escape}[23;2t`;
