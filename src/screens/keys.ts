import type {Key} from 'ink';
import {
  ctrlC,
  typed,
  type Action,
  type Binding,
  type Place,
  type Section,
  type Situation,
} from './key-binding.js';
import {liveKeys} from './live-keys.js';

export type {Action, Place, Section, Situation} from './key-binding.js';

/**
 * The one key table: the handler, the footer and the help all read it, so they cannot disagree. A letter only
 * counts when it arrives alone; a paste of several characters matches nothing.
 */
const bindings: readonly Binding[] = [
  {
    action: 'plan',
    places: ['setup'],
    keys: 'p',
    short: 'plan',
    help: 'The changes of every phase, files as diffs.',
    matches: typed('p'),
  },
  {
    action: 'log',
    places: ['setup'],
    keys: 'l',
    short: 'log',
    help: 'Everything the commands on both hosts have said.',
    matches: typed('l'),
  },
  {
    action: 'split',
    places: ['setup'],
    keys: 's',
    short: 'split',
    help: 'Who owns which channel account.',
    matches: typed('s'),
  },
  {
    action: 'copy',
    places: ['setup'],
    keys: 'y',
    short: ({copyable}) => (copyable ? 'copy' : undefined),
    help: 'Copies the key or address that is waited for, where the terminal allows it.',
    matches: typed('y'),
  },
  {
    action: 'back',
    places: ['page'],
    keys: 'Esc',
    short: 'back',
    help: 'Leaves this page. The same key that opened it does so too, and q.',
    matches: (input, key) => key.escape || typed('q')(input, key),
  },
  {
    action: 'up',
    places: ['page'],
    keys: '↑ k',
    help: 'One line up.',
    matches: (input, key) => key.upArrow || typed('k')(input, key),
  },
  {
    action: 'down',
    places: ['page'],
    keys: '↓ j',
    help: 'One line down.',
    matches: (input, key) => key.downArrow || typed('j')(input, key),
  },
  {
    action: 'pageUp',
    places: ['page'],
    keys: 'PgUp b',
    help: 'One screen up.',
    matches: (input, key) => key.pageUp || typed('b')(input, key),
  },
  {
    action: 'pageDown',
    places: ['page'],
    keys: 'PgDn Space',
    help: 'One screen down.',
    matches: (input, key) => key.pageDown || typed(' ')(input, key),
  },
  {
    action: 'top',
    places: ['page'],
    keys: 'Home g',
    help: 'To the beginning.',
    matches: (input, key) => key.home || typed('g')(input, key),
  },
  {
    action: 'bottom',
    places: ['page'],
    keys: 'End G',
    help: 'To the end; the log then follows what comes.',
    matches: (input, key) => key.end || typed('G')(input, key),
  },
  {
    action: 'help',
    places: ['setup'],
    keys: '?',
    short: 'help',
    help: 'This page.',
    matches: typed('?'),
  },
  {
    action: 'interrupt',
    places: ['setup'],
    keys: 'Ctrl+C',
    help: 'Finishes the step in hand, then stops. Once more: leaves at once.',
    matches: ctrlC,
  },
  ...liveKeys,
];

/** What a key means at the first of some places that knows it (a page before the screen under it); undefined: nothing. */
export function actionFor(places: readonly Place[], input: string, key: Key): Action | undefined {
  for (const place of places) {
    const found = bindings.find((each) => each.places.includes(place) && each.matches(input, key));
    if (found) return found.action;
  }
  return undefined;
}

export interface FooterKey {
  keys: string;
  short: string;
  /** Where it is narrow, the highest number gives way first; 0 never does. */
  yields: number;
}

/** The keys worth a word in a footer. A page says how to leave it, not what the screen under it does with the same key. */
export function footerKeys(places: readonly Place[], situation: Situation = {}): FooterKey[] {
  return bindings.flatMap(({places: own, action, keys, short, yields = 5}) => {
    const here = places.some((place) => own.includes(place));
    const hidden = places[0] === 'page' && action === 'quit';
    const words = typeof short === 'function' ? short(situation) : short;
    return here && !hidden && words !== undefined ? [{keys, short: words, yields}] : [];
  });
}

/** Every key of some places, once each, with its sentence. */
export function helpKeys(places: readonly Place[]): {keys: string; help: string; section?: Section}[] {
  const found = bindings.filter((each) => each.places.some((place) => places.includes(place)));
  return found.map(({keys, help, section}) => ({keys, help, ...(section && {section})}));
}
