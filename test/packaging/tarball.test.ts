import {execFile} from 'node:child_process';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {isOffline, nodeOf, npm, plainEnv} from './nodes.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const isBuilt = existsSync(join(root, 'dist', 'cli', 'main.js'));
interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

interface Packed {
  filename: string;
  size: number;
  files: {path: string; size: number}[];
}

let folder: string;
let packed: Packed;
beforeAll(async () => {
  if (!isBuilt) return;
  folder = await mkdtemp(join(tmpdir(), 'packed-'));
  // `npm test` has built it; building again would take files away under other tests.
  const {stdout} = await run(npm, ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    env: plainEnv(),
    maxBuffer: 1 << 26,
  });
  const said = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  packed = Object.values(said)[0]!;
}, 60_000);
afterAll(() => isBuilt && rm(folder, {recursive: true, force: true}));

describe.skipIf(!isBuilt)('the tarball (skipped in a checkout that is not built)', () => {
  it('holds what docs/packaging.md lists, and nothing else', () => {
    const kinds = packed.files.map(({path}) => path.replace(/^(dist|docs)\/.*(\.\w+)$/, '$1/*$2'));
    expect([...new Set(kinds)].toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'bin/failover-wizard.js',
      'dist/*.js',
      // Recorded facts of `demo --recorded`.
      'dist/*.json',
      'dist/*.mjs',
      'docs/*.md',
      'man/failover-wizard.1',
      'package.json',
    ]);
  });

  it('is small', () => {
    // 643 kB when this was written; what doubles it should be noticed.
    expect(packed.size).toBeLessThan(1_000_000);
  });

  it('runs nothing when it is installed', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
  });

  it('imports its dependencies and nothing else, and each of them', async () => {
    const modules = packed.files.map(({path}) => path).filter((path) => /^dist\/.*\.js$/.test(path));
    const {metafile} = await build({
      absWorkingDir: root,
      entryPoints: modules,
      outdir: 'nowhere',
      bundle: true,
      splitting: true,
      write: false,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      metafile: true,
    });
    const imported = Object.values(metafile.inputs)
      .flatMap(({imports}) => imports)
      .filter(({external, path}) => external && !path.startsWith('node:'))
      .map(({path}) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    const builtin = new Set(process.getBuiltinModule('module').builtinModules);
    const packages = [...new Set(imported)].filter((name) => !builtin.has(name));
    expect(packages.toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
    // A module that is imported and was not packed would have stopped the bundler.
    expect(Object.keys(metafile.inputs).toSorted()).toEqual(expect.arrayContaining(modules));
  });
});

describe.skipIf(!isBuilt)('installed from the tarball (skipped where the registry is out of reach)', () => {
  let home: string;
  let installed: string;
  let offline: string | undefined;
  beforeAll(async () => {
    home = join(folder, 'home');
    installed = join(folder, 'installed');
    await mkdir(home);
    // As an operator would: for the whole machine, only that it is a folder of ours.
    const how = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await orOffline(
      run(npm, ['install', '--global', '--prefix', installed, ...how, join(folder, packed.filename)], {
        cwd: folder,
        env: plainEnv(),
      }),
    );
  }, 120_000);

  async function orOffline<T>(made: Promise<T>): Promise<T | undefined> {
    try {
      return await made;
    } catch (error) {
      if (!isOffline(error)) throw error;
      offline = 'the npm registry cannot be reached';
      return undefined;
    }
  }

  it('has no program that is built on the spot', ({skip}) => {
    skip(offline !== undefined, offline);
    const binaries = readdirSync(installed, {recursive: true, encoding: 'utf8'}).filter((path) =>
      path.endsWith('.node'),
    );
    expect(binaries).toEqual([]);
  });

  it.for([22, 24, 26])(
    'runs on Node %i: version, help, demo, doctor, completion',
    {timeout: 120_000},
    async (major, {skip}) => {
      skip(offline !== undefined, offline);
      const node = await orOffline(nodeOf(major));
      skip(node === undefined, offline);
      // Node 25 and later want libatomic, which the smallest systems lack.
      const lacks = await run(node!, ['--version']).then(
        () => undefined,
        (error: Error) => /error while loading shared libraries: \S+/.exec(error.message)?.[0],
      );
      skip(lacks !== undefined, lacks);
      const launcher = join(installed, 'bin', 'failover-wizard');
      const call = (...args: string[]) =>
        run(node!, [launcher, ...args], {
          cwd: home,
          env: {PATH: [dirname(node!), '/usr/bin', '/bin'].join(delimiter), HOME: home},
          maxBuffer: 1 << 26,
        });
      expect((await run(node!, ['--version'])).stdout).toMatch(new RegExp(`^v${major}\\.`));
      expect(await call('--version')).toEqual({stdout: `${manifest.version}\n`, stderr: ''});
      const help = await call('--help');
      expect(help.stdout).toMatch(/^Two servers become .*\n\nUsage: failover-wizard/);
      const recorded = await call('demo', '--recorded', '--plain');
      expect(recorded.stdout + recorded.stderr).toMatch(/\d+ changes, /);
      // The embedded pair: its programs are processes of their own, which nothing imports.
      const rehearsed = await call('setup', '--demo', '--dry-run', '--plain', '--no-input');
      expect(rehearsed.stdout).toMatch(/\d+ changes, /);
      // What is loaded before a program of its hosts, with the flags of the monitor.
      const preload = join(installed, 'lib/node_modules/failover-wizard/dist/demo/host/preload.js');
      const sandbox = {
        root: home,
        scripts: home,
        real: [installed],
        network: {a: 1, b: 2, at: 'standby', state: home},
      };
      const seen = await run(
        node!,
        [
          '--jitless',
          '--import',
          preload,
          '--input-type=module',
          '-e',
          'import {readdirSync} from "node:fs"; console.log(readdirSync("/etc").length)',
        ],
        {env: {FAILOVER_REHEARSAL: JSON.stringify(sandbox)}},
      ).catch((error: Error) => ({stdout: error.message}));
      expect(seen.stdout).toContain('ENOENT');
      const doctor = await call('doctor', '--json');
      expect(JSON.parse(doctor.stdout)).toMatchObject({findings: expect.any(Array) as unknown[]});
      expect((await call('completion', 'bash')).stdout).toContain(
        'complete -F _failover_wizard failover-wizard',
      );
      // What is imported late is there too: a screen's modules, the prompts, SSH.
      const late = [
        'dist/screens/setup/screen.js',
        'dist/cli/prompter.js',
        'dist/cli/setup-hosts.js',
        'dist/cli/watch/run.js',
      ]
        .map((path) => join(installed, 'lib/node_modules/failover-wizard', path))
        .filter((path) => existsSync(path));
      expect(late.length).toBe(4);
      for (const path of late)
        await run(node!, ['--input-type=module', '-e', `await import(${JSON.stringify(path)})`]);
    },
  );

  it('runs with npx, and its manual comes with it', {timeout: 120_000}, async ({skip}) => {
    skip(offline !== undefined, offline);
    const said = await orOffline(
      run('npx', ['--yes', '--prefer-offline', `./${packed.filename}`, '--version'], {
        cwd: folder,
        env: plainEnv({npm_config_update_notifier: 'false'}),
      }),
    );
    skip(said === undefined, offline);
    expect(said!.stdout).toBe(`${manifest.version}\n`);
    const page = readFileSync(join(installed, 'share/man/man1/failover-wizard.1'), 'utf8');
    expect(page).toMatch(/^\.TH FAILOVER\\-WIZARD 1 /);
  });
});
