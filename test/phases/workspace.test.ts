import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {CheckoutFact} from '../../src/facts/types.js';
import {install} from '../../src/phases/2-install.js';
import {primaryWorkspace} from '../../src/phases/workspace.js';
import {acceptedText} from '../../src/plan/kinds/workspace.js';
import {layout} from '../../src/templates/layout.js';
import {bareStandby, planInputOf, runningPrimary} from './facts.js';

let folder: string;
let workspace: string;
let remote: string;
const refuse = () => {
  const hook = join(remote, 'hooks/pre-receive');
  writeFileSync(hook, '#!/bin/sh\necho read-only >&2\nexit 1\n');
  chmodSync(hook, 0o755);
};
const env = () => ({
  PATH: process.env.PATH,
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@example.org',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@example.org',
});
const git = (...argv: string[]) => execFileSync('git', argv, {cwd: workspace, env: env(), encoding: 'utf8'});
const run = (text: string) =>
  execFileSync('/bin/sh', ['-s'], {input: text, env: env(), stdio: ['pipe', 'pipe', 'pipe']});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "failover's workspace "));
  workspace = join(folder, 'workspace');
  remote = join(folder, 'remote.git');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'MEMORY.md'), 'what the bot knows');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote], {env: env()});
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** The scripts that are planned for the primary's workspace as it is now. */
function planned({asked = remote}: {asked?: string} = {}, standby = bareStandby()) {
  const isGit = existsSync(join(workspace, '.git'));
  const config = (key: string) => {
    try {
      return git('config', '--get', key).trim();
    } catch {
      return undefined;
    }
  };
  const url = isGit ? config('remote.origin.url') : undefined;
  const now: CheckoutFact = {
    path: workspace,
    exists: true,
    isGit,
    ...(url !== undefined && {remote: url}),
    ...(isGit && config('branch.main.merge') !== undefined && {ahead: 0}),
  };
  const primary = runningPrimary({checkouts: {[workspace]: now}});
  if (primary.config.known && primary.config.value)
    primary.config.value.tree = {
      ...primary.config.value.tree,
      agents: {defaults: {workspace}},
    };
  const input = planInputOf({primary, standby});
  input.pair = {...input.pair, workspace: {...input.pair.workspace, remote: asked}};
  return [...primaryWorkspace(input)];
}
const textOf = (change: ReturnType<typeof planned>[number] | undefined) =>
  change?.kind === 'script' ? change.script.text : '';

describe('a workspace that is pushed nowhere', () => {
  it('is committed and pushed, and then there is nothing left to do', () => {
    const changes = planned();
    expect(changes.map(({id}) => id)).toEqual(['primary:workspace']);
    run(textOf(changes[0]));
    expect(git('--git-dir', remote, 'show', 'main:MEMORY.md')).toBe('what the bot knows');
    expect(planned()).toEqual([]);
  });

  it('whose push is refused is tried again by the next run', () => {
    refuse();
    expect(() => run(textOf(planned()[0]))).toThrow(/read-only/);
    rmSync(join(remote, 'hooks/pre-receive'));
    const again = planned();
    expect(again.map(({id}) => id)).toEqual(['primary:workspace']);
    run(textOf(again[0]));
    expect(git('--git-dir', remote, 'show', 'main:MEMORY.md')).toBe('what the bot knows');
    expect(planned()).toEqual([]);
  });

  it('with a remote that was named and never pushed to is pushed', () => {
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'x');
    git('remote', 'add', 'origin', remote);
    const changes = planned();
    expect(changes.map(({id}) => id)).toEqual(['primary:workspace-push']);
    run(textOf(changes[0]));
    expect(git('--git-dir', remote, 'show', 'main:MEMORY.md')).toBe('what the bot knows');
    expect(planned()).toEqual([]);
  });

  it('is left to its timer once the standby has a clone', () => {
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', remote);
    const cloned = {path: layout.workspace, exists: true, isGit: true};
    expect(planned({}, bareStandby({checkouts: {[layout.workspace]: cloned}}))).toEqual([]);
  });
});

describe('the standby’s workspace, where a clone is to take its place', () => {
  const kept = ['failover/claw/20260101T000000Z'];
  const right = {branch: 'main', remote: 'git@git.example.org:me/workspace.git'};
  const moved = {branch: 'main', remote: 'git@git.example.org:me/old.git'};
  const detached = {remote: right.remote};
  it.each<[string, Partial<CheckoutFact> | undefined, RegExp | undefined, boolean]>([
    ['is not there yet', undefined, undefined, true],
    ['is right', right, undefined, false],
    ['is right, and in use', {...right, inUse: true, unpushed: kept}, undefined, false],
    ['has another remote', moved, undefined, true],
    ['is detached', detached, undefined, true],
    ['is detached, and not handed back', {...detached, inUse: true}, /is not handed back\./, true],
    ['has another remote, and is not handed back', {...moved, inUse: true}, /is not handed back\./, true],
    [
      'has another remote and work that is not pushed',
      {...moved, unpushed: kept},
      /failover\/claw\/2026/,
      true,
    ],
    ['is no checkout', {isGit: false}, undefined, true],
  ])('%s', (_what, now, sentence, cloned) => {
    const standby = bareStandby(
      now && {checkouts: {[layout.workspace]: {path: layout.workspace, exists: true, isGit: true, ...now}}},
    );
    const input = planInputOf({standby});
    const found = install.findings!(input).filter(({level}) => level === 'blocks');
    expect(found.map((finding) => finding.sentence)).toEqual(
      sentence === undefined ? [] : [expect.stringMatching(sentence)],
    );
    expect([...install.plan(input)].some(({id}) => id === 'standby:checkout')).toBe(cloned);
  });
});

describe('a key that the remote accepts', () => {
  it('may read and push, also where nothing was pushed yet, and leaves nothing there', () => {
    run(acceptedText(remote, true));
    expect(git('--git-dir', remote, 'for-each-ref')).toBe('');
  });
  it('may only read where that is enough', () => {
    run(acceptedText(remote, false));
    expect(() => run(acceptedText(join(folder, 'nothing.git'), false))).toThrow(/Command failed/);
  });
  it('is not one that cannot push', () => {
    // As a read-only deploy key: the server does not even begin to take a push.
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git-receive-pack'), '#!/bin/sh\necho "marked as read only" >&2\nexit 1\n');
    chmodSync(join(bin, 'git-receive-pack'), 0o755);
    const text = acceptedText(remote, true).replace(
      'git push',
      `git push --receive-pack='${join(bin, 'git-receive-pack').replaceAll("'", `'\\''`)}'`,
    );
    expect(() => run(text)).toThrow(/may read, but not push/);
  });
});
