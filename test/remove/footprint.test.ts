import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {footprintScript, parseFootprint} from '../../src/remove/footprint.js';
import {layout, units} from '../../src/templates/layout.js';
import {localHost} from '../plan/local-host.js';

let root: string;
const added = `Added user rules (see 'ufw status' for running firewall):
ufw allow 22/tcp comment 'SSH (failover-wizard)'
ufw allow from 100.64.0.12 to any port 18789 proto tcp comment 'standby probes (failover-wizard)'
ufw allow 443/tcp
ufw deny 25 comment 'mine (failover-wizard)'
ufw allow 80/tcp; reboot comment 'x (failover-wizard)'
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'footprint-'));
  put('/added', added);
  const known = `printf 'LoadState=loaded\\nActiveState=active\\nUnitFileState=enabled\\n'`;
  const unknown = `printf 'LoadState=not-found\\nActiveState=inactive\\nUnitFileState=\\n'`;
  program('systemctl', `case $* in *${units.monitor}) ${known} ;; *) ${unknown} ;; esac`);
  program(
    'getent',
    `[ $# = 1 ] && printf 'ann:x:2001:2001::${root}/home/ann:/bin/sh\\nbob:x:2002:2002::${root}/home/bob:/bin/sh\\n'`,
    `[ "$2" = openclaw-monitor ] && echo 'openclaw-monitor:x:998:998::/var/lib/openclaw-failover:/sbin/nologin'`,
    'exit 0',
  );
  program('ufw', `case $1 in status) echo 'Status: active' ;; show) cat ${root}/added ;; esac`);
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

function program(name: string, ...lines: string[]): void {
  put(`/bin/${name}`, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(root, 'bin', name), 0o755);
}
function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), {recursive: true});
  writeFileSync(join(root, path), text);
}

/** What the real script finds, with every path of a host below a folder. */
async function look(host: 'standby' | 'primary') {
  const {text, label} = footprintScript({host, pair: 'home'});
  const ours =
    /(?<![\w/.])\/(?:etc|usr\/local|opt|var\/(?:lib|cache)|run)\/(?=openclaw|systemd|lib|bin|fail2ban|apt)/g;
  const below = text.replaceAll(ours, (path) => root + path);
  const env = {PATH: `${join(root, 'bin')}:${process.env.PATH}`};
  const ran = await localHost(env).script({label, text: below});
  expect(ran.stderr).toBe('');
  return parseFootprint(ran.stdout.replaceAll(root, ''), host);
}

describe('the look at a host', () => {
  it('finds what is there, and which files say that this program wrote them', async () => {
    put(`/etc/systemd/system/${units.monitor}`, '# Written by failover-wizard 1\n');
    put(
      '/etc/systemd/system/openclaw.service',
      '[Service]\nExecStart=/bin/true\n# somebody\n# failover-wizard\n',
    );
    put('/etc/systemd/system/openclaw-gateway.service', '# failover-wizard\n');
    put(layout.manifest, '{}');
    mkdirSync(join(root, '/opt'));
    symlinkSync('/srv', join(root, layout.opt));
    const {paths, units: there, users} = await look('standby');
    expect(paths).toEqual([
      {path: '/etc/systemd/system/openclaw-health-monitor.service', kind: 'file', ours: true},
      {path: '/etc/systemd/system/openclaw.service', kind: 'file', ours: false},
      {path: '/opt/openclaw-failover', kind: 'link', ours: false},
      {path: '/etc/openclaw-failover', kind: 'folder', ours: false},
    ]);
    expect(there).toEqual([{unit: units.monitor, load: 'loaded', active: 'active', enabled: 'enabled'}]);
    expect(users).toEqual([{user: 'openclaw-monitor', uid: 998, home: '/var/lib/openclaw-failover'}]);
  });

  it('finds our lines in whosever authorized_keys they are, of this pair only', async () => {
    put(
      '/home/ann/.ssh/authorized_keys',
      'ssh-ed25519 AAAA ann\nrestrict ssh-ed25519 AAAA openclaw-failover home\n',
    );
    put(
      '/home/bob/.ssh/authorized_keys',
      'restrict ssh-ed25519 AAAA openclaw-failover homely\nssh-ed25519 A openclaw-failover-secrets home\r\n',
    );
    expect((await look('primary')).lines).toEqual([
      {user: 'ann', comment: 'openclaw-failover home'},
      {user: 'bob', comment: 'openclaw-failover-secrets home'},
    ]);
  });

  it('knows our firewall rules from those of others, and takes no word that ufw does not have', async () => {
    expect((await look('primary')).firewall).toEqual({
      active: true,
      rules: [
        ['allow', '22/tcp'],
        ['allow', 'from', '100.64.0.12', 'to', 'any', 'port', '18789', 'proto', 'tcp'],
      ],
      others: 3,
    });
  });

  it('an empty host has nothing', async () => {
    program('systemctl', 'echo LoadState=not-found; echo ActiveState=inactive');
    program('ufw', 'exit 0');
    const {paths, units: there, users, lines, firewall} = await look('primary');
    expect([paths, there, users, lines, firewall.rules]).toEqual([[], [], [], [], []]);
  });

  it('believes no path that is not ours', () => {
    const printed = [
      'path\tfolder\tno\t/etc',
      'path\tfile\tyes\t/etc/passwd',
      'path\tfolder\tno\t/etc/openclaw-failover/../..',
      'user\troot\tx\t/root',
    ];
    const {paths, users} = parseFootprint(printed.join('\n'), 'standby');
    expect([paths, users]).toEqual([[], []]);
  });
});
