import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {execFileSync} from 'node:child_process';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {directory, envFile, file, gatewayConfig} from '../../../src/plan/kinds/files.js';
import type {DirectoryChange, EnvFileChange} from '../../../src/plan/change.js';
import {Secret} from '../../../src/secret.js';
import type {Host} from '../../../src/ssh/host.js';
import {contextOf, isRoot, localHost} from '../local-host.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-files-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const me = userInfo().username;
const group = execFileSync('id', ['-gn'], {encoding: 'utf8'}).trim();

function change(entries: EnvFileChange['entries'], drop: string[] = []): EnvFileChange {
  return {
    kind: 'env-file',
    id: 'x',
    host: 'standby',
    title: 'x',
    path: join(folder, '.env'),
    owner: me,
    group,
    entries,
    drop,
    proofs: ['models', 'live', 'failover'],
    header: '# Written by failover-wizard 1 for the pair "p".\n',
  };
}
const text = () => readFileSync(join(folder, '.env'), 'utf8');
/** What a shell, standing in for dotenv's quoting, takes a value for. */
const valueOf = (name: string) =>
  text()
    .split('\n')
    .find((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1);

describe('the env file', () => {
  it('is made with mode 0600 and the header first', async () => {
    await envFile(change({TOKEN: new Secret('abc')}), contextOf(localHost()));
    expect(text()).toBe('# Written by failover-wizard 1 for the pair "p".\nTOKEN=abc\n');
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  });
  it.skipIf(userInfo().uid !== 0)('may be for a group too, which reads and does not write', async () => {
    const env = {...change({URL: new Secret('abc')}), group: 'daemon', mode: 0o640};
    await envFile(env, contextOf(localHost()));
    const {mode, gid} = statSync(join(folder, '.env'));
    expect({mode: mode & 0o777, gid}).toEqual({
      mode: 0o640,
      gid: Number(execFileSync('id', ['-g', 'daemon'])),
    });
  });
  it('keeps what others wrote and replaces what is ours', async () => {
    writeFileSync(join(folder, '.env'), 'OTHER=1\nTOKEN=old\nTOKEN_2=stays\nexport TOKEN=older\n');
    await envFile(change({TOKEN: new Secret('new')}), contextOf(localHost()));
    expect(text().split('\n').slice(1)).toEqual(['OTHER=1', 'TOKEN_2=stays', 'TOKEN=new', '']);
  });
  it('takes away what nothing uses any more, and nothing that is only named alike', async () => {
    writeFileSync(
      join(folder, '.env'),
      'FAILOVER_IRC_PASSWORD=old\nFAILOVER_IRC_PASSWORD_2=stays\nOTHER=1\n',
    );
    await envFile(change({}, ['FAILOVER_IRC_PASSWORD']), contextOf(localHost()));
    expect(text().split('\n').slice(1)).toEqual(['FAILOVER_IRC_PASSWORD_2=stays', 'OTHER=1', '']);
  });
  it('makes a generated value once', async () => {
    await envFile(change({TOKEN: 'generate'}), contextOf(localHost()));
    const first = valueOf('TOKEN');
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    await envFile(change({TOKEN: 'generate', X: new Secret('1')}), contextOf(localHost()));
    expect(valueOf('TOKEN')).toBe(first);
  });
  it.each([
    ['plain', 'sk-1:2/3', 'sk-1:2/3'],
    ['spaces and dollars', 'a $b "c"', `'a $b "c"'`],
    ['a single quote', "it's", "`it's`"],
  ])('quotes a value with %s', async (_name, value, expected) => {
    await envFile(change({V: new Secret(value)}), contextOf(localHost()));
    expect(valueOf('V')).toBe(expected);
  });
  it('refuses a value with a line break, and leaves the file as it was', async () => {
    writeFileSync(join(folder, '.env'), 'A=1\n');
    await expect(envFile(change({V: new Secret('a\nB=2')}), contextOf(localHost()))).rejects.toThrow(
      'line break',
    );
    expect(text()).toBe('A=1\n');
  });
  it('shows a secret in no line it says', async () => {
    const context = contextOf(localHost());
    await envFile(change({V: new Secret('very-secret')}), context);
    expect(JSON.stringify([context.lines, context.events])).not.toContain('very-secret');
  });
});

describe('a folder', () => {
  const folderChange = (path: string, owner = me, mode = 0o700): DirectoryChange => ({
    kind: 'directory',
    id: 'x',
    host: 'standby',
    title: 'x',
    path,
    owner,
    group: owner === me ? group : owner,
    mode,
  });
  it('is made with its mode, and made again without harm', async () => {
    const path = join(folder, 'a b');
    for (let i = 0; i < 2; i += 1) await directory(folderChange(path), contextOf(localHost()));
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });
  it('is refused where a link lies, and what that points to stays as it is', async () => {
    const target = join(folder, 'target');
    mkdirSync(target, {mode: 0o755});
    symlinkSync(target, join(folder, 'link'));
    await expect(directory(folderChange(join(folder, 'link')), contextOf(localHost()))).rejects.toThrow(
      'Could not make the folder',
    );
    expect(statSync(target).mode & 0o777).toBe(0o755);
  });
  it('is made by its owner', async () => {
    const calls = recorder();
    await directory(folderChange('/home/openclaw/.openclaw', 'openclaw'), contextOf(calls.host));
    expect(calls.all[0]).toMatchObject({label: 'mkdir /home/openclaw/.openclaw', user: 'openclaw'});
  });
});

describe.skipIf(!isRoot)('what the owner of a folder left there for root', () => {
  const nobody = execFileSync('id', ['-gn', 'nobody'], {encoding: 'utf8'}).trim();
  const theirs = () => {
    chmodSync(folder, 0o755);
    const home = join(folder, 'home');
    mkdirSync(home);
    chownSync(
      home,
      Number(execFileSync('id', ['-u', 'nobody'])),
      Number(execFileSync('id', ['-g', 'nobody'])),
    );
    return home;
  };
  it('is not written through: the env file takes the place of a link', async () => {
    const home = theirs();
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'root only\n', {mode: 0o600});
    symlinkSync(precious, join(home, '.env.failover-new'));
    const wanted = {
      ...change({TOKEN: new Secret('abc')}),
      path: join(home, '.env'),
      owner: 'nobody',
      group: nobody,
    };
    await envFile(wanted, contextOf(localHost()));
    expect(readFileSync(precious, 'utf8')).toBe('root only\n');
    expect(statSync(precious).uid).toBe(0);
    expect(readFileSync(join(home, '.env'), 'utf8')).toContain('TOKEN=abc');
    expect(statSync(join(home, '.env')).uid).not.toBe(0);
  });
  it('is not read through either: a link to a file of root gives nothing away', async () => {
    const home = theirs();
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'SECRET=1\n', {mode: 0o600});
    symlinkSync(precious, join(home, '.env'));
    const wanted = {
      ...change({TOKEN: new Secret('abc')}),
      path: join(home, '.env'),
      owner: 'nobody',
      group: nobody,
    };
    await expect(envFile(wanted, contextOf(localHost()))).rejects.toThrow('Could not write');
    expect(readFileSync(precious, 'utf8')).toBe('SECRET=1\n');
  });
  it('takes back a file that somebody wrote as root', async () => {
    const home = theirs();
    writeFileSync(join(home, '.env'), 'OTHER=1\n', {mode: 0o600});
    const wanted = {
      ...change({TOKEN: new Secret('abc')}),
      path: join(home, '.env'),
      owner: 'nobody',
      group: nobody,
    };
    await envFile(wanted, contextOf(localHost()));
    expect(readFileSync(join(home, '.env'), 'utf8')).toContain('OTHER=1\nTOKEN=abc\n');
    expect(statSync(join(home, '.env')).uid).not.toBe(0);
  });
});

describe('proofs of old settings', () => {
  const order = (calls: {label: string; user: string | undefined}[]) =>
    calls.map(({label, user}) => `${user ?? 'root'}: ${label}`);
  it('are dropped by root before new secrets are in place', async () => {
    const calls = recorder();
    const wanted = {...change({TOKEN: new Secret('abc')}), path: '/home/openclaw/.env', owner: 'openclaw'};
    await envFile(wanted, contextOf(calls.host));
    expect(order(calls.all)).toEqual([
      'root: proofs are to be tried again',
      'root: owner of /home/openclaw/.env',
      'openclaw: write TOKEN to /home/openclaw/.env',
    ]);
  });
  it('are dropped before a new config is in place, which only its user writes', async () => {
    const calls = recorder();
    const wanted = {kind: 'gateway-config', id: 'x', host: 'standby', title: 'x'} as const;
    const path = '/home/openclaw/.openclaw/openclaw.json';
    await gatewayConfig(
      {...wanted, path, user: 'openclaw', tree: {a: 1}, header: '// x\n'},
      contextOf(calls.host),
    );
    expect(order(calls.all)).toEqual([
      `openclaw: write ${path}.failover-new`,
      'openclaw: openclaw config validate',
      'root: proofs are to be tried again',
      `openclaw: put ${path} in place`,
    ]);
  });
  it('of what a unit runs with are dropped before its file is written', async () => {
    const calls = recorder();
    const unitFile = {
      path: '/etc/systemd/system/x.service',
      content: '',
      owner: 'root',
      group: 'root',
      mode: 0o644,
    };
    const wanted = {kind: 'file', id: 'x', host: 'standby', title: 'x', secret: false, reload: true} as const;
    await file({...wanted, file: unitFile, unit: 'x.service'}, contextOf(calls.host));
    expect(order(calls.all)).toEqual([
      'root: rm /etc/openclaw-failover/applied/x.service',
      'root: write /etc/systemd/system/x.service',
      'root: systemctl daemon-reload',
    ]);
  });
});

/** A host on which everything succeeds, and what was asked of it. */
function recorder(): {host: Host; all: {label: string; user: string | undefined}[]} {
  const all: {label: string; user: string | undefined}[] = [];
  const ok = {code: 0, timedOut: false, stdout: '', stderr: '', tookMs: 1};
  const host: Host = {
    ...localHost(),
    run: async (argv, options) => {
      all.push({label: options?.label ?? argv.join(' '), user: options?.user});
      return ok;
    },
    script: async ({label}, options) => {
      all.push({label, user: options?.user});
      return ok;
    },
    write: async ({path}) => void all.push({label: `write ${path}`, user: undefined}),
  };
  return {host, all};
}
