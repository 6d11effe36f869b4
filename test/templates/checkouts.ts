import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {below, gitHome, primary, standby} from './given.js';

/**
 * For each test of the file that imports it: a remote, a checkout of it that the standby's scripts and the primary's
 * push work in, and another one for what others do.
 */
export let root: string;
export let workspace: string;
export let other: string;
/** What the scripts get, and the gits of a test. */
export let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nothing-lost-'));
  workspace = path.join(root, 'workspace');
  other = path.join(root, 'other');
  env = gitHome(root);
  for (const folder of [layout.lib, layout.run, layout.roleRun, layout.workRun, 'bin'])
    mkdirSync(path.join(root, folder), {recursive: true});
  sh(
    root,
    `git init -q --bare -b main remote.git; git clone -q remote.git other 2>/dev/null; cd other
echo one >MEMORY.md; echo '*.db' >.gitignore; git add -A; git commit -q -m one; git push -q origin main; cd ..
git clone -q remote.git workspace`,
  );
  for (const {path: at, content} of [...standby, ...primary.slice(0, 1)]) {
    if (!String(content).startsWith('#!/bin/sh')) continue;
    const moved = below(root, String(content)).replaceAll(
      /workspace='?[^'\n]*'?$/gm,
      `workspace=${workspace}`,
    );
    program(at, moved);
  }
  program('bin/systemctl', '#!/bin/sh\necho inactive\n');
  program(layout.node, '#!/bin/sh\nexit 0\n');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

export function program(at: string, content: string): void {
  mkdirSync(path.dirname(path.join(root, at)), {recursive: true});
  writeFileSync(path.join(root, at), content);
  chmodSync(path.join(root, at), 0o755);
}
export const sh = (cwd: string, command: string) =>
  execFileSync('sh', ['-ec', command], {cwd, env, encoding: 'utf8'}).trim();
export const here = (command: string) => sh(workspace, command);
export const theirs = (command: string) =>
  sh(other, `${command}; git add -A -f; git commit -q -m theirs; git push -q origin main`);
export function run(script: string, as: {uid?: number; gid?: number} = {}): {code: number; text: string} {
  const {status, stdout, stderr} = spawnSync(path.join(root, layout.lib, script), {
    ...as,
    env,
    encoding: 'utf8',
    timeout: 40_000,
  });
  return {code: status ?? -1, text: stdout + stderr};
}
export const report = (job: string) =>
  JSON.parse(readFileSync(path.join(root, layout.workRun, `${job}.json`), 'utf8')) as {
    result: string;
    detail: string;
  };
export const mark = () => path.join(workspace, '.git', layout.inUse);
export const stamp = () => path.join(workspace, '.git', layout.syncStamp);
export const handBacks = () => here(`git for-each-ref --format='%(refname:lstrip=2)' refs/heads/failover/`);
export const files = (ref: string) => here(`git ls-tree -r --name-only '${ref}'`).split('\n');
export const taken = () => writeFileSync(mark(), '');
