import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {pairSchema} from '../../src/pair/schema.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {primaryFiles} from '../../src/templates/primary-files.js';
import {reportScript} from '../../src/templates/scripts/report.js';
import {standbyFiles} from '../../src/templates/standby-files.js';

export const pair = pairSchema.parse({
  primary: {ssh: 'root@203.0.113.10'},
  standby: {ssh: 'root@203.0.113.20'},
  channel: {type: 'irc', account: 'backup'},
  model: {primary: 'anthropic/claude-opus-4-6'},
});
export const origin = {pairName: 'default', version: '1.2.3'};
export const settings = monitorSettings(pair, {
  primary: {address: '100.64.0.11', port: 18789},
  standbyAddress: '100.64.0.12',
});
export const standby = standbyFiles({
  ...origin,
  settings,
  branch: 'main',
  secretsSync: {host: 'keeper@100.64.0.30', path: '~/.secrets', allow: ['a.env', 'b.env']},
  programs: {monitor: '// monitor\n', accounts: '// accounts\n'},
});
export const primary = primaryFiles({
  ...origin,
  gatewayUser: 'claw',
  workspace: '/home/claw/.openclaw/my workspace',
  branch: 'main',
});
export const report = reportScript({
  ...origin,
  manager: 'user',
  unit: 'openclaw-gateway.service',
  port: 18_789,
  privateAddress: '100.64.0.11',
});
export const contentOf = (files: typeof standby, path: string) =>
  String(files.find((file) => file.path.endsWith(path))!.content);

/** A script with every absolute path of ours moved below `root`. */
export const below = (root: string, content: string) =>
  content.replaceAll(/(?<==|"|')\/(usr\/local\/lib|etc|var\/lib|var\/cache|opt|run|home)\//g, `${root}/$1/`);
/** What scripts and gits get that know of no user but claw, whose home is `root`. */
export function gitHome(root: string): NodeJS.ProcessEnv {
  const config = path.join(root, 'gitconfig');
  writeFileSync(config, '[user]\n name = claw\n email = claw@example.org\n');
  return {
    PATH: `${root}/bin:${process.env['PATH']}`,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: config,
  };
}
