import {chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {checkPair} from '../../src/pair/check.js';
import {expandHome, folders, pairFiles, type Folders} from '../../src/pair/paths.js';
import type {Pair} from '../../src/pair/schema.js';
import {loadPair, pairNames, savePair, writeWhole} from '../../src/pair/store.js';

let home: string;
let where: Folders;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'store-'));
  where = folders({}, home);
});
afterEach(() => rm(home, {recursive: true}));

function aPair(change: Record<string, unknown> = {}): Pair {
  const checked = checkPair({
    primary: {ssh: 'root@a'},
    standby: {ssh: 'root@b'},
    channel: {type: 'irc', secrets: {password: {prompt: true}, 'nickserv.password': {env: 'N'}}},
    model: {primary: 'a/b'},
    ...change,
  });
  if (!checked.ok) throw new Error('the test pair is wrong');
  return checked.pair;
}

describe('the pair store', () => {
  it('gives back what was saved', async () => {
    const pair = aPair();
    await savePair(pair, where);
    expect(await loadPair('default', where)).toEqual(pair);
  });

  it('knows no pair before one is saved', async () => {
    expect(await loadPair('default', where)).toBeUndefined();
    expect(await pairNames(where)).toEqual([]);
  });

  it('keeps pairs apart by name', async () => {
    await savePair(aPair({name: 'work'}), where);
    await savePair(aPair({name: 'home'}), where);
    expect(await pairNames(where)).toEqual(['home', 'work']);
  });

  it('is readable by the operator alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const path = await savePair(aPair(), where);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(before);
    }
  });

  it('tightens a file that was opened to others by hand', async () => {
    const path = await savePair(aPair(), where);
    await chmod(path, 0o644);
    await savePair(aPair(), where);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves the old file whole and nothing beside it when writing fails', async () => {
    const path = await savePair(aPair(), where);
    const target = join(dirname(path), 'folder');
    await mkdir(join(target, 'inside'), {recursive: true});
    // Renaming a file over a folder fails after the bytes are written, which is the latest moment.
    await expect(writeWhole(target, 'new')).rejects.toThrow(/cannot be written/);
    expect((await readdir(dirname(path))).toSorted()).toEqual(['folder', 'pair.json']);
    expect(await loadPair('default', where)).toEqual(aPair());
  });

  it('never shows a reader half a file', async () => {
    const path = await savePair(aPair(), where);
    const reading = {on: true};
    const seen: string[] = [];
    const reader = (async () => {
      while (reading.on) {
        // oxlint-disable-next-line no-await-in-loop
        seen.push(await readFile(path, 'utf8'));
      }
    })();
    // oxlint-disable-next-line no-await-in-loop
    for (let round = 0; round < 20; round++)
      await savePair(aPair({model: {primary: `a/${'x'.repeat(20_000)}${round}`}}), where);
    reading.on = false;
    await reader;
    for (const text of seen) expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it.each([
    ['is no JSON', '{', /is not valid JSON/],
    ['has a key of another version', JSON.stringify({...aPair(), later: 1}), /does not fit this version/],
  ])('refuses a file that %s and says how to go on', async (_what, text, sentence) => {
    const {pair, folder} = pairFiles('default', where);
    await mkdir(folder, {recursive: true});
    await writeFile(pair, text);
    await expect(loadPair('default', where)).rejects.toMatchObject({
      message: expect.stringMatching(sentence) as string,
      next: [expect.stringContaining(pair)],
    });
  });

  it('holds no value of a secret, only where it comes from', async () => {
    const path = await savePair(aPair(), where);
    const text = JSON.parse(await readFile(path, 'utf8')) as {channel: {secrets: unknown}};
    expect(text.channel.secrets).toEqual({password: {prompt: true}, 'nickserv.password': {env: 'N'}});
  });
});

describe('folders', () => {
  it('follow XDG, and ignore a relative variable', () => {
    expect(folders({XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 's'}, '/home/me')).toEqual({
      config: '/c/failover-wizard',
      state: '/home/me/.local/state/failover-wizard',
    });
  });

  it('put the audit log of each pair in the state folder', () => {
    expect(pairFiles('home', folders({}, '/home/me'))).toMatchObject({
      pair: '/home/me/.config/failover-wizard/pairs/home/pair.json',
      knownHosts: '/home/me/.config/failover-wizard/pairs/home/known_hosts',
      audit: '/home/me/.local/state/failover-wizard/home/audit.jsonl',
    });
  });

  it('expand ~ only where it is the home', () => {
    expect(expandHome('~/x', '/home/me')).toBe('/home/me/x');
    expect(expandHome('~', '/home/me')).toBe('/home/me');
    expect(expandHome('~other/x', '/home/me')).toBe('~other/x');
  });
});
