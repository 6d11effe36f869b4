import {execFileSync, spawnSync} from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {authorizedLine, keyId, markerWord, sourceCommand} from '../../src/templates/secrets-source.js';
import {secretsPullScript} from '../../src/templates/scripts/secrets-pull.js';

const project = fileURLToPath(new URL('../../', import.meta.url));
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZpY3Rvcg of-a-test';
const sync = {host: 'keeper@100.64.0.30', path: '~/.secrets', allow: ['a.env', 'b.env']};
const origin = {pairName: 'default', version: '1.2.3'};
const password = 'nickserv-of-the-standby';
let root: string;

beforeAll(() => {
  const built = spawnSync(process.execPath, [path.join(project, 'bin/bundle.mjs')], {encoding: 'utf8'});
  expect(built.status, built.stderr).toBe(0);
});
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'secrets-pull-'));
  for (const folder of ['bin', 'source/.secrets', layout.lib, layout.etc, layout.run, layout.workRun])
    mkdirSync(path.join(root, folder), {recursive: true});
  mkdirSync(path.dirname(at(layout.secretsPullKey)), {recursive: true});
  mkdirSync(at(layout.stateDir), {recursive: true});
  writeFileSync(`${at(layout.secretsPullKey)}.pub`, `${publicKey}\n`);
  writeFileSync(at(layout.secretsKnownHosts), '100.64.0.30 ssh-ed25519 AAAA\n');
  writeFileSync(
    at(layout.config),
    JSON.stringify({
      channels: {
        irc: {enabled: true, host: 'irc.example.org', nick: 'clawbak', nickserv: {password: '${OWN}'}},
      },
    }),
  );
  writeFileSync(at(layout.envFile), `OWN=${password}\n`);
  program(
    'node',
    `exec '${process.execPath}' "$@" --config '${at(layout.config)}' --home '${at(layout.home)}'`,
  );
  answers(sourceCommand(sync, 'default', publicKey));
  install(sync);
  source('a.env', 'OPENAI_API_KEY=sk-one\n');
  source('b.env', 'BRAVE_API_KEY=brave-one\n');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const at = (absolute: string) => path.join(root, absolute);
const script = () => at(`${layout.lib}/secrets-pull`);
const source = (name: string, text: string) => writeFileSync(path.join(root, 'source/.secrets', name), text);

/** The script with every absolute path of ours moved below the test's root. */
function install(of: typeof sync): void {
  const text = String(secretsPullScript(origin, of).content)
    .replaceAll(/(?<==)\/(usr\/local\/lib|etc|var\/lib|run|home|opt)\//g, `${root}/$1/`)
    .replace(/^node=.*$/m, `node=${root}/bin/node`)
    .replace(/^accounts=.*$/m, `accounts=${project}/dist/programs/accounts.mjs`);
  writeFileSync(script(), text);
  chmodSync(script(), 0o755);
}
function program(name: string, body: string): void {
  writeFileSync(path.join(root, 'bin', name), `#!/bin/sh\n${body}\n`);
  chmodSync(path.join(root, 'bin', name), 0o755);
}
/** The source's sshd: whatever the client asks for, its key's command runs there, in the user's shell. */
function answers(command: string): void {
  writeFileSync(path.join(root, 'forced'), command);
  program(
    'ssh',
    `printf '%s\\n' "$@" >'${root}/asked'\nHOME='${root}/source' exec sh -c "$(cat '${root}/forced')"`,
  );
}
function run(env: NodeJS.ProcessEnv = {}): {code: number | null; text: string} {
  // A process group of its own, which a step may end as a whole.
  const {status, stdout, stderr} = spawnSync('setsid', ['--wait', script()], {
    env: {PATH: `${root}/bin:${process.env['PATH']}`, HOME: at(layout.home), ...env},
    encoding: 'utf8',
    timeout: 60_000,
  });
  return {code: status, text: stdout + stderr};
}
const report = () =>
  JSON.parse(readFileSync(at(`${layout.workRun}/secrets.json`), 'utf8')) as {result: string; detail: string};
const store = (name = '') => path.join(at(layout.pulledSecrets), name);
/** What a gateway that started now would read, by name of the file; undefined: no set yet. */
function inForce(): Record<string, string> | undefined {
  if (!existsSync(store('current'))) return undefined;
  const names = readdirSync(store('current'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(store(`current/${name}`), 'utf8')]));
}
const one = {
  'a.env': 'OPENAI_API_KEY=sk-one\n',
  'b.env': 'BRAVE_API_KEY=brave-one\n',
  all: 'OPENAI_API_KEY=sk-one\nBRAVE_API_KEY=brave-one\n',
};
function refused(detail: string): void {
  expect(run()).toMatchObject({code: 1});
  expect(report()).toMatchObject({result: 'refused', detail});
}

describe('the line on the source', () => {
  const line = (over: Partial<typeof sync> = {}) =>
    authorizedLine({...sync, ...over}, {pairName: 'default', publicKey, from: ['100.64.0.12', 'fd00::12']});
  test('is one key with one command', () => {
    const id = keyId(publicKey);
    expect(line()).toBe(
      `restrict,from="100.64.0.12,fd00::12",command="echo ${markerWord} default ${id} && cd ~/.secrets && exec tar -cf - --no-recursion -- a.env b.env" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZpY3Rvcg ${markerWord} default`,
    );
    expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
  test('holds no quotes inside its command, whatever folder and files the answers may name', () => {
    const [, command = ''] = /command="(.*)" ssh-ed25519/.exec(
      line({path: '/srv/@a+b-c_d.e', allow: ['x-y.z.env']}),
    )!;
    expect(command).not.toMatch(/["'\\$`;|<>()*?]/);
  });
  test('another key has another marker', () =>
    expect(keyId('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG90aGVy x')).not.toBe(keyId(publicKey)));
  test('has no "from" where no address is known', () =>
    expect(authorizedLine(sync, {pairName: 'default', publicKey, from: []})).toMatch(/^restrict,command="/));
});

describe('a pull', () => {
  test('brings the allowed files and nothing else, 0600, and OpenClaw reads them', () => {
    source('c.env', 'OTHER=not allowed\n');
    expect(run()).toMatchObject({code: 0});
    expect(report()).toMatchObject({result: 'pulled', detail: 'a.env b.env'});
    expect(inForce()).toEqual(one);
    for (const name of Object.keys(one)) expect(statSync(store(`current/${name}`)).mode & 0o777).toBe(0o600);
    expect(statSync(store('current/')).mode & 0o777).toBe(0o700);
    expect(readFileSync(at(layout.gatewayEnv), 'utf8')).toBe(one.all);
    expect(existsSync(store('incoming'))).toBe(false);
  });
  test('asks with its own key and pinned host only, and never waits for a person', () => {
    run();
    const asked = readFileSync(path.join(root, 'asked'), 'utf8').split('\n');
    expect(asked.slice(0, 6)).toEqual(['-F', '/dev/null', '-T', '-n', '-i', at(layout.secretsPullKey)]);
    for (const option of [
      'BatchMode=yes',
      'IdentitiesOnly=yes',
      'StrictHostKeyChecking=yes',
      'ConnectTimeout=10',
    ])
      expect(asked).toContain(option);
    expect(asked).toContain(`UserKnownHostsFile=${at(layout.secretsKnownHosts)}`);
    expect(asked.slice(-3)).toEqual(['100.64.0.30', 'secrets', '']);
  });
  test('of the same again changes nothing', () => {
    run();
    const set = readlinkSync(store('current'));
    expect(run()).toMatchObject({code: 0});
    expect(report()).toMatchObject({result: 'unchanged'});
    expect(readlinkSync(store('current'))).toBe(set);
  });
  test('of something new replaces it, and the run after that takes the old set away', () => {
    run();
    const old = readlinkSync(store('current'));
    source('a.env', 'OPENAI_API_KEY=sk-two\n');
    run();
    expect(inForce()?.['a.env']).toBe('OPENAI_API_KEY=sk-two\n');
    expect(existsSync(store(old))).toBe(true);
    run();
    expect(existsSync(store(old))).toBe(false);
    expect(readdirSync(store()).toSorted()).toEqual(
      ['.lock', 'current', readlinkSync(store('current'))].toSorted(),
    );
  });
  test('with a shorter list takes what is no longer allowed away', () => {
    run();
    const shorter = {...sync, allow: ['b.env']};
    install(shorter);
    answers(sourceCommand(shorter, 'default', publicKey));
    run();
    expect(inForce()).toEqual({'b.env': one['b.env'], all: one['b.env']});
  });
  test('does nothing while the gateway runs here', () => {
    run();
    source('a.env', 'OPENAI_API_KEY=sk-two\n');
    writeFileSync(at(layout.role), 'active 3\n');
    expect(run()).toMatchObject({code: 0, text: ''});
    expect(inForce()).toEqual(one);
  });
  test('prints and reports names only', () => {
    const ran = run();
    expect(ran.text + JSON.stringify(report())).not.toMatch(/sk-one|brave-one/);
    source('a.env', 'SLACK_BOT_TOKEN=xoxb-secret-of-a-bot\n');
    expect(run().text + JSON.stringify(report())).not.toContain('xoxb');
  });
});

describe('what is not what it should be leaves the set in force as it was', () => {
  beforeEach(() => void expect(run()).toMatchObject({code: 0}));
  afterEach(() => {
    expect(inForce()).toEqual(one);
    expect(existsSync(store('incoming'))).toBe(false);
  });
  const at0 = () => path.join(root, 'source/.secrets/a.env');

  test('the folder of the source is empty', () => {
    rmSync(at0());
    rmSync(path.join(root, 'source/.secrets/b.env'));
    refused('a.env is missing at the source');
  });
  test('the folder of the source is gone', () => {
    rmSync(path.join(root, 'source/.secrets'), {recursive: true});
    refused('a.env is missing at the source');
  });
  test('one file is missing', () => {
    rmSync(path.join(root, 'source/.secrets/b.env'));
    refused('b.env is missing at the source');
  });
  test('one file is empty', () => {
    source('b.env', '');
    refused('b.env is empty');
  });
  test('one file holds comments only', () => {
    source('b.env', '# nothing\n\n');
    refused('b.env holds no secret');
  });
  test('a link', () => {
    rmSync(at0());
    symlinkSync('/etc/hostname', at0());
    refused('a.env is not one plain file');
  });
  test('a folder', () => {
    rmSync(at0());
    mkdirSync(at0());
    refused('a.env is missing at the source');
  });
  test('a FIFO, which is not waited for', () => {
    rmSync(at0());
    execFileSync('mkfifo', [at0()]);
    refused('a.env is not one plain file');
  });
  test('a file of more than 64 KiB', () => {
    source('a.env', `A=${'x'.repeat(65_536)}\n`);
    refused('a.env is larger than 64 KiB');
  });
  test('more than 1 MiB in all, which is not read to its end', () => {
    answers(`echo ${markerWord} default ${keyId(publicKey)}; exec cat /dev/zero`);
    refused('more came than 1 MiB');
  });
  const more = (command: string) =>
    answers(`echo ${markerWord} default ${keyId(publicKey)} && cd ~/.secrets && ${command}`);
  test('a member that is not on the list', () => {
    source('c.env', 'C=1\n');
    more('exec tar -cf - -- a.env b.env c.env');
    refused('something came that is not on the list');
  });
  test('a member that would be written elsewhere', () => {
    more(`exec tar -cPf - --transform 's,^c.*,../../.ssh/authorized_keys,' -- a.env b.env c.env`);
    source('c.env', 'C=1\n');
    refused('something came that is not on the list');
    expect(existsSync(at(`${layout.home}/.ssh/authorized_keys`))).toBe(false);
  });
  test('the same name twice', () => {
    more('exec tar -cf - -- a.env b.env a.env');
    // GNU tar stores the second one as a hard link to the first.
    refused('a.env is not one plain file');
  });
  test('an archive that is packed', () => {
    more('tar -czf - -- a.env b.env');
    refused('a.env is missing at the source');
  });
  test('no archive at all', () => {
    more('echo hello');
    refused('a.env is missing at the source');
  });
  test.each([
    ['another pair', `echo ${markerWord} other ${'0'.repeat(32)}; cd ~/.secrets; tar -cf - a.env b.env`],
    [
      'a source that was made for another key',
      `echo ${markerWord} default ${'0'.repeat(32)}; cd ~/.secrets; tar -cf - a.env b.env`,
    ],
    ['a shell that knows no such command', 'echo "sh: secrets: not found" >&2; exit 127'],
    ['a server that says nothing', 'true'],
    [
      'a server that greets first',
      `echo Welcome; echo ${markerWord} default ${keyId(publicKey)}; cd ~/.secrets; tar -cf - a.env b.env`,
    ],
  ])('%s is foreign', (_name, command) => {
    answers(command);
    refused('what answers at 100.64.0.30 is not the source of this pair');
  });
  test('a server with another host key', () => {
    answers('echo "Host key verification failed." >&2; exit 255');
    refused('another server answers at 100.64.0.30: its host key is not the pinned one');
  });
  test('a server that cannot be reached, in the words of ssh', () => {
    answers('echo "ssh: connect to host 100.64.0.30 port 22: Connection refused" >&2; exit 255');
    expect(run()).toMatchObject({code: 1});
    expect(report()).toMatchObject({
      result: 'unreachable',
      detail: 'ssh: connect to host 100.64.0.30 port 22: Connection refused',
    });
  });
  test('a connection that ends in the middle of the files', () => {
    source('b.env', `B=${'y'.repeat(20_000)}\n`);
    more('tar -cf - -- a.env b.env | head -c 9000; exit 255');
    expect(run()).toMatchObject({code: 1});
    expect(report()).toMatchObject({result: 'unreachable'});
    source('b.env', one['b.env']);
  });
  test('an archive that was cut off, though the source says that all is well', () => {
    source('b.env', `B=${'y'.repeat(20_000)}\n`);
    more('tar -cf - -- a.env b.env | head -c 9000');
    expect(run()).toMatchObject({code: 1});
    expect(report()).toMatchObject({result: 'failed', detail: 'the files did not come whole'});
  });
  test('a file that changed while it was read', () => {
    more('tar -cf - -- a.env b.env; exit 1');
    expect(run()).toMatchObject({code: 1});
    expect(report()).toMatchObject({result: 'failed'});
  });
  test.each([
    [
      'SLACK_BOT_TOKEN=x',
      'SLACK_BOT_TOKEN in a.env belongs to the channel slack, and channel credentials are not pulled',
    ],
    [
      'A=xoxb-1234567890-abcdefghij',
      'A in a.env looks like a credential of slack, and channel credentials are not pulled',
    ],
    [`A=${password}`, 'A in a.env has the value of a channel credential of this standby'],
    [
      'FAILOVER_IRC_PASSWORD=x',
      'FAILOVER_IRC_PASSWORD in a.env steers how programs run, so it is not taken from elsewhere',
    ],
    ['rm -rf /', 'line 1 of a.env is no assignment of one value to one name'],
  ])('%s', (line, detail) => {
    source('a.env', `${line}\n`);
    refused(detail);
  });
  test('a file of somebody else where OpenClaw looks is not touched', () => {
    rmSync(at(layout.gatewayEnv));
    writeFileSync(at(layout.gatewayEnv), 'MINE=1\n');
    expect(run()).toMatchObject({code: 1});
    expect(report()).toMatchObject({result: 'failed'});
    expect(readFileSync(at(layout.gatewayEnv), 'utf8')).toBe('MINE=1\n');
  });
  test('no key yet', () => {
    rmSync(`${at(layout.secretsPullKey)}.pub`);
    expect(run()).toMatchObject({code: 1});
    expect(report()).toMatchObject({result: 'failed', detail: 'there is no key or no pinned host key yet'});
  });
  test('a judge that does not run', () => {
    program('node', 'exit 127');
    expect(run()).toMatchObject({code: 1});
    expect(report().result).toBe('failed');
  });
  test('a pull that is under way already is left to it', () => {
    source('a.env', 'OPENAI_API_KEY=sk-two\n');
    execFileSync('flock', [store('.lock'), script()], {
      env: {PATH: `${root}/bin:${process.env['PATH']}`, HOME: root},
    });
  });
});

test('killed after any of its programs, it leaves the old or the new set, whole; the next run goes on', () => {
  const two = {'a.env': 'OPENAI_API_KEY=sk-two\n', 'b.env': 'BRAVE_API_KEY=brave-two\n'};
  const whole = {...two, all: 'OPENAI_API_KEY=sk-two\nBRAVE_API_KEY=brave-two\n'};
  // What changes something, or runs between two changes.
  const names = ['mkdir', 'chmod', 'flock', 'rm', 'timeout', 'tar', 'diff', 'sync', 'mv', 'ln'];
  for (const name of names) {
    const file = execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim();
    // The script is the leader of its process group; the count is of one run.
    const count = `n=1; set -C; until true >'${root}/count/'$n; do n=$((n + 1)); done 2>/dev/null; set +C`;
    const die = `{ read -r _ _ _ _ group _ </proc/$$/stat; kill -KILL "-$group"; }`;
    writeFileSync(
      path.join(root, 'bin', name),
      `#!/bin/sh\n${count}\n'${file}' "$@"\ncode=$?\n[ "$n" != "$KILL_AFTER" ] || ${die}\nexit $code\n`,
    );
    chmodSync(path.join(root, 'bin', name), 0o755);
  }
  // The judge is tried elsewhere.
  program('node', 'shift 2; cd "$1"; shift; exec cat "$@"');
  const start = (killAfter = 0) => {
    rmSync(path.join(root, 'count'), {recursive: true, force: true});
    mkdirSync(path.join(root, 'count'));
    return run({KILL_AFTER: String(killAfter)});
  };
  const put = (files: Record<string, string>) => {
    for (const name of ['a.env', 'b.env']) source(name, files[name] ?? '');
  };
  expect(start()).toEqual({code: 0, text: 'pulled: a.env b.env\n'});
  expect(inForce()).toEqual(one);
  const before = path.join(root, 'before');
  cpSync(at(layout.home), before, {recursive: true, verbatimSymlinks: true});
  put(two);
  expect(start()).toMatchObject({code: 0});
  const steps = readdirSync(path.join(root, 'count')).length;
  expect(steps).toBeGreaterThan(15);
  const seen: string[] = [];
  for (let step = 1; step <= steps; step += 1) {
    rmSync(at(layout.home), {recursive: true});
    cpSync(before, at(layout.home), {recursive: true, verbatimSymlinks: true});
    start(step);
    const now = inForce();
    expect([one, whole], `killed after ${step}`).toContainEqual(now);
    expect(readFileSync(at(layout.gatewayEnv), 'utf8')).toBe(now?.['all']);
    seen.push(now?.['a.env'] === two['a.env'] ? 'new' : 'old');
    expect(start(), `after ${step}`).toMatchObject({code: 0});
    expect(inForce()).toEqual(whole);
    const left = readdirSync(store()).filter((name) => /^(?:incoming|current.new)/.test(name));
    expect(left).toEqual([]);
  }
  // Old up to one step, new from there on.
  expect(seen.join(' ')).toMatch(/^(?:old ){12,}(?:new ?){2,}$/);
  expect(lstatSync(store('current')).isSymbolicLink()).toBe(true);
}, 120_000);
