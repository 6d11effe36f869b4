import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {hasWork, readWork, workLines} from '../../src/remove/work.js';
import {layout} from '../../src/templates/layout.js';
import {localHost} from '../plan/local-host.js';
import type {Host} from '../../src/ssh/host.js';

let home: string;
let workspace: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
    cwd: workspace,
    stdio: 'pipe',
  });

/** This machine, with the standby's home below a folder. */
function here(): Host {
  const host = localHost({GIT_CONFIG_GLOBAL: '/dev/null', HOME: home});
  return {
    ...host,
    script: ({text, label}, options) =>
      host.script({label, text: text.replaceAll(layout.home, home)}, {...options, user: 'root'}),
  };
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
  workspace = join(home, '.openclaw/workspace');
  const remote = join(home, '.cache/remote.git');
  mkdirSync(workspace, {recursive: true});
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote]);
  git('init', '-q', '-b', 'main');
  writeFileSync(join(workspace, '.gitignore'), 'scratch\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  git('remote', 'add', 'origin', remote);
  git('push', '-qu', 'origin', 'main');
});
afterEach(() => rmSync(home, {recursive: true, force: true}));

describe('work that is only on the standby', () => {
  it('is none in a checkout that the remote has, whatever a gateway keeps beside it', async () => {
    mkdirSync(join(home, '.openclaw/agents'));
    writeFileSync(join(home, '.bashrc'), '');
    const work = await readWork(here(), layout.user);
    expect(work).toEqual({commits: [], files: [], others: []});
    expect(hasWork(work)).toBe(false);
  });
  it.each<[string, () => void, RegExp]>([
    ['a commit', () => git('commit', '-q', '--allow-empty', '-m', 'kept'), /^workspace: [0-9a-f]{7,} kept$/],
    [
      'a branch of a hand-back',
      () => {
        git('checkout', '-q', '-b', 'failover/claw/1');
        git('commit', '-q', '--allow-empty', '-m', 'handed back');
        git('checkout', '-q', 'main');
      },
      / handed back$/,
    ],
    [
      'a stash',
      () => {
        writeFileSync(join(workspace, '.gitignore'), 'more\n');
        git('stash');
      },
      /stash@\{0\}|WIP|index on/,
    ],
    [
      'a changed file',
      () => writeFileSync(join(workspace, '.gitignore'), 'x\n'),
      /^workspace: {2}M .gitignore$/,
    ],
    ['an untracked file', () => writeFileSync(join(workspace, 'new.md'), 'x\n'), /^workspace: \?\? new.md$/],
    ['an ignored file', () => writeFileSync(join(workspace, 'scratch'), 'x\n'), /^workspace: !! scratch$/],
    [
      'what was not handed back',
      () => writeFileSync(join(workspace, '.git', layout.inUse), ''),
      /not handed back$/,
    ],
    [
      'a workspace that was moved aside',
      () => {
        mkdirSync(join(home, '.openclaw/workspace.before-failover-1'));
        writeFileSync(join(home, '.openclaw/workspace.before-failover-1/a'), '');
      },
      /before-failover-1: no git repository$/,
    ],
    ['a file of somebody in the home', () => writeFileSync(join(home, 'notes.txt'), ''), /^notes.txt$/],
    ['a hidden one', () => writeFileSync(join(home, '.netrc'), ''), /^\.netrc$/],
  ])('%s is found and shown', async (_name, make, shown) => {
    make();
    const work = await readWork(here(), layout.user);
    expect(hasWork(work)).toBe(true);
    const all = [...work.commits, ...work.files, ...work.others];
    expect(
      all.some((line) => shown.test(line)),
      JSON.stringify(all),
    ).toBe(true);
    expect(workLines(work).length).toBeGreaterThan(1);
  });
  it('a repository that git refuses is not one without work', async () => {
    writeFileSync(join(workspace, '.git/index'), 'broken');
    await expect(readWork(here(), layout.user)).rejects.toThrow('cannot be told');
  });
  it('without the user there is nothing to lose', async () => {
    expect(hasWork(await readWork(here(), undefined))).toBe(false);
  });
});
