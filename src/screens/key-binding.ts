import type {Key} from 'ink';

/**
 * Where a key is pressed: the setup screen, a page over it (plan, log …), the live view, a page over that one, its
 * log, the list of pairs, a line that is being typed, an act of the operator, a drill that goes on.
 */
export type Place =
  'setup' | 'page' | 'live' | 'live-page' | 'live-log' | 'pairs' | 'typing' | 'act' | 'exercise';

export type Action =
  | 'plan'
  | 'log'
  | 'split'
  | 'help'
  | 'copy'
  | 'drill'
  | 'pause'
  | 'promote'
  | 'demote'
  | 'filter'
  | 'level'
  | 'nextPane'
  | 'previousPane'
  | 'enter'
  | 'back'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'top'
  | 'bottom'
  | 'refresh'
  | 'quit'
  | 'interrupt';

/** An act asks for what it needs, runs, asks for the name of the pair, and has an end. */
export type ActStep = 'form' | 'running' | 'typing' | 'ended';

/** What is true of a screen, as far as it decides which keys its footer offers. */
export interface Situation {
  /** There is something that a copy would be of. */
  copyable?: boolean;
  /** The standby is in charge: what can be asked is to give back. */
  active?: boolean;
  /** The monitor is paused. */
  paused?: boolean;
  /** How far an act of the operator is. */
  act?: ActStep;
  /** A drill is being taken back. */
  stopping?: boolean;
}

/** Headings of the help of the live view. */
export type Section = 'Look' | 'Move' | 'Act' | 'Leave';

/** One key in some places: what it does, how it is written, and what is said of it. */
export interface Binding {
  action: Action;
  places: readonly Place[];
  /** How the key is written in the footer and in the help. */
  keys: string;
  /** One or two words for the footer; absent or none: only in the help. */
  short?: string | ((situation: Situation) => string | undefined);
  /** Where a footer is narrow, the highest number gives way first; 0 never does. Default 5. */
  yields?: number;
  /** A sentence for the help. */
  help: string;
  section?: Section;
  matches: (input: string, key: Key) => boolean;
}

/** A letter by itself: not with Ctrl or Alt, and not as part of several characters that came at once. */
export const typed = (letter: string) => (input: string, key: Key) =>
  input === letter && !key.ctrl && !key.meta;
export const ctrlC = (input: string, key: Key) => key.ctrl && input === 'c';
