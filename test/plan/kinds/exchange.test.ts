import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {exchange} from '../../../src/plan/kinds/exchange.js';
import {windowLines} from '../../../src/plan/kinds/window-lines.js';
import {contextOf, localHost} from '../local-host.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-exchange-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const at = (...parts: string[]) => join(folder, ...parts);
const make = (name: string, version: string) => {
  mkdirSync(at(name));
  writeFileSync(at(name, 'version'), version);
};
const version = (name: string) => readFileSync(at(name, 'version'), 'utf8');

const run = (commands: string, env?: Record<string, string>) => {
  const host = localHost(env);
  const context = contextOf(host);
  const onLine = windowLines({id: 'x'}, context);
  const text = `set -eu\n${exchange}\ncd ${folder}\n${commands}`;
  return host.script({label: 'x', text}, {onLine}).then((ran) => ({ran, context}));
};

describe('the exchange of a new folder for an old one', () => {
  it('puts the new one in place, and keeps the old one beside it', async () => {
    make('place', 'old');
    make('place.new', 'new');
    const {ran, context} = await run('exchange "$PWD/place.new" "$PWD/place"\n');
    expect(ran.stderr).toBe('');
    expect([version('place'), version('place.old'), existsSync(at('place.new'))]).toEqual([
      'new',
      'old',
      false,
    ]);
    expect(context.events).toEqual([]);
  });

  it('is a plain move where there was none', async () => {
    make('place.new', 'new');
    const {ran} = await run('exchange "$PWD/place.new" "$PWD/place"\n');
    expect(ran.code).toBe(0);
    expect([version('place'), existsSync(at('place.old'))]).toEqual(['new', false]);
  });

  it('leaves no moment in which there is nothing: looked at all the while', async () => {
    make('place', 'a');
    const swap = {over: false};
    const swapping = run(`i=0
while [ $i -lt 60 ]; do
  mkdir place.new; echo b$i > place.new/version
  exchange "$PWD/place.new" "$PWD/place"
  i=$((i + 1))
done
`).finally(() => (swap.over = true));
    let looks = 0;
    let missing = 0;
    const seen = new Set<string>();
    while (!swap.over) {
      for (let each = 0; each < 200; each += 1) {
        looks += 1;
        // Only the way to it: the old folder itself is removed behind whoever has it open.
        if (existsSync(at('place'))) seen.add(version('place'));
        else missing += 1;
      }
      // oxlint-disable-next-line no-await-in-loop
      await new Promise(setImmediate);
    }
    expect((await swapping).ran.code).toBe(0);
    expect(looks).toBeGreaterThan(1_000);
    expect(seen.size).toBeGreaterThan(5);
    expect(missing).toBe(0);
  });

  it('takes two steps where the file system knows no other way, and says for how long', async () => {
    make('place', 'old');
    make('place.new', 'new');
    mkdirSync(at('bin'));
    writeFileSync(at('bin/perl'), '#!/bin/sh\ncase $1 in -M*) exec /usr/bin/perl "$@" ;; esac\nexit 1\n');
    chmodSync(at('bin/perl'), 0o755);
    const {ran, context} = await run('exchange "$PWD/place.new" "$PWD/place"\n', {
      PATH: `${at('bin')}:${process.env.PATH}`,
    });
    expect(ran.code).toBe(0);
    expect([version('place'), version('place.old')]).toEqual(['new', 'old']);
    expect(context.events).toMatchObject([{type: 'unprotected', id: 'x'}]);
    const [{fromMs, toMs}] = context.events as {fromMs: number; toMs: number}[] as [
      {fromMs: number; toMs: number},
    ];
    expect(toMs - fromMs).toBeGreaterThanOrEqual(0);
    expect(toMs - fromMs).toBeLessThan(5_000);
  });
});
