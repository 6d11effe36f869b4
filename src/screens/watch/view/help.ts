import {helpKeys, type Section} from '../../keys.js';
import {dim, span, wrapLine, type Line} from '../../line.js';
import {wrapHanging} from '../../clip.js';
import {glyph} from '../../theme.js';

const sections: readonly {name: Section; title: string}[] = [
  {name: 'Look', title: 'Looking closer'},
  {name: 'Move', title: 'Moving'},
  {name: 'Act', title: 'Acting on the pair'},
  {name: 'Leave', title: 'Leaving'},
];

const signs: readonly (readonly [string, string])[] = [
  [glyph.well, 'well'],
  [glyph.rest, 'at rest, as it should be'],
  [glyph.warn, 'wants to be looked at'],
  [glyph.failed, 'failed; in the row of bars: a probe without an answer'],
  ['!', 'in the timeline: an alert, told to whoever is told'],
  [glyph.unknown, 'not known'],
  [glyph.done, 'a stage that is done'],
  [glyph.open, 'what has the arrows; a stage that goes on'],
];

const words = [
  'The view reads both hosts without a break and changes nothing by itself. Protected means: the monitor watches, it reaches the primary, and the split lets the standby log in.',
  'What is dim is old: nothing has been heard of that host lately, and the view connects again by itself.',
];

const keyColumns = 13;

function rows(entries: readonly (readonly [string, string])[], columns: number): Line[] {
  return entries.flatMap(([key, meaning]) =>
    wrapHanging(`${key.padEnd(keyColumns)}${meaning}`, columns, keyColumns).map((text): Line => [span(text)]),
  );
}

/** The keys in sections, from the key table, and what the signs mean. */
export function helpPage(columns: number): Line[] {
  const keys = helpKeys(['live']);
  const parts = sections.flatMap(({name, title}): Line[] => {
    const own = keys.filter(({section}) => section === name);
    return [
      [],
      [span(title, {bold: true})],
      ...rows(
        own.map(({keys: key, help}) => [key, help]),
        columns,
      ),
    ];
  });
  return [
    ...words.flatMap((text): Line[] => [...wrapLine([span(text)], columns), []]).slice(0, -1),
    ...parts,
    [],
    [span('Signs', {bold: true})],
    ...rows(signs, columns),
    [],
    ...wrapLine([dim('A page is left with Esc, q, or the key that opened it.')], columns),
  ];
}
