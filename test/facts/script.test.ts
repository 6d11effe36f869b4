import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseDotenv} from '../../src/channels/program/environment.js';
import {parseFacts} from '../../src/facts/parse.js';
import {readFacts} from '../../src/facts/read.js';
import {factsScript} from '../../src/facts/script.js';
import {contents} from '../../src/facts/shell/contents.js';
import {frame} from '../../src/facts/shell/frame.js';
import {gateway} from '../../src/facts/shell/gateway.js';
import {machine} from '../../src/facts/shell/machine.js';
import type {FactsRequest, HostFacts} from '../../src/facts/types.js';
import type {Host} from '../../src/ssh/host.js';

const here = process.platform === 'linux' && userInfo().uid === 0;
const key = 'ab'.repeat(32);
const secret = 'very-secret-value-0123456789';
const keyed = (value: string | Uint8Array) => createHash('sha256').update(key).update(value).digest('hex');

const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');

const envText = `# comment ${secret}
PLAIN=${secret}
export EXPORTED=${secret} # note
SINGLE='${secret} # kept'
DOUBLE="a\\nb ${secret}"
BACK=\`it's "${secret}"\`
EMPTY=
SPACED =  ${secret}
MANY="first
second ${secret}"
not a line
_X.Y-Z=1
`;

let dir: string;
let facts: HostFacts;
let output: string;
let before: string[];
const leftovers = () => readdirSync('/run').filter((name) => name.startsWith('openclaw-failover-facts.'));

function request(): FactsRequest {
  return {
    host: 'primary',
    key,
    files: [
      {path: join(dir, 'plain.txt')},
      {path: join(dir, 'secret.txt'), secret: true},
      {path: join(dir, 'binary')},
      {path: join(dir, "odd 'name")},
      {path: join(dir, 'large')},
      {path: dir},
      {path: join(dir, 'link')},
      {path: join(dir, 'gone')},
    ],
    packages: ['dpkg', 'surely-not-a-package'],
    units: [],
    users: ['root', 'nobody-of-that-name'],
    envFiles: [join(dir, 'env'), join(dir, 'gone')],
    checkouts: [join(dir, 'tree'), join(dir, 'gone'), dir],
    binDirs: [join(dir, 'bin')],
    gatewayUser: 'nobody-of-that-name',
    probe: {address: '127.0.0.1', port: 9},
  };
}

describe.runIf(here)('the script, run for real with sh', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'facts-'));
    writeFileSync(join(dir, 'plain.txt'), 'héllo\n', {mode: 0o640});
    writeFileSync(join(dir, 'secret.txt'), secret, {mode: 0o600});
    writeFileSync(join(dir, 'binary'), Buffer.from([0, 1, 2, 255]));
    writeFileSync(join(dir, "odd 'name"), 'x');
    writeFileSync(join(dir, 'large'), 'y'.repeat(70_000));
    symlinkSync('/etc/shadow', join(dir, 'link'));
    writeFileSync(join(dir, 'env'), envText);
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin/node'), '#!/bin/sh\necho v99.1.2\n');
    chmodSync(join(dir, 'bin/node'), 0o755);
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', join(dir, 'tree'), ...args], {stdio: 'pipe'});
    mkdirSync(join(dir, 'tree'));
    git('init', '-q', '-b', 'trunk');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x');
    git('remote', 'add', 'origin', `https://user:${secret}@example.org/repo.git`);
    writeFileSync(join(dir, 'tree/new file'), '');
    writeFileSync(join(dir, 'tree/.git/failover-last-sync'), '1795183062123\n');
    writeFileSync(join(dir, 'tree/.git/failover-push-why'), 'diverged: by 2\nmore\n');
    writeFileSync(join(dir, 'tree/.git/failover-in-use'), '');
    for (const name of ['pushed', 'moved', 'kept']) git('branch', `failover/claw/${name}`);
    git('update-ref', 'refs/failover-pushed/failover/claw/pushed', 'HEAD');
    git('update-ref', 'refs/failover-pushed/failover/claw/moved', 'HEAD^{tree}');
    execFileSync('sh', [
      '-c',
      `cd ${join(dir, 'tree')} && git switch -q failover/claw/kept && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m y && git switch -q trunk`,
    ]);
    // A config that would run a program of its owner as whoever asks git.
    git('config', 'core.fsmonitor', `touch ${join(dir, 'ran')}`);
    const host = {
      name: 'primary',
      target: 'root@here',
      async script({text}) {
        const ran = spawnSync('sh', ['-s'], {
          input: text,
          encoding: 'utf8',
          env: {SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 2222'},
        });
        output = ran.stdout;
        return {code: ran.status ?? -1, timedOut: false, stdout: ran.stdout, stderr: ran.stderr, tookMs: 1};
      },
    } as Partial<Host> as Host;
    before = leftovers();
    facts = await readFacts(host, request(), 'process.stdout.write("{}");\n');
  });
  afterAll(() => rmSync(dir, {recursive: true, force: true}));

  it('describes this machine', () => {
    expect(facts.hostname).toBe(readFileSync('/proc/sys/kernel/hostname', 'utf8').trim());
    expect(facts.os.id).toMatch(/^[a-z]+$/);
    expect(facts.cpus).toBeGreaterThan(0);
    expect(facts.uptimeS).toBeGreaterThan(0);
    expect(facts.disks['/']?.totalBytes).toBeGreaterThan(0);
    expect(facts.sshPort).toEqual({known: true, value: 2222});
    expect(Math.abs(facts.clockOffsetMs)).toBeLessThan(2000);
    expect(facts.users.root).toMatchObject({uid: 0, home: '/root'});
    expect(facts.users['nobody-of-that-name']).toBeNull();
    expect(facts.packages['surely-not-a-package']).toBeNull();
  });

  it('describes files: content of small ones, hash of the others, links not followed', () => {
    const file = (name: string) => facts.files[join(dir, name)];
    expect(file('plain.txt')).toMatchObject({
      kind: 'file',
      mode: 0o640,
      owner: 'root',
      size: 7,
      content: 'héllo\n',
      hash: keyed('héllo\n'),
      sha256: sha256('héllo\n'),
    });
    expect(Math.abs(file('plain.txt')!.changedMs! - Date.now())).toBeLessThan(60_000);
    // Of a secret, only the hash under the key of the run leaves the host.
    expect(file('secret.txt')).toEqual({
      kind: 'file',
      mode: 0o600,
      owner: 'root',
      group: 'root',
      size: secret.length,
      hash: keyed(secret),
      changedMs: expect.any(Number),
    });
    expect(output).not.toContain(sha256(secret));
    expect(file('binary')).toMatchObject({hash: keyed(Buffer.from([0, 1, 2, 255]))});
    expect(file('binary')).not.toHaveProperty('content');
    expect(file("odd 'name")).toMatchObject({content: 'x'});
    expect(file('large')).toMatchObject({
      size: 70_000,
      hash: keyed('y'.repeat(70_000)),
      sha256: sha256('y'.repeat(70_000)),
    });
    expect(file('large')).not.toHaveProperty('content');
    expect(file('link')).toMatchObject({kind: 'other'});
    expect(file('link')).not.toHaveProperty('hash');
    expect(facts.files[dir]).toMatchObject({kind: 'directory', mode: 0o700});
    expect(file('gone')).toBeNull();
  });

  it('hashes the values of an env file as dotenv reads them', () => {
    const expected = Object.fromEntries(
      Object.entries(parseDotenv(envText)).map(([name, value]) => [name, keyed(value)]),
    );
    expect(Object.keys(expected)).toHaveLength(9);
    expect(facts.envFiles[join(dir, 'env')]).toEqual(expected);
    expect(facts.envFiles[join(dir, 'gone')]).toBeNull();
  });

  it('describes work trees without running what their config names', () => {
    expect(facts.checkouts[join(dir, 'tree')]).toMatchObject({
      exists: true,
      isGit: true,
      branch: 'trunk',
      dirty: 1,
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      lastSyncMs: 1_795_183_062_123,
      pushFailed: 'diverged: by 2',
      inUse: true,
      unpushed: ['failover/claw/kept', 'failover/claw/moved'],
      unmerged: ['failover/claw/kept'],
      remote: 'https://example.org/repo.git',
    });
    expect(facts.checkouts[dir]).toMatchObject({exists: true, isGit: false});
    expect(facts.checkouts[join(dir, 'gone')]).toMatchObject({exists: false});
    expect(spawnSync('test', ['-e', join(dir, 'ran')]).status).toBe(1);
  });

  it('says why the program gave nothing useful, and goes on', () => {
    expect(facts.accounts.known).toBe(false);
    expect(facts.nodes).toEqual({[join(dir, 'bin/node')]: '99.1.2'});
    expect(facts.probe).toMatchObject({status: 0, error: expect.stringMatching(/connect/i)});
  });

  it('no secret is in the output, and no file is left', () => {
    expect(output).not.toContain(secret);
    expect(output).not.toContain(Buffer.from(secret).toString('base64').slice(0, 24));
    expect(output).not.toContain(key);
    expect(leftovers()).toEqual(before);
  });

  it('is a script that dash accepts, and in which nothing of the request is code', () => {
    const evil = `'; touch ${join(dir, 'ran')}; echo '$(touch ${join(dir, 'ran')})`;
    const odd: FactsRequest = {
      ...request(),
      files: [{path: evil}],
      packages: [evil],
      units: [evil],
      users: [evil],
      envFiles: [evil],
      checkouts: [evil],
      binDirs: [evil],
      gatewayUser: evil,
      probe: {address: evil, port: 1},
    };
    const ran = spawnSync('sh', ['-s'], {input: factsScript(odd, 'x').text, encoding: 'utf8'});
    expect(
      parseFacts(ran.stdout, odd, {readAt: '', tookMs: 0, sentAtMs: 0, receivedAtMs: 0}).files[evil],
    ).toBeNull();
    expect(spawnSync('test', ['-e', join(dir, 'ran')]).status).toBe(1);
  });
});

it('a program that holds the marker of the run is refused', () => {
  const base = {...recorded()};
  const marker = /^N=(\S+)$/m.exec(factsScript(base, 'x').text)?.[1] ?? '';
  expect(marker).toMatch(/^@facts-[0-9a-f]{32}$/);
  expect(() => factsScript(base, `${marker}-program`)).toThrow(TypeError);
});

function recorded(): FactsRequest {
  return {
    host: 'primary',
    key,
    files: [],
    packages: [],
    units: [],
    users: [],
    envFiles: [],
    checkouts: [],
    binDirs: [],
  };
}

describe.runIf(process.platform === 'linux')('parts of the search for the gateway', () => {
  const sh = (body: string) =>
    spawnSync('sh', ['-s'], {
      input: `N=@n K=k WANTED= GH= GU=\n${frame}\n${machine}\n${contents}\n${gateway}\n${body}\n`,
      encoding: 'utf8',
    });

  it.each<[string, string[], boolean]>([
    [
      'the entry with node options',
      ['/usr/bin/node', '--max-old-space-size=8192', '/opt/openclaw/dist/index.js', 'gateway', '--port', '1'],
      true,
    ],
    ['a profile', ['node', '/x/openclaw.mjs', '--profile', 'work', 'gateway'], true],
    ['gateway run', ['node', '/x/openclaw.mjs', 'gateway', 'run'], true],
    ['gateway status', ['node', '/x/openclaw.mjs', 'gateway', 'status', '--json'], false],
    ['a worker of it', ['node', '/x/openclaw/dist/process/spawn-broker/worker.js'], false],
    ['another gateway', ['node', '/srv/api/index.js', 'gateway'], false],
  ])('%s: %j is one: %s', (_, words, expected) => {
    const ran = sh(`printf '%s\\n' ${words.join(' ')} | serves && echo yes || echo no`);
    expect(ran.stdout.trim()).toBe(expected ? 'yes' : 'no');
  });

  it.each<[string, string, string]>([
    [
      'a user unit',
      '/user.slice/user-1000.slice/user@1000.service/app.slice/openclaw-gateway.service',
      'user-unit openclaw-gateway.service user',
    ],
    [
      'a profile of it',
      '/user.slice/user-0.slice/user@0.service/app.slice/openclaw-gateway-work.service',
      'user-unit openclaw-gateway-work.service user',
    ],
    ['a system unit', '/system.slice/openclaw.service', 'system-unit openclaw.service system'],
    ['a login session', '/user.slice/user-1000.slice/session-3.scope', 'foreground  system'],
    [
      'a shell in a user session',
      '/user.slice/user-1000.slice/user@1000.service/app.slice/tmux.scope',
      'foreground  user',
    ],
    ['something started over SSH without a session', '/system.slice/ssh.service', 'foreground  system'],
    ['a container of Docker', `/system.slice/docker-${'a'.repeat(64)}.scope`, `compose ${'a'.repeat(64)}`],
    [
      'a container of podman',
      `/machine.slice/libpod-${'b'.repeat(64)}.scope/container`,
      `podman ${'b'.repeat(64)}`,
    ],
    [
      'a container of a quadlet',
      `/system.slice/openclaw.service/libpod-payload-${'c'.repeat(64)}`,
      `podman ${'c'.repeat(64)}`,
    ],
  ])('%s is known by its control group', (_, group, expected) => {
    const ran = sh(
      `cgroup_of() { echo '${group}'; }\nFORM= UNIT= SCOPE= CT=\nclassify 1\n[ -n "$CT" ] && echo "$FORM $CT" || echo "$FORM $UNIT $SCOPE"`,
    );
    expect(ran.stdout.trim()).toBe(expected);
  });

  it('a Compose container is found with its folder and service', () => {
    const rows = [
      `docker|root|${'a'.repeat(64)}|claw-openclaw-gateway-1|running|/opt/claw|openclaw-gateway|ghcr.io/openclaw/openclaw:2026.9.6`,
      `docker|root|${'b'.repeat(64)}|claw-openclaw-cli-1|exited|/opt/claw|openclaw-cli|ghcr.io/openclaw/openclaw:2026.9.6`,
    ];
    const ran = sh(
      `containers() { printf '%s\\n' ${rows.map((row) => `'${row}'`).join(' ')}; }\ngateway_pids() { :; }\nunit_files() { :; }\nconfig_owner() { :; }\nFORM= GP= UNIT= UNITFILE= ARGV=\ngateway`,
    );
    expect(ran.stdout.trim().split('\n')).toEqual([
      'form compose',
      'container docker claw-openclaw-gateway-1',
      'cstate running',
      'cdir /opt/claw',
      'cservice openclaw-gateway',
    ]);
  });

  it("a container of podman that is a user's is found with that user", () => {
    const row = `podman|ops|${'a'.repeat(64)}|claw|running|||ghcr.io/openclaw/openclaw:2026.9.6`;
    const ran = sh(
      `containers() { echo '${row}'; }\ngateway_pids() { :; }\nunit_files() { :; }\nconfig_owner() { :; }\nFORM= GP= UNIT= UNITFILE= ARGV=\ngateway`,
    );
    expect(ran.stdout.trim().split('\n')).toEqual([
      'form podman',
      'container podman claw',
      'cstate running',
      'cuser ops',
    ]);
  });

  it('secrets of an argv stay', () => {
    const ran = sh(`printf '%s\\n' node gateway --token abc --password=def --port 1 | safe_words`);
    expect(ran.stdout.trim().split('\n')).toEqual([
      'node',
      'gateway',
      '--token',
      '[redacted]',
      '--password=[redacted]',
      '--port',
      '1',
    ]);
  });

  it('several installed units and none enabled is a question for the operator', () => {
    const ran = sh(
      `gateway_pids() { :; }\nunit_files() { printf '%s\\n' 'system /a/one.service' 'system /a/two.service'; }\nFORM= UNIT= UNITFILE=\ngateway`,
    );
    expect(ran.stderr).toMatch(/several gateway units are installed and none runs/);
  });
});
