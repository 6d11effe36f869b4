import {readFileSync, readdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import {advice} from '../../src/monitor/tell/advice.js';
import {verdictWords} from '../../src/screens/watch/model/reason-words.js';
import {reasons} from './tables.js';
import {sourcesIn} from './tree.js';

const pages = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name): [string, string] => [name, readFileSync(`docs/${name}`, 'utf8').replaceAll(/\s+/g, ' ')]);

const found = (pattern: RegExp) =>
  pages.flatMap(([name, text]) => [...text.matchAll(pattern)].map(([, words]) => `${name}: ${words}`));
const strange = (told: string[], known: ReadonlySet<string>) =>
  told.filter((one) => !known.has(one.slice(one.indexOf(': ') + 2)));

it('what stands behind "Not protected:" in the documents is what the screen says', () => {
  const told = found(/`Not protected: ([^`…]+)`/g);
  // A verdict that says nothing of the primary itself stands there by its own words.
  const known = new Set([
    ...reasons(sourcesIn('src')).map(({sign}) => sign!),
    verdictWords('partition'),
    verdictWords('isolated'),
  ]);
  expect(told.length).toBeGreaterThan(5);
  expect(strange(told, known)).toEqual([]);
});

it('a message or alert that the documents name has that title', () => {
  const told = found(/\b(?:messages?|alerts?) (?:is )?"([^"]+)"/g);
  expect(told.length).toBeGreaterThan(3);
  expect(strange(told, new Set(Object.values(advice).map(({title}) => title)))).toEqual([]);
});
