import {execFileSync, spawnSync} from 'node:child_process';
import {once} from 'node:events';
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
import {createServer, type AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {below, gitHome, primary, standby} from './given.js';

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
  env = gitHome(root);
  for (const folder of [layout.lib, layout.run, layout.roleRun, layout.workRun, layout.compileCache, 'bin'])
    mkdirSync(path.join(root, folder), {recursive: true});
  sh(root, `git init -q --bare -b main ${remote}; git clone -q ${remote} ${other} 2>/dev/null`);
  commit(other, 'MEMORY.md', 'one');
  sh(other, 'git push -q origin main');
  sh(root, `mkdir -p ${path.dirname(workspace)}; git clone -q ${remote} ${workspace}`);
  for (const file of [...standby, ...primary.slice(0, 1)]) install(file.path, String(file.content));
  systemctl('echo inactive');
  node('exit 0');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

/** The scripts with every absolute path of ours moved below the test's root. */
function install(at: string, content: string): void {
  if (!content.startsWith('#!/bin/sh')) return;
  const moved = below(root, content)
    .replaceAll(`'/home/claw/.openclaw/my workspace'`, workspace)
    .replaceAll(/workspace='[^']*'/g, `workspace=${workspace}`);
  mkdirSync(path.dirname(path.join(root, at)), {recursive: true});
  writeFileSync(path.join(root, at), moved);
  chmodSync(path.join(root, at), 0o755);
}
function systemctl(body: string): void {
  writeFileSync(path.join(root, 'bin/systemctl'), `#!/bin/sh\n${body}\n`);
  chmodSync(path.join(root, 'bin/systemctl'), 0o755);
}
/** Whether a git of this user runs: 0 yes, 1 no. */
function pgrep(code: number): void {
  writeFileSync(path.join(root, 'bin/pgrep'), `#!/bin/sh\nexit ${code}\n`);
  chmodSync(path.join(root, 'bin/pgrep'), 0o755);
}
/** What the standby's Node does instead of our programs and OpenClaw's; its calls are noted. */
function node(body: string): void {
  mkdirSync(path.dirname(path.join(root, layout.node)), {recursive: true});
  writeFileSync(path.join(root, layout.node), `#!/bin/sh\necho "$*" >>${root}/node-calls\n${body}\n`);
  chmodSync(path.join(root, layout.node), 0o755);
}
const nodeCalls = () =>
  existsSync(path.join(root, 'node-calls'))
    ? readFileSync(path.join(root, 'node-calls'), 'utf8').replaceAll(root, '').trim().split('\n').toSorted()
    : [];
/** The gateway's port of every script becomes one that the test can listen on. */
function movePort(port: number): void {
  for (const script of ['role-guard', 'prepare']) {
    const file = path.join(root, layout.lib, script);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`port=${layout.gatewayPort}`, `port=${port}`));
  }
}
async function listening(): Promise<{port: number; close: () => void}> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {port: (server.address() as AddressInfo).port, close: () => void server.close()};
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
    expect(report('sync')).toMatchObject({result: 'refused', detail: 'there is no such repository'});
    expect(existsSync(path.join(workspace, '.git', layout.syncStamp))).toBe(false);
  });

  test.each([
    ['Permission denied (publickey).', 'refused', 'the remote refuses the key'],
    ['Host key verification failed.', 'refused', 'the remote shows another host key than the known one'],
    ['ssh: Could not resolve hostname g: x', 'unreachable', 'its name cannot be resolved'],
    ["fatal: unable to access 'https://me:pw@g/'", 'unreachable', 'git fetch failed'],
  ])('git says "%s": told in our own words', (said, result, detail) => {
    const real = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim();
    writeFileSync(
      path.join(root, 'bin/git'),
      `#!/bin/sh\ncase "$*" in *fetch*) echo "${said}" >&2; exit 128 ;; esac\nexec ${real} "$@"\n`,
    );
    chmodSync(path.join(root, 'bin/git'), 0o755);
    expect(run('standby-sync').code).toBe(1);
    expect(report('sync')).toMatchObject({result, detail});
  });

  test('a remote that swallows everything costs a preparation 10 s', () => {
    const real = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim();
    writeFileSync(
      path.join(root, 'bin/git'),
      `#!/bin/sh\ncase "$*" in *fetch*) exec sleep 60 ;; esac\nexec ${real} "$@"\n`,
    );
    chmodSync(path.join(root, 'bin/git'), 0o755);
    const started = Date.now();
    expect(run('prepare').code).toBe(0);
    expect(Date.now() - started).toBeLessThan(14_000);
    expect(report('prepare')).toMatchObject({
      result: 'stale',
      detail: 'config and split are good, but the workspace could not be fetched: no answer in 10 s',
    });
  }, 20_000);

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
    pgrep(1);
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
    pgrep(1);
    for (let ms = 5; ms < 120; ms += 12) {
      writeFileSync(mark(), '');
      const mine = commit(workspace, `c${ms}`, `mine${ms}`);
      write(`d${ms}`, 'dirty\n');
      // With all its programs, as systemd and a power cut do.
      spawnSync('timeout', ['-s', 'KILL', String(ms / 1000), path.join(root, layout.lib, 'handback')], {env});
      sh(workspace, 'find .git -name "*.lock" ! -name failover.lock -exec touch -d "2 minutes ago" {} +');
      if (existsSync(mark())) expect(run('handback')).toMatchObject({code: 0});
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

  const why = () => path.join(workspace, '.git', layout.pushWhy);
  function theirs(file: string): string {
    const tip = commit(other, file, 'theirs');
    sh(other, 'git push -q origin main');
    return tip;
  }

  test('what was merged on the git host is taken over, without a merge, and then pushed upon', () => {
    const tip = theirs('a');
    expect(run('workspace-push')).toMatchObject({code: 0});
    expect(git('rev-parse HEAD')).toBe(tip);
    expect(existsSync(stamp())).toBe(true);
    const next = theirs('b');
    write('note', 'x\n');
    expect(run('workspace-push')).toMatchObject({code: 0});
    expect(git('rev-parse main^', remote)).toBe(next);
    expect(git('show main:note', remote)).toBe('x');
  });

  test('histories that parted: nothing is pushed, reset or merged, and the command that helps is named', () => {
    const mine = commit(workspace, 'mine', 'mine');
    const tip = theirs('a');
    const {code, text} = run('workspace-push');
    expect(code).toBe(1);
    expect(text).toContain(
      'not pushed: diverged: the remote has 1 commits that are not here, and here are 1 that it lacks',
    );
    expect(git('rev-parse main', remote)).toBe(tip);
    expect(git('rev-parse HEAD')).toBe(mine);
    expect(existsSync(stamp())).toBe(false);
    const [, command] = /: sudo -H -u \S+ (git .*)$/.exec(readFileSync(why(), 'utf8').trim()) ?? [];
    sh(root, command!);
    expect(run('workspace-push')).toMatchObject({code: 0});
    expect(git('show main:mine', remote)).toBe('mine');
    expect(existsSync(why())).toBe(false);
  });

  test('a fast-forward over a file that was changed here: kept, committed, and told as diverged', () => {
    theirs('MEMORY.md');
    write('MEMORY.md', 'mine\n');
    expect(run('workspace-push').text).toContain('The workspace was not pushed: diverged: ');
    expect(git('show HEAD:MEMORY.md')).toBe('mine');
    expect(git('rev-list --count --merges HEAD')).toBe('0');
  });

  test('a remote that is away: committed, and told', () => {
    sh(root, `mv ${remote} ${remote}.away`);
    write('note', 'x\n');
    expect(run('workspace-push')).toMatchObject({code: 1});
    expect(git('show HEAD:note')).toBe('x');
    expect(readFileSync(why(), 'utf8')).toMatch(/^git push was refused or the remote cannot be reached/);
  });

  test('a remote that has nothing yet gets its first push', () => {
    sh(root, `rm -rf ${remote}; git init -q --bare -b main ${remote}`);
    expect(run('workspace-push')).toMatchObject({code: 0});
    expect(git('rev-parse main', remote)).toBe(git('rev-parse HEAD'));
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

  test('active: goes on when the split allows it, and the workspace is in use', () => {
    wish('active 2\n');
    expect(run('role-guard').code).toBe(0);
    expect(existsSync(mark())).toBe(true);
    expect(nodeCalls()).toEqual([`${layout.accountsProgram} guard`]);
  });

  test('an account outside the approved split: refused with the sentence of the check', () => {
    node('echo "irc main is not approved." >&2; exit 1');
    wish('active 2\n');
    const {code, text} = run('role-guard');
    expect(code).toBe(1);
    expect(text).toContain('irc main is not approved.');
  });

  test('a port that somebody holds: refused at once, before anything else is done', async () => {
    const taken = await listening();
    movePort(taken.port);
    wish('active 2\n');
    const refused = run('role-guard');
    taken.close();
    expect(refused).toMatchObject({code: 75, text: `Port ${taken.port} is taken on this host.\n`});
    expect(nodeCalls()).toEqual([]);
    expect(existsSync(mark())).toBe(false);
  });

  test('a fast-forward that hangs costs 5 s, not the takeover', () => {
    writeFileSync(path.join(root, layout.lib, 'fast-forward'), '#!/bin/sh\nsleep 60\n');
    wish('active 2\n');
    const started = Date.now();
    expect(run('role-guard').code).toBe(0);
    expect(Date.now() - started).toBeLessThan(9000);
    expect(existsSync(mark())).toBe(true);
  });
});

describe('fast-forward, at the start of the gateway', () => {
  const fetched = () => git('fetch -q origin');
  const kept = () => git("for-each-ref --format='%(refname)' refs/failover-kept").split('\n').toSorted();

  test('takes over what was fetched, marks the workspace as used, and says how old it is', () => {
    const tip = commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    fetched();
    writeFileSync(path.join(workspace, '.git', layout.syncStamp), `${Math.floor(Date.now() / 1000) - 42}000`);
    expect(run('fast-forward').code).toBe(0);
    expect(git('rev-parse HEAD')).toBe(tip);
    expect(existsSync(mark())).toBe(true);
    expect(report('sync').result).toBe('fast-forwarded');
    expect(report('sync').detail).toMatch(new RegExp(`^now ${tip.slice(0, 7)}, fetched 4[234] s ago$`));
  });

  test('asks nobody: what was not fetched is not there', () => {
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    const before = git('rev-parse HEAD');
    expect(run('fast-forward').code).toBe(0);
    expect(git('rev-parse HEAD')).toBe(before);
    expect(report('sync')).toMatchObject({
      result: 'used',
      detail: `${before.slice(0, 7)}, never fetched`,
    });
  });

  test('a job that holds the checkout is not waited for', () => {
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    fetched();
    const started = Date.now();
    sh(root, `flock ${workspace}/.git/failover.lock ${path.join(root, layout.lib, 'fast-forward')}`);
    expect(Date.now() - started).toBeLessThan(1500);
    expect(report('sync').result).toBe('used-as-is');
    expect(existsSync(mark())).toBe(true);
  });

  test('a history rewritten on the remote: the copy here stays, and both are kept from the garbage', () => {
    const here = git('rev-parse HEAD');
    sh(other, 'git commit -q --amend -m rewritten; git push -q -f origin main');
    fetched();
    const there = git('rev-parse origin/main');
    expect(run('fast-forward').code).toBe(0);
    expect(git('rev-parse HEAD')).toBe(here);
    expect(report('sync').result).toBe('diverged');
    expect(kept()).toEqual([
      `refs/failover-kept/here-${here.slice(0, 7)}`,
      `refs/failover-kept/remote-${there.slice(0, 7)}`,
    ]);
  });

  test.each([
    ['a changed file', 'MEMORY.md'],
    ['a file that git does not know', 'a'],
  ])('%s that would be written over stays as it is', (_name, file) => {
    write(file, 'mine\n');
    commit(other, file, 'theirs');
    sh(other, 'git push -q origin main');
    fetched();
    expect(run('fast-forward').code).toBe(0);
    expect(readFileSync(path.join(workspace, file), 'utf8')).toBe('mine\n');
    expect(report('sync').result).toBe('dirty');
    expect(existsSync(mark())).toBe(true);
  });

  test.each([
    ['is gone', 1, 'fast-forwarded'],
    ['still runs', 0, 'used-as-is'],
  ])('the lock of a git that %s', (_name, found, result) => {
    pgrep(found);
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    fetched();
    writeFileSync(path.join(workspace, '.git/index.lock'), '');
    expect(run('fast-forward').code).toBe(0);
    expect(report('sync').result).toBe(result);
    expect(existsSync(path.join(workspace, '.git/index.lock'))).toBe(found === 0);
    expect(existsSync(mark())).toBe(true);
  });

  test('a second start in the same takeover goes on with what is there', () => {
    writeFileSync(mark(), '');
    commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    fetched();
    const before = git('rev-parse HEAD');
    expect(run('fast-forward').code).toBe(0);
    expect(git('rev-parse HEAD')).toBe(before);
    expect(existsSync(path.join(root, layout.workRun, 'sync.json'))).toBe(false);
  });
});

describe('prepare', () => {
  const checks = [
    `${layout.openclawPackage}/openclaw.mjs config validate --json`,
    `--max-old-space-size=64 ${layout.monitorProgram} warm`,
    `${layout.accountsProgram} guard`,
  ].toSorted();

  test('fetches without touching a file, checks, warms, and says ready', () => {
    const before = git('rev-parse HEAD');
    const tip = commit(other, 'a', 'two');
    sh(other, 'git push -q origin main');
    wish('standby 1\n');
    expect(run('prepare').code).toBe(0);
    expect(report('prepare')).toMatchObject({
      result: 'ready',
      detail: 'config and split are good, workspace fetched',
    });
    expect([git('rev-parse HEAD'), git('rev-parse origin/main')]).toEqual([before, tip]);
    expect(nodeCalls()).toEqual(checks);
  });

  test("OpenClaw's own check runs once for each config", () => {
    mkdirSync(path.join(root, layout.stateDir), {recursive: true});
    const config = (text: string) => writeFileSync(path.join(root, layout.config), text);
    const validations = () => nodeCalls().filter((call) => call.includes('config validate')).length;
    config('{"a": 1}');
    run('prepare');
    run('prepare');
    expect(validations()).toBe(1);
    config('{"a": 2}');
    run('prepare');
    expect(validations()).toBe(2);
  });

  test.each([
    ['guard', 'the split guard: irc main is not approved.'],
    ['validate', 'OpenClaw does not accept the config'],
  ])('a bad answer of %s: not ready, and why', (word, detail) => {
    node(`case "$*" in *${word}*) echo "irc main is not approved." >&2; exit 1 ;; esac`);
    expect(run('prepare').code).toBe(0);
    expect(report('prepare')).toMatchObject({result: 'not-ready', detail});
  });

  test('a config that was refused is checked again the next time', () => {
    node('case "$*" in *validate*) exit 1 ;; esac');
    run('prepare');
    run('prepare');
    expect(nodeCalls().filter((call) => call.includes('validate'))).toHaveLength(2);
  });

  test('a remote that cannot be reached: ready, with an older workspace', () => {
    rmSync(remote, {recursive: true});
    expect(run('prepare').code).toBe(0);
    expect(report('prepare').result).toBe('stale');
  });

  test('a port that somebody else holds is told before it is needed', async () => {
    const taken = await listening();
    movePort(taken.port);
    const {code} = run('prepare');
    taken.close();
    expect(code).toBe(0);
    expect(report('prepare')).toMatchObject({
      result: 'not-ready',
      detail: `port ${taken.port} is taken by something else`,
    });
  });

  test('during a takeover it does nothing', () => {
    wish('active 2\n');
    expect(run('prepare').code).toBe(0);
    expect(nodeCalls()).toEqual([]);
    expect(existsSync(path.join(root, layout.workRun, 'prepare.json'))).toBe(false);
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

  test('active: the gateway and nothing before it; a preparation that runs is ended', () => {
    noting('inactive');
    wish('active 17\n');
    expect(run('role').code).toBe(0);
    expect(handled()).toBe('active 17 0\n');
    expect(calls().toSorted()).toEqual([
      'start openclaw.service',
      'stop --no-block openclaw-failover-prepare.service',
    ]);
  });

  test('a start that fails is told with its code', () => {
    noting('inactive', 3);
    wish('active 17\n');
    run('role');
    expect(handled()).toBe('active 17 3\n');
    expect(existsSync(path.join(root, layout.handledWhy))).toBe(false);
  });

  test('and with who holds the port', () => {
    const holder = `case "$*" in *openclaw-failover-port*) echo "nginx (pid 812)" >${root}${layout.portHolder} ;; esac`;
    noting('inactive', 1, holder);
    wish('active 17\n');
    run('role');
    expect(handled()).toBe('active 17 1\n');
    expect(readFileSync(path.join(root, layout.handledWhy), 'utf8')).toBe(
      '17 port held by nginx (pid 812)\n',
    );
  });

  test('and with what the guard said, though the journal is a little late', () => {
    noting('inactive', 1);
    writeFileSync(
      path.join(root, 'bin/journalctl'),
      `#!/bin/sh\nif [ -e ${root}/late ]; then echo "The irc account is not approved."; fi; : >${root}/late\n`,
    );
    chmodSync(path.join(root, 'bin/journalctl'), 0o755);
    wish('active 17\n');
    run('role');
    expect(readFileSync(path.join(root, layout.handledWhy), 'utf8')).toBe(
      '17 The irc account is not approved.\n',
    );
  });

  test('a gateway that had to be killed is told as such', () => {
    noting('timeout');
    wish('standby 18\n');
    run('role');
    expect(handled()).toBe('standby 18 0\n');
    expect(readFileSync(path.join(root, layout.handledWhy), 'utf8')).toBe('18 it had to be killed\n');
  });

  test('standby: stop, hand back, push', () => {
    noting('active');
    wish('standby 18\n');
    run('role');
    expect(calls()).toEqual([
      'stop openclaw.service',
      'show --property=Result --value openclaw.service',
      'start openclaw-failover-handback.service',
      'start --no-block openclaw-failover-handback-push.service',
    ]);
    expect(handled()).toBe('standby 18 0\n');
  });

  test('what hangs is killed before it is started again, and not waited for', () => {
    noting('active');
    wish('active 19 kill\n');
    run('role');
    expect(calls().slice(0, 2)).toEqual(['kill --signal=KILL openclaw.service', 'stop openclaw.service']);
    expect(calls()).toContain('start openclaw.service');
    expect(handled()).toBe('active 19 0\n');
  });

  test('it is killed once for each wish: what sleeps after that is well', () => {
    noting('signal');
    wish('standby 20 kill\n');
    run('role');
    run('role');
    expect(calls().filter((call) => call.startsWith('kill'))).toHaveLength(1);
    expect(readFileSync(path.join(root, layout.handledWhy), 'utf8')).toBe('20 it had to be killed\n');
  });

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

  test.each([
    '',
    'active\n',
    'active x\n',
    'restart 3\n',
    'active 1;reboot\n',
    'active 1 reboot\n',
    '$(reboot) 1\n',
  ])('%j does nothing', (text) => {
    noting('inactive');
    wish(text);
    expect(run('role').code).toBe(0);
    expect(existsSync(path.join(root, 'calls'))).toBe(false);
    expect(existsSync(path.join(root, layout.handled))).toBe(false);
  });
});
