import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import type {RehearsalHost} from '../host/host.js';
import {addresses} from '../net/table.js';
import {writePackage} from '../openclaw/package.js';
import {hub} from './hub.js';

/** The OpenClaw that the rehearsal's primary runs. */
export const openclawVersion = '2026.9.6';
export const nicks = {primary: 'clawmain', standby: 'clawbak', person: 'alice', drill: 'drill'} as const;
/** Who may talk to the bots, from wherever. */
export const allowFrom = [nicks.person, nicks.drill].map((nick) => `${nick}!~${nick}`);

export const ircAccount = (nick: string) => ({
  host: hub.chat.host,
  port: hub.chat.port,
  tls: false,
  nick,
  dmPolicy: 'allowlist',
  allowFrom,
});

const home = '/home/openclaw';
const entry = '/usr/lib/node_modules/openclaw';

/** What makes a host the primary of somebody who has run OpenClaw on it for a while. */
export async function makePrimary(host: RehearsalHost, dist: string, hubKey: string): Promise<void> {
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(`${host.root}${path}`), {recursive: true});
    writeFileSync(`${host.root}${path}`, text, {mode});
  };
  await host.command(['useradd', '--create-home', '--shell', '/bin/bash', 'openclaw']);
  await writePackage(`${host.root}${entry}`, openclawVersion, dist);
  symlinkSync('../lib/node_modules/openclaw/openclaw.mjs', `${host.root}/usr/bin/openclaw`);
  put(`${home}/.openclaw/openclaw.json`, `${JSON.stringify(config, null, 2)}\n`, 0o600);
  put(`${home}/.openclaw/.env`, 'ANTHROPIC_API_KEY=sk-rehearsal-primary\n', 0o600);
  put(`${home}/.ssh/known_hosts`, `${addresses.hub} ${hubKey}\n`, 0o600);
  put(
    '/etc/systemd/system/openclaw-gateway.service',
    `[Unit]\nDescription=OpenClaw Gateway\nAfter=network-online.target\n\n[Service]\nUser=openclaw\nWorkingDirectory=${home}\nEnvironment=HOME=${home}\nExecStart=/usr/bin/node ${entry}/dist/index.js gateway\nRestart=always\nRestartSec=5\nKillMode=mixed\n\n[Install]\nWantedBy=multi-user.target\n`,
  );
  mkdirSync(`${host.root}/etc/systemd/system/multi-user.target.wants`, {recursive: true});
  symlinkSync(
    '/etc/systemd/system/openclaw-gateway.service',
    `${host.root}/etc/systemd/system/multi-user.target.wants/openclaw-gateway.service`,
  );
  await host.command(['openclaw', 'plugins', 'install', `@openclaw/irc@${openclawVersion}`], 'openclaw');
  await host.command(['sh', '-c', workspaceText], 'openclaw');
}

const workspaceText = `set -e
umask 077
ssh-keygen -q -t ed25519 -N '' -C openclaw@claw-main -f "$HOME/.ssh/id_ed25519"
mkdir -p "$HOME/.openclaw/workspace/memory"
cd "$HOME/.openclaw/workspace"
git init -q --initial-branch=main
git config user.name openclaw
git config user.email openclaw@claw-main
printf '# Claw\\n\\nYou are the assistant of the rehearsal.\\n' >AGENTS.md
printf '# Memory\\n' >memory/README.md
git add -A
git commit -q -m 'Workspace of the rehearsal'
git remote add origin ${hub.remote}
git push -q -u origin main
`;

const config = {
  meta: {lastTouchedVersion: openclawVersion},
  agents: {
    defaults: {
      model: {primary: 'anthropic/claude-opus-4-6', fallbacks: []},
      workspace: `${home}/.openclaw/workspace`,
    },
    entries: {main: {}},
  },
  channels: {
    irc: {enabled: true, accounts: {main: ircAccount(nicks.primary), backup: ircAccount(nicks.standby)}},
  },
  plugins: {entries: {irc: {enabled: true}}},
  gateway: {
    port: 18789,
    mode: 'local',
    bind: 'custom',
    customBindHost: addresses.primary.private,
    auth: {mode: 'token', token: 'rehearsal-of-the-primary'},
  },
};
