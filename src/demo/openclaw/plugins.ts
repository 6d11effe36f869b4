import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {hostFiles} from '../../channels/program/files.js';
import {installedPlugins} from '../../channels/program/openclaw.js';
import type {Place} from './place.js';

/** Channels that a plugin brings here: what the stand-in can speak. */
const offered = ['irc'] as const;

export type Installed = {ok: true; id: string; version: string; folder: string} | {ok: false; why: string};

/**
 * Puts a channel plugin into the state folder, where OpenClaw's own installer puts one: an npm project of its own.
 * @param spec `@openclaw/irc` or `@openclaw/irc@2026.9.6`
 * @param version of this OpenClaw, which a plugin gets that is asked for without one
 */
export function installPlugin(
  {stateDir}: Place,
  spec: string,
  {version, force}: {version: string; force: boolean},
): Installed {
  const [, id = '', wanted = version] = /^@openclaw\/([a-z0-9-]+)(?:@(\d[\w.+-]*|latest))?$/.exec(spec) ?? [];
  if (!offered.some((one) => one === id))
    return {
      ok: false,
      why: `${spec} is not known here: the stand-in has ${offered.map((one) => `@openclaw/${one}`).join(', ')}`,
    };
  const have = installedPlugins(stateDir, hostFiles)[id];
  const project = join(stateDir, 'npm/projects', `openclaw-${id}`);
  if (have !== undefined && !force)
    return {
      ok: false,
      why: `plugin already exists: ${project} (version ${have}); install it with --force to replace it`,
    };
  const exact = wanted === 'latest' ? version : wanted;
  const made = `${project}.${process.pid}.new`;
  const folder = join('node_modules/@openclaw', id);
  rmSync(made, {recursive: true, force: true});
  mkdirSync(join(made, folder), {recursive: true, mode: 0o700});
  const write = (file: string, content: object) =>
    writeFileSync(join(made, file), `${JSON.stringify(content, null, 2)}\n`);
  write('package.json', {private: true, dependencies: {[`@openclaw/${id}`]: exact}});
  const description = "Stand-in of failover-wizard's rehearsal, not OpenClaw's plugin.";
  write(join(folder, 'package.json'), {name: `@openclaw/${id}`, version: exact, description, type: 'module'});
  write(join(folder, 'openclaw.plugin.json'), {id, channels: [id], configSchema: {type: 'object'}});
  rmSync(project, {recursive: true, force: true});
  renameSync(made, project);
  return {ok: true, id, version: exact, folder: join(project, folder)};
}
