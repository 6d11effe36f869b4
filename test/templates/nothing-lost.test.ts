import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {
  files,
  handBacks,
  here,
  mark,
  other,
  program,
  report,
  root,
  run,
  sh,
  stamp,
  taken,
  theirs,
  workspace,
} from './checkouts.js';

/** What the workspace scripts do where git says no: nothing is lost, and it is told. */
/** Root reads everything, so the scripts run as somebody else then. */
function somebody(): {uid?: number; gid?: number} {
  if (process.getuid!() !== 0) return {};
  sh(root, `chown -R 65534:65534 ${root}; chown root ${workspace}/secret ${workspace}/locked`);
  sh(root, 'git config --global safe.directory "*"');
  return {uid: 65534, gid: 65534};
}
function unreadable(): {uid?: number; gid?: number} {
  here('echo note >note; echo secret >secret; mkdir locked; echo x >locked/x; chmod 000 secret locked');
  return somebody();
}
const readable = () =>
  here('chmod 700 locked; chmod 600 secret; chown -R --reference=. . 2>/dev/null || true');

describe('what git cannot read', () => {
  test('the rest of it is pushed, but the remote does not count as having everything', () => {
    const as = unreadable();
    const {code, text} = run('workspace-push', as);
    expect(code).toBe(1);
    expect(text).toContain('only a part of it was: git cannot read locked/ secret');
    expect(files('origin/main')).toContain('note');
    expect(existsSync(stamp())).toBe(false);
    readable();
    expect(run('workspace-push', as).code).toBe(0);
    expect(files('origin/main')).toEqual(expect.arrayContaining(['secret', 'locked/x']));
    expect(existsSync(stamp())).toBe(true);
  });

  test('a hand-back keeps the rest, says so, and is tried again on the same branch', () => {
    taken();
    const as = unreadable();
    for (const _ of [1, 2, 3]) expect(run('handback', as).code).toBe(1);
    const branch = handBacks();
    expect(branch).toMatch(/^failover\/[\w-]+\/\d{8}T\d{6}Z$/);
    expect(report('handback')).toEqual({
      at: expect.any(String),
      result: 'failed',
      detail: `git cannot read locked/ secret (make it readable, or ignored), the rest is on ${branch}`,
    });
    expect(files(branch)).toContain('note');
    expect(existsSync(mark())).toBe(true);
    readable();
    expect(run('handback', as).code).toBe(0);
    expect(report('handback')).toMatchObject({result: 'kept', detail: branch});
    expect(files(branch)).toEqual(expect.arrayContaining(['note', 'secret', 'locked/x']));
    expect(here('git symbolic-ref --short HEAD; git status --porcelain')).toBe('main');
    expect(existsSync(mark())).toBe(false);
  });

  test("somebody's git holds the index: nothing counts as pushed or handed back", () => {
    here('echo note >note; : >.git/index.lock');
    const {code, text} = run('workspace-push');
    expect(code).toBe(1);
    expect(text).toContain('only a part of it was: git add failed');
    expect(existsSync(stamp())).toBe(false);
    taken();
    expect(run('handback').code).toBe(1);
    expect(report('handback').detail).toBe('git add failed, its own words are in the journal');
    expect(handBacks()).toBe('');
    expect(existsSync(mark())).toBe(true);
    rmSync(path.join(workspace, '.git/index.lock'));
    expect(run('handback').code).toBe(0);
    expect(files(handBacks())).toContain('note');
  });

  test('an index that is broken is not an unchanged workspace', () => {
    taken();
    here('echo note >note; echo broken >.git/index');
    expect(run('handback').code).toBe(1);
    expect(report('handback').result).toBe('failed');
    expect(existsSync(mark())).toBe(true);
  });

  test('a work tree whose state git cannot tell is not brought up to date', () => {
    const git = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim();
    program('bin/git', `#!/bin/sh\ncase $1 in status) exit 128 ;; esac\nexec ${git} "$@"\n`);
    const before = here('git rev-parse HEAD');
    theirs('echo two >two');
    expect(run('standby-sync').code).toBe(1);
    expect(report('sync')).toMatchObject({result: 'failed', detail: 'git cannot tell what was changed here'});
    expect(here('git rev-parse HEAD')).toBe(before);
  });
});

describe('repositories inside the workspace', () => {
  const make = () =>
    here(`git init -q new; echo x >new/x
git init -q 'a clone'; cd 'a clone'; echo y >y; git add -A; git commit -q -m y; echo z >z`);

  test('do not keep anything else from being pushed, and are named', () => {
    make();
    here('echo note >note; mkdir -p z; echo note >z/note; git init -q z/empty');
    const {code, text} = run('workspace-push');
    expect(code).toBe(0);
    expect(text).toContain(
      'Pushed without the files of the repositories in it, so the standby does not get them: new z/empty a clone.',
    );
    expect(files('origin/main')).toEqual(['.gitignore', 'MEMORY.md', 'a clone', 'note', 'z/note']);
    expect(existsSync(stamp())).toBe(true);
  });

  test('are named by a hand-back, stay where they are, and keep no sync from going on', () => {
    taken();
    make();
    expect(run('handback').code).toBe(0);
    const branch = handBacks();
    expect(report('handback')).toMatchObject({
      result: 'kept',
      detail: `${branch} (without the files of the repositories in it: new a clone)`,
    });
    expect(here(`git symbolic-ref --short HEAD; cat new/x 'a clone/z'`)).toBe('main\nx\nz');
    theirs('echo two >two');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('fast-forwarded');
    // An operator merges what was handed back.
    here(`git push -q origin ${branch}`);
    sh(other, `git fetch -q; git merge -q -m merged origin/${branch}; git push -q origin main`);
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('fast-forwarded');
    here(`echo more >'a clone/more'`);
    run('standby-sync');
    expect(report('sync').result).toBe('current');
    expect(here(`cat new/x 'a clone/z' 'a clone/more'`)).toBe('x\nz\nmore');
  });

  test('alone are no change, and are named all the same', () => {
    taken();
    here('git init -q new; echo x >new/x');
    expect(run('handback').code).toBe(0);
    expect(report('handback')).toMatchObject({
      result: 'nothing',
      detail: 'unchanged since the takeover (without the files of the repositories in it: new)',
    });
    expect(handBacks()).toBe('');
    expect(existsSync(mark())).toBe(false);
  });
});

describe('a hand-back after the remote was written anew from its root', () => {
  const rewrite = () => {
    sh(
      other,
      'git switch -q --orphan anew; echo anew >MEMORY.md; git add -A; git commit -q -m anew; git push -q -f origin anew:main',
    );
    here('git fetch -q');
  };

  test('is kept once, and the tracked branch is as the remote has it', () => {
    taken();
    here('echo note >note');
    const before = here('git rev-parse HEAD');
    rewrite();
    expect(run('handback').code).toBe(0);
    const branch = handBacks();
    expect(report('handback')).toMatchObject({result: 'kept', detail: branch});
    expect(here(`git merge-base --is-ancestor ${before} ${branch}; git show ${branch}:note`)).toBe('note');
    expect(here('git symbolic-ref --short HEAD; git status --porcelain; cat MEMORY.md')).toBe('main\nanew');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('current');
    expect(handBacks()).toBe(branch);
  });

  test('with another branch checked out the commits of the tracked one are kept as well, once', () => {
    taken();
    here('echo a >a; git add a; git commit -q -m a; git switch -q -c idea HEAD~1; echo b >b');
    const onMain = here('git rev-parse main');
    rewrite();
    wish('active 3\n');
    for (const _ of [1, 2]) expect(run('handback').code).toBe(1);
    wish('standby 4\n');
    expect(run('handback').code).toBe(0);
    const [first, second, ...more] = handBacks().split('\n');
    expect(more).toEqual([]);
    expect(second).toBe(`${first}-main`);
    expect(here(`git rev-parse ${second}`)).toBe(onMain);
    expect(here('git rev-parse main')).toBe(here('git rev-parse origin/main'));
  });
  const wish = (text: string) => writeFileSync(path.join(root, layout.role), text);
});

describe('files that git ignores are not written over', () => {
  test('by a sync: told by name', () => {
    here('echo mine >data.db');
    theirs('echo theirs >data.db');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync')).toMatchObject({
      result: 'dirty',
      detail: 'not in git here, but on the remote: data.db',
    });
    expect(here('cat data.db')).toBe('mine');
  });

  test('by a takeover: it goes on with the checkout as it was', () => {
    here('echo mine >data.db');
    theirs('echo theirs >data.db');
    here('git fetch -q');
    writeFileSync(path.join(root, layout.role), 'active 2\n');
    const before = here('git rev-parse HEAD');
    expect(run('role-guard')).toMatchObject({code: 0, text: ''});
    expect(report('sync').result).toBe('dirty');
    expect(report('sync').detail).toMatch(/^local changes at \w+: data\.db, never fetched$/);
    expect(here('cat data.db; git rev-parse HEAD')).toBe(`mine\n${before}`);
    expect(existsSync(mark())).toBe(true);
  });

  test('by a hand-back: tried again until they are out of the way, with one branch', () => {
    theirs('echo theirs >data.db');
    here('git pull -q');
    taken();
    here('git rm -q --cached data.db; git commit -q -m ignored; echo mine >data.db');
    for (const _ of [1, 2, 3]) expect(run('handback').code).toBe(1);
    expect(report('handback')).toMatchObject({
      result: 'failed',
      detail: 'in the way of main, which has other files there: data.db',
    });
    expect(here('cat data.db')).toBe('mine');
    const branch = handBacks();
    expect(branch).not.toContain('\n');
    here('mv data.db mine.db');
    expect(run('handback').code).toBe(0);
    expect(report('handback')).toMatchObject({result: 'kept', detail: branch});
    expect(here('cat data.db mine.db')).toBe('theirs\nmine');
  });
});

test('a push of what is handed back, and its garbage collection, leave the checkout to others', () => {
  taken();
  here('echo note >note');
  run('handback');
  const git = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim();
  program(
    'bin/git',
    `#!/bin/sh
case " $* " in *' push '* | *' gc '*) flock -n ${workspace}/.git/failover.lock true && echo "$1 $2 $3 free" >>${root}/seen ;; esac
exec ${git} "$@"
`,
  );
  expect(run('handback-push').code).toBe(0);
  expect(readFileSync(path.join(root, 'seen'), 'utf8')).toBe(
    'push --quiet origin free\n-c gc.autoDetach=false gc free\n',
  );
});

describe('a .git that cannot be written', () => {
  test.each(['in-use mark', 'lock'])('%s: the takeover goes on, and it is told', (which) => {
    writeFileSync(path.join(root, layout.role), 'active 2\n');
    if (which === 'lock') mkdirSync(path.join(workspace, '.git/failover.lock'));
    else symlinkSync('/nowhere/at-all', mark());
    expect(run('role-guard')).toMatchObject({code: 0, text: ''});
    expect(report('sync').result).toBe('used-as-is');
    expect(report('sync').detail).toContain(
      which === 'lock' ? 'its lock cannot be opened' : 'cannot be written',
    );
  });

  test('a sync says so', () => {
    mkdirSync(path.join(workspace, '.git/failover.lock'));
    expect(run('standby-sync').code).toBe(1);
    expect(report('sync').detail).toMatch(/\.git cannot be written by /);
  });
});
