import {execFile, spawnSync} from 'node:child_process';
import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {Script} from 'node:vm';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let checkout: string;

/** A checkout of its own: the real launcher and manifest, and a program that only tells what it found. */
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'launcher-'));
  await cp(join(root, 'bin', 'failover-wizard.js'), join(checkout, 'bin', 'failover-wizard.js'));
  await cp(join(root, 'package.json'), join(checkout, 'package.json'));
  await mkdir(join(checkout, 'dist', 'cli'), {recursive: true});
  await writeFile(
    join(checkout, 'dist', 'cli', 'main.js'),
    `import module from 'node:module';
     const {NODE_ENV, FORCE_COLOR} = process.env;
     console.log(JSON.stringify({argv: process.argv.slice(2), NODE_ENV, FORCE_COLOR, cache: Boolean(module.getCompileCacheDir?.())}));`,
  );
});
afterAll(() => rm(checkout, {recursive: true}));

const launcher = () => join(checkout, 'bin', 'failover-wizard.js');

function run(
  args: string[],
  {node = process.execPath, env = {}}: {node?: string; env?: Record<string, string>} = {},
) {
  const clean = {PATH: process.env['PATH'], HOME: checkout, ...env};
  const {status, stdout, stderr} = spawnSync(node, args, {encoding: 'utf8', env: clean as NodeJS.ProcessEnv});
  return {status, stdout, stderr};
}

/** The same Node, saying that it is another one. */
function runAs(version: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`;
  return run(['--import', pretend, launcher()]);
}

describe('the launcher', () => {
  it.each(['v18.20.0', 'v20.20.2', 'v22.22.1', 'v23.9.0', 'v24.14.9', 'v25.3.0', 'v9.0.0'])(
    'refuses Node %s in one sentence on stderr, with exit code 2',
    (version) => {
      const {status, stdout, stderr} = runAs(version);
      expect({status, stdout}).toEqual({status: 2, stdout: ''});
      expect(stderr).toBe(
        `failover-wizard needs Node.js 22.22.2 or later 22.x, 24.15.0 or later 24.x, or 26 or newer; this is ${version.slice(1)} (newer ones: https://nodejs.org).\n`,
      );
    },
  );

  it.each(['v22.22.2', 'v22.23.0', 'v24.15.0', 'v24.21.0', 'v26.0.0', 'v26.1.0-nightly', 'v100.0.0'])(
    'starts on Node %s',
    (version) => {
      expect(runAs(version)).toMatchObject({status: 0, stderr: ''});
    },
  );

  it('says the range of package.json and not one of its own', async () => {
    const {engines} = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      engines: {node: string};
    };
    expect(engines.node).toBe('^22.22.2 || ^24.15.0 || >=26');
  });

  const old = '/usr/bin/node';
  const oldVersion = existsSync(old) ? spawnSync(old, ['--version'], {encoding: 'utf8'}).stdout.trim() : '';
  it.runIf(/^v(?:1\d|20|21)\./.test(oldVersion))('refuses a real old Node, which can parse it', () => {
    expect(run([launcher()], {node: old})).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^failover-wizard needs .*; this is ${oldVersion.slice(1)}[^\n]*\n$`),
      ) as string,
    });
  });

  it('is a script that a Node without modules can parse too', async () => {
    const text = await readFile(join(root, 'bin', 'failover-wizard.js'), 'utf8');
    expect(() => new Script(text.replace(/^#!.*/, ''))).not.toThrow();
    const code = text.replaceAll(/\/\/.*$/gm, '');
    expect(code).not.toMatch(/^import |import\.meta|=>|\bconst\b|\blet\b|\?\.|\?\?|`[^`]*\$\{/m);
  });

  it('hands its arguments on, sets production and the compile cache', () => {
    const {stdout} = run([launcher(), 'setup', '--plain']);
    expect(JSON.parse(stdout)).toEqual({argv: ['setup', '--plain'], NODE_ENV: 'production', cache: true});
  });

  it.each(['--version', '-V'])('answers %s itself, and loads nothing for it', async (flag) => {
    const {version} = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {version: string};
    expect(run([launcher(), flag])).toEqual({status: 0, stdout: `${version}\n`, stderr: ''});
    // With more words it is a usage error or a help, which the program tells.
    expect(JSON.parse(run([launcher(), flag, '--json']).stdout)).toMatchObject({argv: [flag, '--json']});
  });

  it('leaves NODE_ENV alone when it is set', () => {
    expect(JSON.parse(run([launcher()], {env: {NODE_ENV: 'test'}}).stdout)).toMatchObject({NODE_ENV: 'test'});
  });

  it('turns NO_COLOR into what Ink understands', () => {
    expect(JSON.parse(run([launcher()], {env: {NO_COLOR: '1'}}).stdout)).toMatchObject({FORCE_COLOR: '0'});
  });

  it('works through the link that npm makes', async () => {
    const link = join(checkout, 'failover-wizard');
    await symlink(launcher(), link);
    const {stdout} = await promisify(execFile)(link, ['watch'], {
      env: {...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`},
    });
    expect(JSON.parse(stdout)).toMatchObject({argv: ['watch']});
  });

  it('says what to do in a checkout that is not built', async () => {
    await rm(join(checkout, 'dist'), {recursive: true});
    const {status, stderr} = run([launcher()]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      `This checkout of failover-wizard is not built yet; run \`npm run build\` in ${checkout} first.\n`,
    );
  });
});
