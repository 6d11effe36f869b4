import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {primary, standby} from './given.js';

let root: string;
let workspace: string;
let remote: string;
/** Another checkout of the same remote: what the other node does. */
let other: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'scripts-'));
  workspace = path.join(root, layout.workspace);
  remote = path.join(root, 'remote.git');
  other = path.join(root, 'other');
  env = {
    PATH: `${root}/bin:${process.env['PATH']}`,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: path.join(root, 'gitconfig'),
  };
  writeFileSync(path.join(root, 'gitconfig'), '[user]\n name = claw\n email = claw@example.org\n');
  for (const folder of [layout.lib, layout.run, layout.roleRun, layout.workRun, 'bin'])
    mkdirSync(path.join(root, folder), {recursive: true});
  sh(root, `git init -q --bare -b main ${remote}; git clone -q ${remote} ${other} 2>/dev/null`);
  commit(other, 'MEMORY.md', 'one');
  sh(other, 'git push -q origin main');
  sh(root, `mkdir -p ${path.dirname(workspace)}; git clone -q ${remote} ${workspace}`);
  for (const file of [...standby, ...primary.slice(0, 1)]) install(file.path, String(file.content));
  systemctl('echo inactive');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

/** The scripts with every absolute path of ours moved below the test's root. */
function install(at: string, content: string): void {
  if (!content.startsWith('#!/bin/sh')) return;
  const moved = content
    .replaceAll(/(?<==|"|')\/(usr\/local\/lib|etc|var\/lib|run|home)\//g, `${root}/$1/`)
    .replaceAll(`'/home/claw/.openclaw/my workspace'`, workspace)
    .replaceAll(/workspace='[^']*'/g, `workspace=${workspace}`);
  writeFileSync(path.join(root, at), moved);
  chmodSync(path.join(root, at), 0o755);
}
function systemctl(body: string): void {
  writeFileSync(path.join(root, 'bin/systemctl'), `#!/bin/sh\n${body}\n`);
  chmodSync(path.join(root, 'bin/systemctl'), 0o755);
}
const sh = (cwd: string, command: string) =>
  execFileSync('sh', ['-ec', command], {cwd, env, encoding: 'utf8'}).trim();
const git = (command: string, cwd = workspace) => sh(cwd, `git ${command}`);
function commit(cwd: string, file: string, text: string): string {
  writeFileSync(path.join(cwd, file), `${text}\n`);
  return sh(cwd, `git add -A; git commit -q -m ${text}; git rev-parse HEAD`);
}
function run(script: string): {code: number; text: string} {
  const {status, stdout, stderr} = spawnSync(path.join(root, layout.lib, script), {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return {code: status ?? -1, text: stdout + stderr};
}
const report = (job: string) =>
  JSON.parse(readFileSync(path.join(root, layout.workRun, `${job}.json`), 'utf8')) as {
    result: string;
    detail: string;
    at: string;
  };
const mark = () => path.join(workspace, '.git', layout.inUse);
const write = (file: string, text: string) => writeFileSync(path.join(workspace, file), text);
const wish = (text: string) => writeFileSync(path.join(root, layout.role), text);

describe('standby-sync', () => {
  test('nothing new', () => {
    expect(run('standby-sync')).toMatchObject({code: 0});
    expect(report('sync')).toMatchObject({result: 'current'});
    const stamp = readFileSync(path.join(workspace, '.git', layout.syncStamp), 'utf8');
    expect(Math.abs(Number(stamp) - Date.now())).toBeLessThan(10_000);
  });

  test('two commits of the primary are fast-forwarded', () => {
    commit(other, 'a', 'two');
    const tip = commit(other, 'b', 'three');
    sh(other, 'git push -q origin main');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync')).toMatchObject({
      result: 'fast-forwarded',
      detail: `2 commits, now ${tip.slice(0, 7)}`,
    });
    expect(git('rev-parse HEAD')).toBe(tip);
  });

  test('local commits stay: diverged, both named', () => {
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    const mine = commit(workspace, 'c', 'mine');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync')).toMatchObject({result: 'diverged'});
    expect(git('rev-parse HEAD')).toBe(mine);
  });

  test('a history that was rewritten on the remote changes nothing here', () => {
    const before = git('rev-parse HEAD');
    sh(other, 'git commit -q --amend -m rewritten; git push -q -f origin main');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('diverged');
    expect(git('rev-parse HEAD')).toBe(before);
  });

  test('uncommitted changes stay', () => {
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    write('MEMORY.md', 'changed here\n');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('dirty');
    expect(readFileSync(path.join(workspace, 'MEMORY.md'), 'utf8')).toBe('changed here\n');
  });

  test('the remote is gone: the copy stays, the report says so, the unit fails', () => {
    rmSync(remote, {recursive: true});
    expect(run('standby-sync').code).toBe(1);
    expect(report('sync')).toMatchObject({result: 'unreachable'});
    expect(existsSync(path.join(workspace, '.git', layout.syncStamp))).toBe(false);
  });

  test('not a checkout', () => {
    rmSync(path.join(workspace, '.git'), {recursive: true});
    expect(run('standby-sync').code).toBe(1);
    expect(report('sync').result).toBe('failed');
  });

  test('another branch is checked out', () => {
    git('switch -q -c elsewhere');
    expect(run('standby-sync').code).toBe(1);
    expect(report('sync').detail).toContain('the branch main is not checked out');
  });

  test('a workspace that is in use is left alone, whatever the remote has', () => {
    const before = git('rev-parse HEAD');
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    writeFileSync(mark(), '');
    wish('active 2\n');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('in-use');
    expect(git('rev-parse HEAD')).toBe(before);
  });

  test('a hand-back that failed is made up for while the gateway is stopped, and only then', () => {
    writeFileSync(mark(), '');
    wish('standby 3\n');
    write('note', 'left behind\n');
    systemctl('echo deactivating');
    run('standby-sync');
    expect(report('sync').result).toBe('in-use');
    systemctl('echo inactive');
    run('standby-sync');
    expect(report('handback').result).toBe('kept');
    expect(report('sync').result).toBe('current');
  });

  test('the index.lock of a git that is gone is removed, a young one is not', () => {
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    const lock = path.join(workspace, '.git/index.lock');
    writeFileSync(lock, '');
    expect(run('standby-sync').code).toBe(1);
    expect(existsSync(lock)).toBe(true);
    const old = Date.now() / 1000 - 300;
    utimesSync(lock, old, old);
    // Other tests run git under this user at the same time.
    writeFileSync(path.join(root, 'bin/pgrep'), '#!/bin/sh\nexit 1\n');
    chmodSync(path.join(root, 'bin/pgrep'), 0o755);
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('fast-forwarded');
  });
});

describe('handback', () => {
  const branches = () => git(`for-each-ref --format='%(refname:lstrip=2)' refs/heads`).split('\n');
  const kept = () => report('handback').detail.split(' ');

  test('a workspace that no gateway used is not touched', () => {
    write('note', 'of an operator\n');
    expect(run('handback').code).toBe(0);
    expect(branches()).toEqual(['main']);
    expect(git('status --porcelain')).toBe('?? note');
  });

  test('unchanged: nothing to hand back', () => {
    writeFileSync(mark(), '');
    expect(run('handback').code).toBe(0);
    expect(report('handback').result).toBe('nothing');
    expect(branches()).toEqual(['main']);
    expect(existsSync(mark())).toBe(false);
  });

  test('commits and changed, new and deleted files are on the branch; main is as the remote has it', () => {
    const base = git('rev-parse HEAD');
    writeFileSync(mark(), '');
    const mine = commit(workspace, 'kept.md', 'kept');
    write('kept.md', 'changed\n');
    write('new file', 'new\n');
    rmSync(path.join(workspace, 'MEMORY.md'));
    expect(run('handback').code).toBe(0);
    const [branch] = kept();
    expect(branch).toMatch(/^failover\/[\w-]+\/\d{8}T\d{6}Z$/);
    expect(git(`merge-base --is-ancestor ${mine} ${branch} && echo yes`)).toBe('yes');
    expect(git(`show ${branch}:kept.md`)).toBe('changed');
    expect(git(`show '${branch}:new file'`)).toBe('new');
    expect(git(`ls-tree --name-only ${branch}`)).not.toContain('MEMORY.md');
    expect(git('symbolic-ref --short HEAD')).toBe('main');
    expect(git('rev-parse HEAD')).toBe(base);
    expect(git('status --porcelain')).toBe('');
    expect(existsSync(mark())).toBe(false);
  });

  test('the remote went on meanwhile: afterwards the next sync is a fast-forward', () => {
    writeFileSync(mark(), '');
    commit(workspace, 'a', 'mine');
    const theirs = commit(other, 'b', 'theirs');
    sh(other, 'git push -q origin main');
    git('fetch -q');
    expect(run('handback').code).toBe(0);
    run('standby-sync');
    expect(git('rev-parse main')).toBe(theirs);
  });

  test('another branch was checked out, and main had commits too: both are kept', () => {
    writeFileSync(mark(), '');
    const onMain = commit(workspace, 'a', 'main');
    git('switch -q -c idea HEAD~1');
    const onIdea = commit(workspace, 'b', 'idea');
    write('dirty', 'x\n');
    expect(run('handback').code).toBe(0);
    const [first, second] = kept();
    expect(git(`merge-base --is-ancestor ${onIdea} ${first} && echo yes`)).toBe('yes');
    expect(second).toBe(`${first}-main`);
    expect(git(`rev-parse ${second}`)).toBe(onMain);
    expect(git('symbolic-ref --short HEAD')).toBe('main');
    expect(branches()).toContain('idea');
  });

  test('a merge that was left half done is kept with its markers', () => {
    writeFileSync(mark(), '');
    git('switch -q -c side');
    commit(workspace, 'MEMORY.md', 'side');
    git('switch -q main');
    commit(workspace, 'MEMORY.md', 'main');
    git('merge -q side || true');
    expect(run('handback').code).toBe(0);
    expect(git(`show ${kept()[0]}:MEMORY.md`)).toContain('<<<<<<<');
    expect(git('status --porcelain')).toBe('');
  });

  test('a rebase in progress: left as it is, told, tried again', () => {
    writeFileSync(mark(), '');
    git('switch -q -c side');
    commit(workspace, 'MEMORY.md', 'side');
    git('switch -q main');
    commit(workspace, 'MEMORY.md', 'main');
    git('rebase -q side || true');
    expect(run('handback').code).toBe(1);
    expect(report('handback')).toMatchObject({result: 'failed'});
    expect(report('handback').detail).toContain('a rebase is in progress');
    expect(existsSync(mark())).toBe(true);
  });

  test('a hook of the workspace cannot hold it up', () => {
    writeFileSync(mark(), '');
    const hook = path.join(workspace, '.git/hooks/pre-commit');
    writeFileSync(hook, '#!/bin/sh\nexit 1\n');
    chmodSync(hook, 0o755);
    write('note', 'x\n');
    expect(run('handback').code).toBe(0);
    expect(report('handback').result).toBe('kept');
  });

  test('killed at any moment, nothing is lost and the next run ends it', () => {
    for (let ms = 5; ms < 120; ms += 12) {
      writeFileSync(mark(), '');
      const mine = commit(workspace, `c${ms}`, `mine${ms}`);
      write(`d${ms}`, 'dirty\n');
      spawnSync(path.join(root, layout.lib, 'handback'), {env, timeout: ms, killSignal: 'SIGKILL'});
      const lock = path.join(workspace, '.git/index.lock');
      rmSync(lock, {force: true});
      if (existsSync(mark())) expect(run('handback').text).not.toContain('failed');
      const holders = git(`for-each-ref --contains ${mine} --format='%(refname)' refs/heads/failover`);
      expect(holders, `killed after ${ms} ms`).not.toBe('');
      const files = git(`for-each-ref --format='%(refname)' refs/heads/failover`)
        .split('\n')
        .some((ref) => git(`ls-tree --name-only ${ref}`).includes(`d${ms}`));
      expect(files, `killed after ${ms} ms`).toBe(true);
      expect(git('symbolic-ref --short HEAD')).toBe('main');
    }
  }, 60_000);
});

describe('handback-push', () => {
  const onRemote = () => git(`for-each-ref --format='%(refname:lstrip=2)' refs/heads`, remote).split('\n');
  const handOver = () => {
    writeFileSync(mark(), '');
    commit(workspace, 'a', 'mine');
    run('handback');
  };

  test('pushes each branch once', () => {
    handOver();
    expect(run('handback-push').code).toBe(0);
    const [branch] = report('handback').detail.split(' ');
    expect(onRemote()).toEqual([branch, 'main']);
    expect(report('handback-push')).toMatchObject({result: 'pushed', detail: branch});
    run('handback-push');
    expect(report('handback-push').result).toBe('nothing');
  });

  test('the remote is away: kept, told, and pushed later', () => {
    handOver();
    sh(root, `mv ${remote} ${remote}.away`);
    expect(run('handback-push').code).toBe(1);
    expect(report('handback-push').result).toBe('failed');
    sh(root, `mv ${remote}.away ${remote}`);
    expect(run('handback-push').code).toBe(0);
    expect(onRemote()).toHaveLength(2);
  });

  test('never by force: a branch of that name with another history stays as it is', () => {
    handOver();
    const [branch] = report('handback').detail.split(' ');
    const theirs = commit(other, 'z', 'theirs');
    sh(other, `git push -q origin HEAD:refs/heads/${branch}`);
    expect(run('handback-push').code).toBe(1);
    expect(git(`rev-parse ${branch}`, remote)).toBe(theirs);
  });
});

describe('workspace-push on the primary', () => {
  const stamp = () => path.join(workspace, '.git', layout.syncStamp);

  test('commits and pushes what is there', () => {
    write('note', 'x\n');
    rmSync(path.join(workspace, 'MEMORY.md'));
    expect(run('workspace-push')).toMatchObject({code: 0});
    expect(git('ls-tree --name-only main', remote)).toBe('note');
    expect(Math.abs(Number(readFileSync(stamp(), 'utf8')) - Date.now())).toBeLessThan(10_000);
  });

  test('nothing new makes no commit, and still proves that the remote has everything', () => {
    const before = git('rev-parse HEAD');
    expect(run('workspace-push').code).toBe(0);
    expect(git('rev-parse HEAD')).toBe(before);
    expect(existsSync(stamp())).toBe(true);
  });

  test('the remote has something else: refused, kept, never forced', () => {
    const theirs = commit(other, 'a', 'theirs');
    sh(other, 'git push -q origin main');
    write('note', 'x\n');
    const {code, text} = run('workspace-push');
    expect(code).toBe(1);
    expect(text).toContain('The workspace was not pushed: git push was refused');
    expect(git('rev-parse main', remote)).toBe(theirs);
    expect(git('show HEAD:note')).toBe('x');
    expect(existsSync(stamp())).toBe(false);
  });

  test('a merge in progress is not committed', () => {
    git('switch -q -c side');
    commit(workspace, 'MEMORY.md', 'side');
    git('switch -q main');
    commit(workspace, 'MEMORY.md', 'main');
    git('merge -q side || true');
    expect(run('workspace-push').text).toContain('a merge or rebase is in progress');
    expect(existsSync(path.join(workspace, '.git/MERGE_HEAD'))).toBe(true);
  });

  test('a user without a name in git commits under the host', () => {
    writeFileSync(path.join(root, 'gitconfig'), '');
    write('note', 'x\n');
    expect(run('workspace-push').code).toBe(0);
    expect(git('log -1 --format=%an')).toMatch(/^openclaw on /);
  });
});

describe('role-guard', () => {
  test.each([
    ['standby 1\n', 'it wishes: standby'],
    ['', 'it wishes: '],
    ['activex 1\n', 'it wishes: activex'],
  ])('%j: refused in a sentence', (text, sentence) => {
    wish(text);
    const {code, text: said} = run('role-guard');
    expect(code).toBe(1);
    expect(said).toContain('Only the health monitor starts this gateway');
    expect(said).toContain(sentence);
    expect(existsSync(mark())).toBe(false);
  });

  test('without a role: refused', () => {
    expect(run('role-guard')).toMatchObject({code: 1});
  });

  test('active: goes on, and the workspace is in use', () => {
    wish('active 2\n');
    expect(run('role-guard').code).toBe(0);
    expect(existsSync(mark())).toBe(true);
  });
});

describe('role', () => {
  const handled = () => readFileSync(path.join(root, layout.handled), 'utf8');
  /** Notes every call; the gateway is in `state`, its start ends with `code`. */
  const noting = (state: string, code = 0, extra = '') =>
    systemctl(
      `echo "$*" >>${root}/calls\n${extra}\ncase $1 in show) echo ${state} ;; start) [ "$2" = openclaw.service ] && exit ${code} ;; esac\nexit 0`,
    );
  const calls = () => readFileSync(path.join(root, 'calls'), 'utf8').trim().split('\n');

  test('active: the workspace first, then the gateway', () => {
    noting('inactive');
    wish('active 17\n');
    expect(run('role').code).toBe(0);
    expect(handled()).toBe('active 17 0\n');
    expect(calls().filter((call) => call.startsWith('start'))).toEqual([
      'start openclaw-standby-sync.service',
      'start openclaw.service',
    ]);
  });

  test('a start that fails is told with its code', () => {
    noting('inactive', 3);
    wish('active 17\n');
    run('role');
    expect(handled()).toBe('active 17 3\n');
  });

  test('a gateway that runs is left alone', () => {
    noting('active');
    wish('active 17\n');
    run('role');
    expect(calls()).toEqual(['show --property=ActiveState --value openclaw.service']);
    expect(handled()).toBe('active 17 0\n');
  });

  test('standby: stop, hand back, push', () => {
    noting('active');
    wish('standby 18\n');
    run('role');
    expect(calls()).toEqual([
      'stop openclaw.service',
      'start openclaw-failover-handback.service',
      'start --no-block openclaw-failover-handback-push.service',
    ]);
    expect(handled()).toBe('standby 18 0\n');
  });

  test('a workspace that hangs costs 10 s, not the takeover', async () => {
    noting('inactive', 0, 'case "$*" in "start openclaw-standby-sync.service") exec sleep 60 ;; esac');
    wish('active 17\n');
    const started = Date.now();
    const child = spawn(path.join(root, layout.lib, 'role'), {env});
    await new Promise((resolve) => child.once('close', resolve));
    expect(Date.now() - started).toBeLessThan(13_000);
    expect(handled()).toBe('active 17 0\n');
    expect(calls()).toContain('stop openclaw-standby-sync.service');
  }, 20_000);

  test('a wish that changes meanwhile is done as well', () => {
    noting(
      'inactive',
      0,
      `case "$*" in "start openclaw.service") echo "standby 18" >${root}${layout.role} ;; esac`,
    );
    wish('active 17\n');
    run('role');
    expect(handled()).toBe('standby 18 0\n');
    expect(calls()).toContain('stop openclaw.service');
  });

  test.each(['', 'active\n', 'active x\n', 'restart 3\n', 'active 1;reboot\n', '$(reboot) 1\n'])(
    '%j does nothing',
    (text) => {
      noting('inactive');
      wish(text);
      expect(run('role').code).toBe(0);
      expect(existsSync(path.join(root, 'calls'))).toBe(false);
      expect(existsSync(path.join(root, layout.handled))).toBe(false);
    },
  );
});
