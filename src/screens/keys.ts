import type {Key} from 'ink';

/** Where a key is pressed: the setup screen, a page over it (plan, log …), the live view. */
export type Place = 'setup' | 'page' | 'watch';

export type Action =
  | 'plan'
  | 'log'
  | 'split'
  | 'help'
  | 'copy'
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

interface Binding {
  action: Action;
  places: readonly Place[];
  /** How the key is written in the footer and in the help. */
  keys: string;
  /** One or two words for the footer; absent: only in the help. */
  short?: string;
  /** A sentence for the help. */
  help: string;
  /** Shown in the footer only while this is true of the screen. */
  when?: 'copyable';
  matches: (input: string, key: Key) => boolean;
}

const typed = (letter: string) => (input: string, key: Key) => input === letter && !key.ctrl && !key.meta;

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
    places: ['setup', 'watch'],
    keys: 's',
    short: 'split',
    help: 'Who owns which channel account.',
    matches: typed('s'),
  },
  {
    action: 'copy',
    places: ['setup'],
    keys: 'y',
    short: 'copy',
    help: 'Copies the key or address that is waited for, where the terminal allows it.',
    when: 'copyable',
    matches: typed('y'),
  },
  {
    action: 'refresh',
    places: ['watch'],
    keys: 'r',
    short: 'refresh',
    help: 'Reads both hosts now.',
    matches: typed('r'),
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
    places: ['setup', 'watch'],
    keys: '?',
    short: 'help',
    help: 'This page.',
    matches: typed('?'),
  },
  {
    action: 'quit',
    places: ['watch'],
    keys: 'q',
    short: 'quit',
    help: 'Leaves at once; nothing on the hosts changes.',
    matches: typed('q'),
  },
  {
    action: 'interrupt',
    places: ['setup'],
    keys: 'Ctrl+C',
    help: 'Finishes the step in hand, then stops. Once more: leaves at once.',
    matches: (input, key) => key.ctrl && input === 'c',
  },
  {
    action: 'interrupt',
    places: ['watch'],
    keys: 'Ctrl+C',
    help: 'Leaves at once.',
    matches: (input, key) => key.ctrl && input === 'c',
  },
];

/** What a key means at the first of some places that knows it (a page before the screen under it); undefined: nothing. */
export function actionFor(places: readonly Place[], input: string, key: Key): Action | undefined {
  for (const place of places) {
    const found = bindings.find((each) => each.places.includes(place) && each.matches(input, key));
    if (found) return found.action;
  }
  return undefined;
}

/** The keys worth a word in a footer. A page says how to leave it, not what the screen under it does with the same key. */
export function footerKeys(
  places: readonly Place[],
  {copyable = false} = {},
): {keys: string; short: string}[] {
  return bindings.flatMap(({places: own, action, keys, short, when}) => {
    const here = places.some((place) => own.includes(place)) && (when === undefined || copyable);
    const hidden = places[0] === 'page' && action === 'quit';
    return here && !hidden && short !== undefined ? [{keys, short}] : [];
  });
}

/** Every key of some places, once each, with its sentence. */
export function helpKeys(places: readonly Place[]): {keys: string; help: string}[] {
  const found = bindings.filter((each) => each.places.some((place) => places.includes(place)));
  return found.map(({keys, help}) => ({keys, help}));
}
