import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {programOf} from '../../../src/cli/drill/schedule/launcher.js';

let folder: string;
let launcher: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'a launcher-'));
  launcher = join(folder, 'failover-wizard.js');
  await writeFile(launcher, '#!/bin/sh\n', {mode: 0o755});
});
afterAll(() => rm(folder, {recursive: true}));

const node = '/opt/node/bin/node';
const of = (command?: string, more: {script?: string; env?: NodeJS.ProcessEnv; launcher?: string} = {}) =>
  programOf(command, {node, launcher, script: launcher, env: {}, ...more});

describe('what a timer calls', () => {
  it('is Node and the launcher, by their absolute paths', () => {
    expect(of()).toEqual({argv: [node, launcher], env: {}});
    expect(of(undefined, {script: '/somewhere/main.ts'}).argv).toEqual([node, launcher]);
  });

  it('is the link that was called, which an update leaves in its place', async () => {
    const link = join(folder, 'fw');
    await symlink(launcher, link);
    expect(of(undefined, {script: link}).argv).toEqual([node, link]);
  });

  it('finds the same folders as this run, where they were set', () => {
    const env = {XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'relative', HOME: '/h', SECRET: 'x'};
    expect(of(undefined, {env}).env).toEqual({XDG_CONFIG_HOME: '/c'});
  });

  it('is not in the cache of npx', () => {
    const cache = '/home/op/.npm/_npx/ab12/node_modules/failover-wizard/bin/failover-wizard.js';
    expect(() =>
      of(undefined, {launcher: cache, script: '/home/op/.npm/_npx/ab12/node_modules/.bin/failover-wizard'}),
    ).toThrow(/npx/);
    expect(() => of(undefined, {launcher: cache})).toThrow(/npx/);
    expect(of(launcher, {launcher: cache}).argv).toEqual([launcher]);
  });

  it.each([
    '/home/op/.cache/pnpm/dlx/ab/node_modules/failover-wizard/bin/failover-wizard.js',
    '/tmp/xfs-1/dlx-42/node_modules/failover-wizard/bin/failover-wizard.js',
    '/tmp/bunx-1000-failover-wizard@latest/node_modules/failover-wizard/bin/failover-wizard.js',
  ])('is not %s either', (cache) => {
    expect(() => of(undefined, {launcher: cache, script: cache})).toThrow(/npx or the like/);
  });

  it('may be said: a path with blanks in it, or a program with words behind it', () => {
    const path = '/opt/node/bin:/usr/local/bin:/usr/bin:/bin';
    expect(of(launcher)).toEqual({argv: [launcher], env: {PATH: path}});
    expect(of('/bin/sh  -c fw').argv).toEqual(['/bin/sh', '-c', 'fw']);
  });

  it.each(['fw', './fw', '/nowhere/fw', '/', ''])('is not %j', (command) => {
    expect(() => of(command)).toThrow(/--command/);
  });

  it('is no file that cannot be run', async () => {
    const file = join(folder, 'notes.txt');
    await writeFile(file, '', {mode: 0o600});
    expect(() => of(file)).toThrow(/no program that can be run/);
  });

  it('has no control characters', () => {
    expect(() => of(undefined, {script: 'x', launcher: '/a\nb'})).toThrow(/control character/);
  });
});
