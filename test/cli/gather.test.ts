import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {chosenPairs, existingPair, gather} from '../../src/cli/gather.js';
import {askTheRest} from '../../src/cli/questions/flow.js';
import {Exit} from '../../src/errors.js';
import {checkPair} from '../../src/pair/check.js';
import {folders, type Folders} from '../../src/pair/paths.js';
import {savePair} from '../../src/pair/store.js';
import {factsOf} from './facts-of.js';
import {enter, fakePrompter} from './fake-prompter.js';

let home: string;
let where: Folders;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gather-'));
  where = folders({}, home);
});
afterEach(() => rm(home, {recursive: true}));

const least = {
  primary: {ssh: 'root@saved-p'},
  standby: {ssh: 'root@saved-s'},
  channel: {type: 'irc', settings: {nick: 'saved'}},
  model: {primary: 'saved/model', fallbacks: ['saved/fallback']},
};

async function save(pair: object): Promise<void> {
  const checked = checkPair(pair);
  if (!checked.ok) throw new Error('the test pair is wrong');
  await savePair(checked.pair, where);
}

async function answersFile(answers: object): Promise<string> {
  const path = join(home, 'answers.json');
  await writeFile(path, JSON.stringify(answers));
  return path;
}

describe('what wins', () => {
  it('is the flag, then the answers file, then the saved pair', async () => {
    await save(least);
    const answers = await answersFile({model: {primary: 'file/model'}, standby: {ssh: 'root@file-s'}});
    const {draft} = await gather({answers, standby: 'root@flag-s'}, where, {ask: true, env: {}});
    expect(draft).toMatchObject({
      primary: {ssh: 'root@saved-p'},
      standby: {ssh: 'root@flag-s'},
      model: {primary: 'file/model'},
      channel: {settings: {nick: 'saved'}},
    });
  });

  it('is any of them over a question, and a question over nothing', async () => {
    const {draft, saved} = await gather({model: 'flag/model', network: 'existing'}, where, {
      ask: true,
      env: {},
    });
    const asking = {
      draft: {...draft, channel: {type: 'other', account: 'a', settings: {dmPolicy: 'open'}}},
      saved,
      secrets: {},
      asked: [],
      facts: {primary: factsOf('primary'), standby: factsOf('standby')},
    };
    const prompter = fakePrompter([
      [/Fallback models/, 'typed/fallback'],
      [/Git remote/, ''],
      [/Host name/, enter],
      [/gateway of the standby/, enter],
      [/Who is told/, enter],
      [/Is this right/, 'go'],
    ]);
    await askTheRest(asking, {ask: true, yes: false}, prompter);
    expect(asking.draft).toMatchObject({model: {primary: 'flag/model', fallbacks: ['typed/fallback']}});
  });

  it('does not hide that the answers file is wrong', async () => {
    await save(least);
    const answers = await answersFile({model: {primary: 'no-provider'}});
    await expect(gather({answers, model: 'a/b'}, where, {ask: true, env: {}})).rejects.toMatchObject({
      message: `${answers}: model.primary: must look like provider/model.`,
      exit: Exit.usage,
    });
  });

  it('for the name of the pair is --pair, and it decides which saved pair is read', async () => {
    await save({...least, name: 'work', model: {primary: 'work/model'}});
    const answers = await answersFile({name: 'home'});
    const {draft} = await gather({answers, pair: 'work'}, where, {ask: true, env: {}});
    expect(draft).toMatchObject({name: 'work', model: {primary: 'work/model'}});
  });
});

describe('secrets', () => {
  const answers = {
    ...least,
    channel: {type: 'irc', secrets: {password: {env: 'A'}}},
    model: {primary: 'a/b', secrets: {K: {env: 'B'}}},
  };

  it('that are not there are all named before anything is connected', async () => {
    await expect(
      gather({answers: await answersFile(answers)}, where, {ask: false, env: {A: 'x'}}),
    ).rejects.toMatchObject({
      message: expect.stringContaining('model.secrets.K: the environment variable B is not set') as string,
      exit: Exit.usage,
    });
  });

  it('are not in what is gathered', async () => {
    const path = await answersFile(answers);
    const gathered = await gather({answers: path}, where, {ask: false, env: {A: 'S3CRET', B: 'S3CRET'}});
    expect(JSON.stringify(gathered)).not.toContain('S3CRET');
  });
});

describe('chosenPairs', () => {
  it('is all that are saved, where none is named', async () => {
    await save({...least, name: 'home'});
    await save({...least, name: 'work'});
    const found = await chosenPairs({}, where);
    expect(found.map(({name}) => name)).toEqual(['home', 'work']);
    expect(await chosenPairs({pair: 'work'}, where)).toMatchObject([{name: 'work', pair: {name: 'work'}}]);
  });

  it('tells of a broken one beside the others', async () => {
    await save({...least, name: 'home'});
    await save({...least, name: 'work'});
    await writeFile(join(where.config, 'pairs', 'home', 'pair.json'), '{');
    const [home, work] = await chosenPairs({}, where);
    expect(home).toMatchObject({name: 'home', error: {message: expect.stringContaining('not valid JSON')}});
    expect(work).toMatchObject({name: 'work', pair: {name: 'work'}});
  });
});

describe('existingPair', () => {
  it('is the only one there is, whatever it is called', async () => {
    await save({...least, name: 'home'});
    expect(await existingPair({}, where)).toMatchObject({name: 'home'});
    await save({...least, name: 'work'});
    await expect(existingPair({}, where)).rejects.toMatchObject({
      message: 'There is no pair called default on this machine.',
      next: expect.arrayContaining(['There is: home, work; choose with --pair NAME']),
    });
  });

  it('is the saved one, whole', async () => {
    await save(least);
    expect(await existingPair({}, where)).toMatchObject({name: 'default', primary: {ssh: 'root@saved-p'}});
  });

  it('that is not there is told with what to do', async () => {
    await expect(existingPair({pair: 'none'}, where)).rejects.toMatchObject({
      message: 'There is no pair called none on this machine.',
      next: [expect.stringContaining('failover-wizard setup'), expect.stringContaining('--answers')],
      exit: Exit.usage,
    });
  });
});
