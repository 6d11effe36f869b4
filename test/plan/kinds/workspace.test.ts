import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {checkFromHere} from '../../../src/plan/kinds/workspace.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-remote-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, {recursive: true, force: true});
});

const said = async (remote: string) => {
  const lines: string[] = [];
  await checkFromHere(remote, (line) => void lines.push(line));
  return lines;
};

function bareRepository(): string {
  const path = join(folder, 'w.git');
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...argv], {cwd: folder});
  git('init', '-q', '-b', 'main', 'work');
  git('-C', 'work', 'commit', '-q', '--allow-empty', '-m', 'first');
  git('-C', 'work', 'branch', 'other');
  git('clone', '-q', '--bare', 'work', path);
  return path;
}

describe("the remote seen from the operator's machine", () => {
  it('is read, and its branches are counted', async () => {
    const path = bareRepository();
    expect(await said(path)).toEqual([`This machine reads ${path}: 2 branches.`]);
  });
  it('is read beside an editor, a pager and an SSH command of the operator', async () => {
    const path = bareRepository();
    for (const name of ['EDITOR', 'GIT_EDITOR', 'PAGER', 'GIT_ASKPASS', 'SSH_ASKPASS'])
      vi.stubEnv(name, 'true');
    vi.stubEnv('GIT_SSH_COMMAND', 'ssh -F none');
    expect(await said(path)).toEqual([`This machine reads ${path}: 2 branches.`]);
  });
  it('that does not exist is left to the host', async () => {
    expect(await said(join(folder, 'nothing.git'))).toEqual([expect.stringContaining('cannot read')]);
  });
});
