import {access, constants, readFile} from 'node:fs/promises';
import {release} from 'node:os';
import {delimiter, join} from 'node:path';
import semver from 'semver';
import {runTool} from '../../drill/schedule/tool.js';
import type {Readings} from '../readings.js';

const limitMs = 5000;

/** @throws Error when the package has no manifest, which cannot be */
export async function readNode(): Promise<Readings['node']> {
  const manifest = await readFile(new URL('../../../../package.json', import.meta.url), 'utf8');
  const {engines} = JSON.parse(manifest) as {engines: {node: string}};
  return {
    version: process.versions.node,
    path: process.execPath,
    range: engines.node,
    fits: semver.satisfies(process.versions.node, engines.node, {includePrerelease: true}),
  };
}

export const isWsl = (platform: NodeJS.Platform, kernel: string = release()) =>
  platform === 'linux' && /microsoft/i.test(kernel);

export async function readGit(): Promise<string | undefined> {
  const {ok, stdout} = await runTool('git', ['--version'], {timeoutMs: limitMs});
  return ok
    ? stdout
        .trim()
        .split('\n')[0]
        ?.replace(/^git version/, 'Git')
    : undefined;
}

/** undefined: nobody here can say. */
export async function readSynchronised(platform: NodeJS.Platform): Promise<boolean | undefined> {
  if (platform !== 'linux') return undefined;
  const {ok, stdout} = await runTool('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
    timeoutMs: limitMs,
  });
  return ok ? stdout.trim() === 'yes' : undefined;
}

export async function readDesktop(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Readings['desktop']> {
  if (platform === 'win32') return {there: true, helper: undefined};
  const name = platform === 'darwin' ? 'osascript' : 'notify-send';
  const found = await Promise.all(
    (env.PATH ?? '').split(delimiter).map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  const there = platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return {there, helper: found.includes(true) ? name : undefined};
}
