import {Writable} from 'node:stream';
import {expect, it} from 'vitest';
import {watchJson, watchLines} from '../../../src/cli/watch/streams.js';
import {WatchStore} from '../../../src/screens/watch/model/store.js';
import {firstWords, pairFacts, told} from '../../screens/watch/model/playing.js';

function paper() {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return {stream, lines: () => text.split('\n').filter(Boolean)};
}

/** Both hosts have told everything. */
function fill(store: WatchStore): void {
  for (const host of ['primary', 'standby'] as const) {
    store.put({on: 'link', host, link: {state: 'up'}});
    store.put({on: 'facts', host, facts: pairFacts(host)});
    for (const one of firstWords(host, Date.now())) store.put(told(host, one));
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 250));

it('nothing is said before both hosts have been tried; then the verdict', async () => {
  const {stream, lines} = paper();
  const leaving = new AbortController();
  const store = new WatchStore({pair: 'home'});
  const watching = watchLines(stream, [{name: 'home', store}], leaving.signal);
  store.put({on: 'link', host: 'primary', link: {state: 'connecting', attempt: 1}});
  await soon();
  expect(lines()).toEqual([]);
  fill(store);
  await soon();
  expect(lines()).toEqual([expect.stringMatching(/^\[\d\d:\d\d:\d\d\] (Protected|Not protected)/)]);
  leaving.abort();
  await watching;
});

it('of several pairs each line names its own', async () => {
  const {stream, lines} = paper();
  const leaving = new AbortController();
  const pairs = ['home', 'work'].map((name) => ({name, store: new WatchStore({pair: name})}));
  const watching = watchLines(stream, pairs, leaving.signal);
  for (const {store} of pairs) fill(store);
  await soon();
  expect(
    lines()
      .map((line) => line.slice(11, 17))
      .toSorted(),
  ).toEqual(['home: ', 'work: ']);
  leaving.abort();
  await watching;
});

it('a JSON line is a sample of a pair: one at once, the next after the interval', async () => {
  const {stream, lines} = paper();
  const leaving = new AbortController();
  const store = new WatchStore({pair: 'home'});
  const watching = watchJson(stream, [{name: 'home', store}], leaving.signal, 60_000);
  fill(store);
  await soon();
  store.tick();
  await soon();
  expect(lines()).toHaveLength(1);
  expect(JSON.parse(lines()[0]!)).toMatchObject({pair: 'home', verdict: {state: expect.any(String)}});
  leaving.abort();
  await watching;
});

it('a JSON line does not wait for the interval when the verdict changes', async () => {
  const {stream, lines} = paper();
  const leaving = new AbortController();
  const store = new WatchStore({pair: 'home'});
  const watching = watchJson(stream, [{name: 'home', store}], leaving.signal, 60_000);
  fill(store);
  await soon();
  store.put(told('standby', {kind: 'monitor', activeState: 'inactive'}));
  await soon();
  expect(lines().map((line) => JSON.parse(line).verdict.words)).toEqual([
    expect.any(String),
    'Not protected: monitor down',
  ]);
  leaving.abort();
  await watching;
});
