import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {execFileSync} from 'node:child_process';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {envFile} from '../../../src/plan/kinds/files.js';
import type {EnvFileChange} from '../../../src/plan/change.js';
import {Secret} from '../../../src/secret.js';
import {contextOf, localHost} from '../local-host.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-files-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const me = userInfo().username;
const group = execFileSync('id', ['-gn'], {encoding: 'utf8'}).trim();

function change(entries: EnvFileChange['entries']): EnvFileChange {
  return {
    kind: 'env-file',
    id: 'x',
    host: 'standby',
    title: 'x',
    path: join(folder, '.env'),
    owner: me,
    group,
    entries,
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
  it('keeps what others wrote and replaces what is ours', async () => {
    writeFileSync(join(folder, '.env'), 'OTHER=1\nTOKEN=old\nTOKEN_2=stays\nexport TOKEN=older\n');
    await envFile(change({TOKEN: new Secret('new')}), contextOf(localHost()));
    expect(text().split('\n').slice(1)).toEqual(['OTHER=1', 'TOKEN_2=stays', 'TOKEN=new', '']);
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
