import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ServerChannel} from 'ssh2';
import {layout} from '../../../src/templates/layout.js';
import {newKey, startServer, type TestServer} from '../../ssh/server.js';
import {runPiped} from '../whole-program.js';

let home: string;
let answers: string;
let server: TestServer;
/** Text of the manifest on the standby; empty: there is none. */
let manifest = '';
/** What the look at the standby prints. */
let footprint = '';
const asked: string[] = [];

/** A standby that answers what is asked of it, as text; whatever would change it is refused. */
function answer(command: string, channel: ServerChannel): boolean {
  let stdin = '';
  channel.on('data', (data: Buffer) => (stdin += data.toString()));
  channel.on('end', () => {
    const text = `${command}\n${stdin}`;
    asked.push(text);
    if (/rm -rf|userdel|systemctl stop/.test(text)) {
      channel.stderr.write('a look must not change anything\n');
      channel.exit(9);
    } else {
      // How a command of ours announces itself (ssh/launch.ts).
      const [, one, two] = /(fw[0-9a-f]{6})""([0-9a-f]{18})/.exec(command) ?? [];
      channel.write(`${one}${two}\n`);
      channel.stderr.write(`${one}${two} 4242\n`);
      if (text.includes(layout.manifest) && manifest !== '') channel.write(manifest);
      else if (text.includes("printf 'path")) channel.write(footprint);
      const missing = / head -c /.test(command) && !(text.includes(layout.manifest) && manifest !== '');
      if (missing) channel.stderr.write('head: No such file or directory\n');
      channel.exit(missing ? 1 : 0);
    }
    channel.end();
  });
  return true;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'operator-'));
  const key = newKey();
  server = await startServer({authorized: [key.line], handle: answer});
  const identityFile = join(home, 'key');
  writeFileSync(identityFile, key.text, {mode: 0o600});
  answers = join(home, 'pair.json');
  writeFileSync(
    answers,
    JSON.stringify({
      name: 'home',
      // Nobody listens there: the primary is gone.
      primary: {ssh: 'root@127.0.0.1:1', identityFile},
      standby: {ssh: `root@127.0.0.1:${server.port}`, identityFile, hostKey: server.fingerprint},
      channel: {type: 'irc', account: 'backup'},
      model: {primary: 'stub/stub'},
    }),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(home, {recursive: true, force: true});
});

const run = (...args: string[]) => runPiped(['remove', ...args, '--answers', answers, '--no-input'], {home});

describe('what is wrong before anything is connected', () => {
  it.each([
    [[], /^✖ Removing a pair cannot be undone, .* name the pair with --confirm PAIR\.\n/],
    [['--yes'], /^✖ Removing a pair cannot be undone/],
    [
      ['--confirm', 'other'],
      /^✖ --confirm names the pair "other", but this is "home": nothing was removed\.\n/,
    ],
    [['--confirm', 'home', '--forget-pair'], /^✖ --forget-pair is for --only/],
    [['--only', 'both'], /^✖ .*--only.*primary, standby/],
  ])('%j is exit 2', async (args, sentence) => {
    const {code, stderr} = await run(...args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('Connecting');
    expect(code).toBe(2);
  });
});

describe('a host that is gone', () => {
  it('is exit 4, and how the other one is done is said', async () => {
    const {code, stderr} = await run('--confirm', 'home');
    expect(code).toBe(4);
    expect(stderr).toContain('failover-wizard remove --only standby');
  });

  it('the other one says that nothing of ours is left', async () => {
    footprint = '';
    const {code, stdout} = await run('--confirm', 'home', '--only', 'standby', '--json');
    expect(code).toBe(0);
    const done = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1);
    expect(done).toMatchObject({type: 'done', removed: 0, stays: [expect.stringContaining('--forget-pair')]});
  });
});

describe('a standby that is there', () => {
  it('without a primary it is the only one left: refused, nothing is changed', async () => {
    footprint = `unit\topenclaw-health-monitor.service\tloaded\tactive\tenabled\npath\tfolder\tno\t${layout.lib}\n`;
    asked.length = 0;
    const {code, stderr} = await run('--confirm', 'home', '--only', 'standby');
    expect(stderr).toContain('without the standby nothing takes its place');
    expect(stderr).toContain('--allow-silence');
    expect(code).toBe(1);
    expect(asked.some((text) => /rm -rf|mkdir .*setup\.lock/.test(text))).toBe(false);
  });

  it('a dry run shows what would go, changes nothing, and says that it would be refused', async () => {
    const {code, stdout, stderr} = await run('--dry-run', '--only', 'standby');
    expect(stdout).toContain(`· programs, OpenClaw and its Node, state, caches\n     ${layout.lib}\n`);
    expect(stderr).toContain('nothing takes its place');
    expect(code).toBe(1);
    const allowed = await run('--dry-run', '--only', 'standby', '--allow-silence');
    expect(allowed.stdout).toContain('Nothing takes over any more.');
    expect(allowed.code).toBe(0);
  });

  it.each([
    [{pair: 'other', host: 'standby'}, '✖ The standby belongs to the pair "other", not to "home".'],
    [{pair: 'home', host: 'primary'}, 'named as the standby, is the primary of the pair.'],
  ])('whose manifest says %j is left alone', async (says, sentence) => {
    manifest = JSON.stringify({...says, files: [], units: [], users: [], authorizedKeys: [], folders: []});
    const {code, stderr} = await run('--confirm', 'home', '--only', 'standby', '--allow-silence');
    manifest = '';
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  });
});

describe('a pair that this machine has forgotten', () => {
  const drills = () => join(home, '.local/state/failover-wizard/gone/drills');
  it('has nothing left but its reports of drills, which stay until they are forgotten too', async () => {
    mkdirSync(drills(), {recursive: true});
    writeFileSync(join(drills(), 'a.md'), '');
    const again = (...args: string[]) => runPiped(['remove', '--pair', 'gone', ...args], {home});
    const first = await again();
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('✔ Nothing of ours is left.');
    expect(first.stdout).toContain(drills());
    expect(existsSync(join(drills(), 'a.md'))).toBe(true);
    expect((await again('--forget-drills')).code).toBe(0);
    expect(existsSync(drills())).toBe(false);
  });
});
