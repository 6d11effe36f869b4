import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {keepTargets, type TargetOptions} from '../../../src/cli/drill/targets.js';
import {gather} from '../../../src/cli/gather.js';
import {Abort, Exit} from '../../../src/errors.js';
import type {Folders} from '../../../src/pair/paths.js';
import {pairSchema, type Pair} from '../../../src/pair/schema.js';
import {loadPair, savePair} from '../../../src/pair/store.js';
import {answers} from '../../phases/facts.js';

let folder: string;
let where: Folders;
const pairOf = (drill?: Pair['drill']): Pair => pairSchema.parse({...answers, ...(drill && {drill})});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'targets-'));
  where = {config: join(folder, 'config'), state: join(folder, 'state')};
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

async function kept(before: Pair['drill'], options: TargetOptions) {
  await savePair(pairOf(before), where);
  const pair = await keepTargets(pairOf(before), options, where);
  return {used: pair.drill, saved: (await loadPair('default', where))?.drill};
}

describe('the targets of a drill', () => {
  it.each([
    ['one for the bot', {}, {rto: '90s'}, {rtoS: 90}],
    ['one for the workspace', {}, {rpo: '1h30m'}, {rpoS: 5_400}],
    ['both', {}, {rto: '1m', rpo: '10m'}, {rtoS: 60, rpoS: 600}],
    ['one beside the other', {rpoS: 600}, {rto: '1m'}, {rtoS: 60, rpoS: 600}],
    ['a new one for an old one', {rtoS: 60}, {rto: '2m'}, {rtoS: 120}],
    ['none any more', {rtoS: 60, rpoS: 600}, {rto: 'none'}, {rpoS: 600}],
    [
      'a probe',
      {rtoS: 60},
      {probe: 'command=/opt/ask'},
      {rtoS: 60, probe: {kind: 'command', path: '/opt/ask', timeoutS: 120}},
    ],
    [
      'no probe any more',
      {rtoS: 60, probe: {kind: 'irc', nick: 'ops', timeoutS: 60}},
      {probe: 'none'},
      {rtoS: 60},
    ],
  ] as [string, Pair['drill'], TargetOptions, Pair['drill']][])(
    'are used and kept: %s',
    async (_, before, options, after) =>
      expect(await kept(before, options)).toEqual({used: after, saved: after}),
  );

  it('stay as they are when nothing is said', async () => {
    const pair = pairOf({rtoS: 60});
    expect(await keepTargets(pair, {}, where)).toBe(pair);
  });

  it('are used once and not kept by somebody who only looks', async () =>
    expect(await kept({rtoS: 60}, {rto: '2m', dryRun: true})).toEqual({
      used: {rtoS: 120},
      saved: {rtoS: 60},
    }));

  it('are not kept of a pair that was only given as an answers file', async () => {
    expect((await keepTargets(pairOf(), {rto: '1m'}, where)).drill).toEqual({rtoS: 60});
    expect(await loadPair('default', where)).toBeUndefined();
  });

  it.each([
    ['rto', '60', /^--rto: "60" is no length of time.*needs a unit.* Or: none$/],
    ['rpo', 'soon', /^--rpo: "soon" is no length of time/],
    ['rto', '0s', /^--rto: must be at least 1s\. Or: none$/],
  ])('--%s %s is refused in one sentence', async (flag, text, message) => {
    const error = await keepTargets(pairOf(), {[flag]: text}, where).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Abort);
    expect((error as Abort).message).toMatch(message);
    expect((error as Abort).exit).toBe(Exit.usage);
  });

  it.each([
    ['rto', '25h', '24 h'],
    ['rpo', '999999h', '720 h'],
  ])(
    '--%s %s is more than a saved pair may hold, and is refused before it is saved',
    async (flag, text, most) => {
      await savePair(pairOf({rtoS: 60}), where);
      const error = await keepTargets(pairOf({rtoS: 60}), {[flag]: text}, where).catch(
        (thrown: unknown) => thrown,
      );
      expect((error as Abort).exit).toBe(Exit.usage);
      expect((error as Abort).message).toBe(`--${flag}: must be at most ${most}. Or: none`);
      expect((await loadPair('default', where))?.drill).toEqual({rtoS: 60});
    },
  );
});

describe('setup that is run again', () => {
  it('keeps what is said of drills in the saved pair, with flags and with an answers file that say nothing of it', async () => {
    const drill = {rtoS: 60, probe: {kind: 'irc' as const, nick: 'ops', timeoutS: 60}};
    await savePair(pairOf(drill), where);
    const {draft} = await gather({pair: 'default', model: 'stub/other'}, where, {ask: false, env: {}});
    expect(draft).toMatchObject({drill});
    const file = join(folder, 'answers.json');
    writeFileSync(file, JSON.stringify(answers));
    expect((await gather({answers: file}, where, {ask: false, env: {}})).draft).toMatchObject({drill});
    writeFileSync(file, JSON.stringify({...answers, drill: {rpoS: 600}}));
    expect((await gather({answers: file}, where, {ask: false, env: {}})).draft['drill']).toEqual({rpoS: 600});
  });
});
