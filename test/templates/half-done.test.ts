import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {
  env,
  files,
  handBacks,
  here,
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

/**
 * A checkout that dies between two files. Git itself does it: while it writes `m-last`, what it asks for the content
 * of that file kills the job with all its programs, as systemd and the kernel do.
 */
beforeEach(() => {
  program('bin/pgrep', '#!/bin/sh\nexit 1\n');
  program('smudge', `#!/bin/sh\nif [ -e ${root}/deadly ]; then rm ${root}/deadly; kill -9 0; fi\nexec cat\n`);
  const config = path.join(root, 'gitconfig');
  writeFileSync(
    config,
    `${readFileSync(config, 'utf8')}[filter "deadly"]\n smudge = ${root}/smudge\n clean = cat\n required = true\n`,
  );
  writeFileSync(path.join(workspace, '.git/info/attributes'), 'm-last filter=deadly\n');
});

function killedIn(script: string): void {
  writeFileSync(path.join(root, 'deadly'), '');
  // Its own group of processes, so that what kills it spares the test.
  const {signal} = spawnSync('timeout', ['60', path.join(root, layout.lib, script)], {env});
  expect(signal, `${script} was killed`).toBe('SIGKILL');
  expect(existsSync(path.join(root, 'deadly'))).toBe(false);
  expect(existsSync(lock())).toBe(true);
  longAgo(lock());
}
const lock = () => path.join(workspace, '.git/index.lock');
/** A lock is removed once it is a minute old. */
const longAgo = (file: string) => utimesSync(file, Date.now() / 1000 - 90, Date.now() / 1000 - 90);
const clean = () =>
  here('git symbolic-ref --short HEAD; git status --porcelain; ls -A .git | grep failover-mend || true');
const pulled = (command: string) => {
  theirs(command);
  here('git pull -q');
};

describe('a hand-back that dies while it returns to the tracked branch', () => {
  beforeEach(() => {
    pulled('echo first >a-changed; echo last >m-last; echo z >z-changed; echo "with space" >"ö ä"');
    taken();
    here(
      'echo note >note; echo mine >a-changed; echo mine >z-changed; rm m-last "ö ä"; git add note; git commit -q -m note',
    );
    killedIn('handback');
    // Some of it is as main has it, and some as the standby left it.
    expect(existsSync(path.join(workspace, 'note'))).toBe(false);
    expect(here('cat a-changed z-changed')).toBe('first\nmine');
  });

  test('keeps all that the standby changed, and only that', () => {
    expect(run('handback').code).toBe(0);
    const branch = handBacks();
    expect(report('handback')).toMatchObject({result: 'kept', detail: branch});
    expect(files(branch)).toEqual(['.gitignore', 'MEMORY.md', 'a-changed', 'note', 'z-changed']);
    expect(here(`git show ${branch}:a-changed; git show ${branch}:z-changed`)).toBe('mine\nmine');
    expect(clean()).toBe('main');
    expect(here('cat a-changed m-last z-changed "ö ä"')).toBe('first\nlast\nz\nwith space');
    expect(here(`git log --format=%s main..${branch}`).split('\n')).toHaveLength(2);
  });

  test('keeps what was changed since as well', () => {
    here('echo again >MEMORY.md; echo new >"new ü"');
    expect(run('handback').code).toBe(0);
    const branch = handBacks();
    expect(here(`git show ${branch}:MEMORY.md; git show '${branch}:new ü'; git show ${branch}:note`)).toBe(
      'again\nnew\nnote',
    );
    expect(clean()).toBe('main');
  });

  test('a file of the standby that was written to no end, is whole again', () => {
    writeFileSync(path.join(workspace, 'z-changed'), '');
    expect(run('handback').code).toBe(0);
    expect(here(`git show ${handBacks()}:z-changed`)).toBe('mine');
  });

  test('a takeover meanwhile works with what the standby had, and its end keeps both', () => {
    writeFileSync(path.join(root, layout.role), 'active 2\n');
    expect(run('role-guard').code).toBe(0);
    expect(here('cat note a-changed z-changed')).toBe('note\nmine\nmine');
    here('rm note; echo more >more');
    writeFileSync(path.join(root, layout.role), 'standby 3\n');
    expect(run('handback').code).toBe(0);
    expect(files(handBacks())).toEqual(['.gitignore', 'MEMORY.md', 'a-changed', 'more', 'z-changed']);
    expect(clean()).toBe('main');
  });

  test('killed again, and again', () => {
    killedIn('handback');
    killedIn('handback');
    expect(run('handback').code).toBe(0);
    expect(files(handBacks())).toEqual(['.gitignore', 'MEMORY.md', 'a-changed', 'note', 'z-changed']);
    expect(clean()).toBe('main');
  });
});

describe('a fast-forward that dies in the middle', () => {
  const later = 'echo two >a-new; echo last >m-last; echo two >MEMORY.md; git rm -q z-old';
  beforeEach(() => {
    pulled('echo old >z-old');
    theirs(later);
  });

  test('of the sync: the next one ends it', () => {
    killedIn('standby-sync');
    expect(existsSync(path.join(workspace, 'a-new'))).toBe(true);
    expect(run('standby-sync')).toMatchObject({code: 0});
    expect(report('sync').result).toBe('fast-forwarded');
    expect(clean()).toBe('main');
    expect(here('cat MEMORY.md a-new m-last; git rev-parse HEAD')).toBe(
      `two\ntwo\nlast\n${sh(other, 'git rev-parse HEAD')}`,
    );
  });

  test('of the sync: what somebody changed since stays, and is told', () => {
    killedIn('standby-sync');
    here('echo mine >MEMORY.md');
    expect(run('standby-sync').code).toBe(0);
    expect(report('sync').result).toBe('dirty');
    expect(here('cat MEMORY.md; git status --porcelain')).toBe('mine\n M MEMORY.md');
  });

  test('of a takeover that begins then: it starts whole', () => {
    killedIn('standby-sync');
    writeFileSync(path.join(root, layout.role), 'active 2\n');
    expect(run('role-guard').code).toBe(0);
    expect(report('sync').result).toBe('fast-forwarded');
    expect(here('cat MEMORY.md a-new m-last')).toBe('two\ntwo\nlast');
  });

  test('of the push on the primary: nothing of it is committed as a change of the primary', () => {
    killedIn('workspace-push');
    here('echo note >note');
    expect(run('workspace-push')).toMatchObject({code: 0});
    expect(clean()).toBe('main');
    expect(here('git log --format=%an@%cn -1; git show --stat --format= HEAD')).toContain('note');
    expect(here('git diff --name-only HEAD~1')).toBe('note');
    expect(here('git rev-parse HEAD~1')).toBe(sh(other, 'git rev-parse HEAD'));
    expect(existsSync(stamp())).toBe(true);
  });
});

test('what somebody made meanwhile stays: empty files, folders where files were, and the other way round', () => {
  pulled('echo old >keep; echo old >a-file; mkdir a-folder; echo old >a-folder/x');
  theirs(
    'git rm -q -r a-file a-folder; mkdir a-file; echo new >a-file/x; echo new >a-folder; echo last >m-last',
  );
  killedIn('workspace-push');
  here(
    'rm -rf a-folder; echo mine >a-folder; mkdir -p a-file; echo mine >a-file/mine; : >keep; : >new-empty',
  );
  run('workspace-push');
  expect(here('cat a-folder a-file/mine; wc -c <keep; wc -c <new-empty').split('\n')).toEqual([
    'mine',
    'mine',
    '0',
    '0',
  ]);
});

test('a file that git ignores here and the remote has', () => {
  theirs('echo theirs >a.db; echo last >m-last');
  killedIn('standby-sync');
  expect(existsSync(path.join(workspace, 'a.db'))).toBe(true);
  expect(run('standby-sync').code).toBe(0);
  expect(report('sync').result).toBe('fast-forwarded');
  expect(here('cat a.db m-last')).toBe('theirs\nlast');
});

test('once there is another commit, nothing is undone any more', () => {
  pulled('echo one >keep');
  theirs('echo two >keep; echo last >m-last');
  killedIn('workspace-push');
  rmSync(lock());
  here('echo mine >mine; git add mine; git commit -q -m mine; echo two >keep');
  run('workspace-push');
  expect(here('cat keep; git status --porcelain')).toBe('two');
});

test('a note that cannot be written keeps the checkout from being made, and is told', () => {
  mkdirSync(path.join(workspace, '.git/failover-checkout'));
  theirs('echo two >two');
  const {code, text} = run('standby-sync');
  expect(code).toBe(1);
  expect(text).toContain('failover-checkout cannot be written');
  expect(report('sync').detail).toContain('the fast-forward failed');
});

test('a refusal is no checkout that was cut off', () => {
  here('echo mine >two');
  theirs('echo theirs >two');
  expect(run('standby-sync').code).toBe(0);
  expect(existsSync(path.join(workspace, '.git/failover-checkout'))).toBe(false);
});

test.each(['HEAD.lock', 'refs/heads/main.lock', 'index.lock'])(
  'a %s that a killed git left is told, and removed once it is old',
  (name) => {
    taken();
    here('echo note >note; git add note; git commit -q -m note; echo more >more');
    const left = path.join(workspace, '.git', name);
    writeFileSync(left, '');
    expect(run('handback').code).toBe(1);
    expect(report('handback').result).toBe('failed');
    longAgo(left);
    expect(run('handback').code).toBe(0);
    expect(files(handBacks())).toEqual(expect.arrayContaining(['more', 'note']));
    expect(clean()).toBe('main');
  },
);
