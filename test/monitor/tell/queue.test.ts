import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {noNews, takeEvent} from '../../../src/monitor/tell/news.js';
import {
  delivered,
  emptyQueue,
  enqueue,
  nextFor,
  prune,
  refused,
  waitingFor,
  type Queue,
} from '../../../src/monitor/tell/queue.js';
import {loadKept, saveKept} from '../../../src/monitor/tell/queue-file.js';
import {deliveredWay, failedWay, freshWay} from '../../../src/monitor/tell/ways.js';
import {eventAt, hook, messageNo, stampAt, teller} from './given.js';

const add = (queue: Queue, no: number, to = ['a', 'b'], atS = no, level: 'alert' | 'info' = 'alert') =>
  enqueue(queue, [{message: messageNo(no, level), to}], stampAt(atS));
const ids = (queue: Queue, name: string, atS = 0) =>
  nextFor(queue, name, teller, stampAt(atS)).map(({id}) => id);

describe('the queue', () => {
  it('gives each target its own messages, oldest first, and each once', () => {
    let queue = add(add(emptyQueue, 1), 2, ['a']);
    expect([ids(queue, 'a'), ids(queue, 'b')]).toEqual([['b-1', 'b-2'], ['b-1']]);
    queue = delivered(queue, 'a', 'b-1');
    expect([ids(queue, 'a'), ids(queue, 'b')]).toEqual([['b-2'], ['b-1']]);
    queue = delivered(delivered(queue, 'a', 'b-2'), 'b', 'b-1');
    expect(queue.entries).toEqual([]);
  });

  it('a message that a target refuses lets the others pass', () => {
    const queue = refused(add(add(add(emptyQueue, 1), 2), 3), 'a', 'b-1');
    expect(ids(queue, 'a')).toEqual(['b-2', 'b-3', 'b-1']);
    expect(ids(queue, 'b')).toEqual(['b-1', 'b-2', 'b-3']);
  });

  it('gives up what is a day old, and the target hears how many that were', () => {
    const day = 24 * 3600;
    let queue = add(add(add(emptyQueue, 1, ['a'], 0), 2, ['a'], 10), 3, ['a'], 20_000);
    queue = prune(queue, ['a'], stampAt(day + 10));
    const [note, ...rest] = nextFor(queue, 'a', teller, stampAt(day + 10));
    expect(note).toMatchObject({
      event: 'dropped',
      what: '2 messages for "a" could not be delivered and were dropped.',
    });
    expect(rest.map(({id}) => id)).toEqual(['b-3']);
    queue = delivered(queue, 'a', note!.id);
    expect(ids(queue, 'a')).toEqual(['b-3']);
    expect(waitingFor(queue, 'a')).toBe(1);
  });

  it('a note that was overtaken by more losses is given once more', () => {
    const day = 24 * 3600;
    let queue = prune(add(emptyQueue, 1, ['a'], 0), ['a'], stampAt(day));
    const [note] = nextFor(queue, 'a', teller, stampAt(day));
    queue = prune(add(queue, 2, ['a'], 5), ['a'], stampAt(day + 5));
    queue = delivered(queue, 'a', note!.id);
    expect(nextFor(queue, 'a', teller, stampAt(day + 5))[0]?.what).toMatch(/^2 messages/);
  });

  it('age is not what a stepped wall clock says', () => {
    const queue = add(emptyQueue, 1, ['a'], 0);
    const jumped = {...stampAt(60), wallMs: stampAt(60).wallMs + 10 * 24 * 3600_000};
    expect(prune(queue, ['a'], jumped).entries).toHaveLength(1);
    expect(prune(queue, ['a'], {...jumped, boot: 'another'}).entries).toHaveLength(0);
  });

  it('is bounded: over 200 the oldest that are no alerts go first', () => {
    let queue = add(add(emptyQueue, 0, ['a']), 1, ['a'], 1, 'info');
    for (let no = 2; no < 202; no += 1) queue = add(queue, no, ['a']);
    expect(queue.entries).toHaveLength(200);
    const left = queue.entries.map(({message}) => message.id);
    expect(left).not.toContain('b-1');
    expect(left[0]).toBe('b-2');
    expect(queue.dropped).toEqual({a: 2});
  });

  it('is bounded in size too', () => {
    let queue = emptyQueue;
    for (let no = 0; no < 190; no += 1)
      queue = enqueue(queue, [{message: {...messageNo(no), what: 'x'.repeat(4000)}, to: ['a']}], stampAt(no));
    expect(JSON.stringify(queue).length).toBeLessThan(400_000);
    expect(queue.entries.at(-1)?.message.id).toBe('b-189');
  });

  it('forgets targets that are no more', () => {
    expect(prune(add(emptyQueue, 1), ['b'], stampAt(2)).entries[0]?.to).toEqual(['b']);
    expect(prune(add(emptyQueue, 1), ['c'], stampAt(2)).entries).toEqual([]);
  });

  it('hands out a few at a time', () => {
    let queue = emptyQueue;
    for (let no = 0; no < 30; no += 1) queue = add(queue, no, ['a']);
    expect(ids(queue, 'a')).toHaveLength(10);
  });
});

describe('a way that fails', () => {
  it('is tried again after 5 s, 10 s, … 15 min, and at once after it worked', () => {
    let way = freshWay;
    const waits: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      way = failedWay(way, 'x', 0);
      waits.push(way.nextMs / 1000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    expect(deliveredWay(way, 'now')).toEqual({failures: 0, nextMs: 0, delivered: 'now', error: null});
  });
  it('waits as long as the server asks for, within reason', () => {
    expect(failedWay(freshWay, 'x', 1000, 120_000).nextMs).toBe(121_000);
    expect(failedWay(freshWay, 'x', 1000, 99_999_999).nextMs).toBe(901_000);
    expect(failedWay(freshWay, 'x', 1000, 1).nextMs).toBe(6000);
  });
});

describe('the file of the queue', () => {
  let folder: string;
  const file = () => path.join(folder, 'tell-queue.json');
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tell-'));
  });
  afterEach(() => rm(folder, {recursive: true}));
  const {news, parcels} = takeEvent(noNews(0), eventAt(1, 1, 'promoting'), [hook], teller);
  const queue = refused(enqueue(emptyQueue, parcels, stampAt(1)), 'hook', 'b00tb00t-1');
  const kept = {news, queue, last: {hook: {delivered: null, error: 'x'}}};

  it('comes back as it was', async () => {
    await saveKept(file(), kept);
    expect((await loadKept(file())).kept).toMatchObject(kept);
  });
  it('that is not there is no trouble', async () => expect(await loadKept(file())).toEqual({}));
  it.each([
    ['cut off', '{"version": 1, "news"'],
    ['empty', ''],
    ['of another version', JSON.stringify({version: 2, ...kept})],
    [
      'with a message that is none',
      JSON.stringify({version: 1, ...kept, queue: {entries: [{message: {}}], dropped: {}}}),
    ],
    [
      'with a time that is none',
      JSON.stringify({
        version: 1,
        ...kept,
        queue: {...queue, entries: [{...queue.entries[0], at: {boot: 1}}]},
      }),
    ],
    [
      'with news that are none',
      JSON.stringify({version: 1, ...kept, news: {...news, flood: {hook: {sent: 1, digest: null}}}}),
    ],
  ])('%s is put aside', async (_what, text) => {
    await writeFile(file(), text);
    expect(await loadKept(file())).toEqual({broken: expect.stringContaining('is kept as')});
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^tell-queue\.json\.broken-\d+$/)]);
  });
});
