import {pairSchema} from '../../src/pair/schema.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {primaryFiles} from '../../src/templates/primary-files.js';
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
  programs: {monitor: '// monitor\n', accounts: '// accounts\n'},
});
export const primary = primaryFiles({
  ...origin,
  gatewayUser: 'claw',
  workspace: '/home/claw/.openclaw/my workspace',
  branch: 'main',
});
export const contentOf = (files: typeof standby, path: string) =>
  String(files.find((file) => file.path.endsWith(path))!.content);
