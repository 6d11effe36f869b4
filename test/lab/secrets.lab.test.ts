import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {SecretsSync} from '../../src/pair/secrets-source.js';
import {layout, units} from '../../src/templates/layout.js';
import {loadPrograms} from '../../src/templates/programs.js';
import {authorizedLine, knownHostsFile} from '../../src/templates/secrets-source.js';
import {secretsPullFiles} from '../../src/templates/standby-files.js';
import type {RemoteFile} from '../../src/ssh/host.js';
import {lab, type LabHost} from './lab.js';

/** Rows 60 and 61 of the fault matrix, with a real sshd, systemd and OpenClaw; no gateway runs, so no nick is used. */
const sync: SecretsSync = {host: 'keeper@100.64.0.45', path: '~/.secrets', allow: ['a.env', 'b.env']};
const origin = {pairName: 'lab-secrets', version: '0.0.0'};
let standby: LabHost;
let source: LabHost;
let publicKey: string;

beforeAll(async () => {
  await lab.up();
  // A host with OpenClaw and its Node stands in for a standby; its own gateway is not needed.
  standby = await lab.host({name: 'secrets-pull', tree: 'primary', ip: '10.77.0.44', private: '100.64.0.44'});
  source = await lab.host({name: 'secrets-keep', tree: 'bookworm', ip: '10.77.0.45', private: '100.64.0.45'});
  await on(
    source,
    'useradd -m -s /bin/sh keeper; install -d -m 700 -o keeper -g keeper /home/keeper/.ssh /home/keeper/.secrets',
  );
  await on(
    standby,
    `mkdir -p ${layout.nodeDir}/bin ${layout.lib} ${layout.etc} ${layout.run}; ln -s $(command -v node) ${layout.node}`,
  );
  await on(standby, `install -d -m 700 -o openclaw -g openclaw ${layout.home}/.ssh ${layout.stateDir}`);
  await on(standby, `runuser -u openclaw -- ssh-keygen -q -t ed25519 -N '' -f ${layout.secretsPullKey}`);
  publicKey = await on(standby, `cat ${layout.secretsPullKey}.pub`);
  const hostKey = await on(source, "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub");
  await put(knownHostsFile('', '100.64.0.45', [hostKey]));
  await put({
    path: layout.accountsProgram,
    content: loadPrograms().accounts,
    owner: 'root',
    group: 'root',
    mode: 0o644,
  });
  for (const file of secretsPullFiles(origin, sync)) await put(file);
  await put({...file0, path: layout.config, content: JSON.stringify(config)});
  await put({...file0, path: layout.envFile, content: 'OWN_NAME=of the standby\nIRC_PW=its-own-password\n'});
  await on(standby, 'systemctl daemon-reload');
  await letIn(authorizedLine(sync, {pairName: origin.pairName, publicKey, from: ['100.64.0.44']}));
}, 900_000);
beforeEach(async () => {
  await secrets({'a.env': 'A_KEY=one\nOWN_NAME=pulled\n', 'b.env': 'B_KEY="two words"\n'});
  expect(await pull()).toMatch(/^(?:pulled|unchanged)/);
});
afterAll(async () => {
  await standby?.remove();
  await source?.remove();
});

const file0 = {owner: 'openclaw', group: 'openclaw', mode: 0o600};
const config = {
  meta: {lastTouchedVersion: '2026.9.6'},
  gateway: {mode: 'local', auth: {mode: 'token', token: '${A_KEY}'}},
  channels: {irc: {enabled: true, host: '10.77.0.2', nick: 'nobody', password: '${IRC_PW}'}},
};

async function on(host: LabHost, script: string, input = ''): Promise<string> {
  const ran = await host.exec(['sh', '-euc', script], {input, timeoutMs: 120_000});
  if (ran.code !== 0) throw new Error(`${script}: ${ran.stderr}${ran.stdout}`);
  return ran.stdout.trim();
}
const put = ({path, content, owner, group, mode}: RemoteFile) =>
  on(
    standby,
    `cat > ${path}; chown ${owner}:${group} ${path}; chmod ${mode.toString(8)} ${path}`,
    String(content),
  );
const letIn = (line: string) =>
  on(
    source,
    'cd /home/keeper/.ssh; cat > authorized_keys; chown keeper: authorized_keys; chmod 600 authorized_keys',
    `${line}\n`,
  );
async function secrets(files: Record<string, string>): Promise<void> {
  await on(
    source,
    'rm -rf /home/keeper/.secrets; install -d -m 700 -o keeper -g keeper /home/keeper/.secrets',
  );
  for (const [name, text] of Object.entries(files))
    await on(source, `cd /home/keeper/.secrets; umask 077; cat > ${name}; chown keeper: ${name}`, text);
}
/** Runs the unit as its timer does; its result and detail. */
async function pull(): Promise<string> {
  const script = `rm -f ${layout.workRun}/secrets.json; systemctl start ${units.secretsPull} || :; cat ${layout.workRun}/secrets.json`;
  const {result, detail} = JSON.parse(await on(standby, script)) as Record<string, string>;
  return `${result}: ${detail}`;
}
const inForce = () => on(standby, `cd ${layout.pulledSecrets}/current/ && grep . a.env b.env all`);
const first = [
  'a.env:A_KEY=one',
  'a.env:OWN_NAME=pulled',
  'b.env:B_KEY="two words"',
  'all:A_KEY=one',
  'all:OWN_NAME=pulled',
  "all:B_KEY='two words'",
].join('\n');

describe('a pull over a real sshd', () => {
  test('brings the files, 0600 and of the gateway user alone', async () => {
    expect(await inForce()).toBe(first);
    const modes = await on(
      standby,
      `stat -c '%a %U' ${layout.pulledSecrets} ${layout.pulledSecrets}/current/*`,
    );
    expect(modes.split('\n')).toEqual(['700 openclaw', '600 openclaw', '600 openclaw', '600 openclaw']);
  });

  test('OpenClaw takes them, and its own env file wins', async () => {
    const seen = await on(
      standby,
      `cd ${layout.home}; runuser -u openclaw -- env -i HOME=${layout.home} PATH=/usr/local/bin:/usr/bin:/bin openclaw config validate --json`,
    );
    // It names every variable of the config that it cannot find.
    expect(seen).toContain('"valid":true');
    expect(seen).not.toContain('Missing env var');
    await on(standby, `mv ${layout.gatewayEnv} ${layout.gatewayEnv}.away`);
    const without = await on(
      standby,
      `cd ${layout.home}; runuser -u openclaw -- env -i HOME=${layout.home} PATH=/usr/local/bin:/usr/bin:/bin openclaw config validate --json; mv ${layout.gatewayEnv}.away ${layout.gatewayEnv}`,
    );
    expect(without).toContain('Missing env var \\"A_KEY\\"');
  });

  test('the key may do nothing else at the source, whatever it asks for', async () => {
    const ssh = `ssh -F /dev/null -i ${layout.secretsPullKey} -o BatchMode=yes -o UserKnownHostsFile=${layout.secretsKnownHosts} keeper@100.64.0.45`;
    const asked = await on(
      standby,
      `${ssh} 'id; touch /tmp/was-here' | head -c 200 | tr -d '\\000' | head -n 1`,
    );
    expect(asked).toMatch(/^openclaw-failover-secrets lab-secrets [0-9a-f]{32}$/);
    expect(await on(source, 'ls /tmp')).not.toContain('was-here');
    const forward = await standby.exec([
      'sh',
      '-c',
      `timeout 5 ${ssh} -N -o ExitOnForwardFailure=yes -R 9999:127.0.0.1:22`,
    ]);
    expect(forward.code).not.toBe(0);
  });

  test('no value is in the journal or in what the monitor reads', async () => {
    await secrets({'a.env': 'A_KEY=one-secret-value\nDISCORD_BOT_TOKEN=another-secret\n', 'b.env': 'B=1\n'});
    expect(await pull()).toContain('refused: DISCORD_BOT_TOKEN in a.env belongs to the channel discord');
    const text = await on(
      standby,
      `journalctl -u ${units.secretsPull} -o cat --no-pager; cat ${layout.workRun}/secrets.json`,
    );
    expect(text).not.toMatch(/one-secret-value|another-secret|two words/);
  });
});

describe('row 60: a pull that is killed half-way leaves the set in force whole', () => {
  const slow = (command: string) =>
    letIn(
      authorizedLine(sync, {pairName: origin.pairName, publicKey, from: ['100.64.0.44']}).replace(
        'exec tar -cf - --no-recursion -- a.env b.env',
        command,
      ),
    );
  beforeEach(() => slow('tar -cf - a.env b.env | (head -c 700; sleep 25; cat)'));
  const afterwards = async () => {
    expect(await inForce()).toBe(first);
    await letIn(authorizedLine(sync, {pairName: origin.pairName, publicKey, from: ['100.64.0.44']}));
    await secrets({'a.env': 'A_KEY=three\n', 'b.env': 'B_KEY=four\n'});
    expect(await pull()).toBe('pulled: a.env b.env');
    expect(await inForce()).toBe('a.env:A_KEY=three\nb.env:B_KEY=four\nall:A_KEY=three\nall:B_KEY=four');
  };
  /** A second after its ssh runs, half of the files are there and the rest does not come. */
  const begun = () =>
    on(
      standby,
      `systemctl start --no-block ${units.secretsPull}; i=0; until pgrep -x ssh >/dev/null; do i=$((i + 1)); [ $i -lt 150 ]; sleep 0.1; done; sleep 1`,
    );

  test('its ssh', async () => {
    await begun();
    await on(standby, 'kill -KILL $(pgrep -x ssh)');
    await on(
      standby,
      `while [ "$(systemctl show -P ActiveState ${units.secretsPull})" = activating ]; do sleep 0.1; done`,
    );
    await afterwards();
  });
  test('the whole job', async () => {
    await begun();
    await on(standby, `systemctl kill -s KILL ${units.secretsPull}`);
    await afterwards();
  });
  test('the source, with its power', async () => {
    await begun();
    await source.kill();
    await on(
      standby,
      `i=0; while [ "$(systemctl show -P ActiveState ${units.secretsPull})" = activating ]; do i=$((i + 1)); [ $i -lt 450 ]; sleep 0.1; done`,
    );
    expect(await on(standby, `cat ${layout.workRun}/secrets.json`)).toContain('"result":"unreachable"');
    await source.start();
    await afterwards();
  });
});

describe('row 61: a source that is empty or another one is refused', () => {
  test.each<[string, () => Promise<unknown>, string]>([
    ['its folder is empty', () => secrets({}), 'refused: a.env is missing at the source'],
    [
      'its folder is gone',
      () => on(source, 'rm -rf /home/keeper/.secrets'),
      'refused: a.env is missing at the source',
    ],
    ['a file is empty', () => secrets({'a.env': 'A=1\n', 'b.env': ''}), 'refused: b.env is empty'],
    [
      'a file is a link to another one',
      () => on(source, 'cd /home/keeper/.secrets; rm a.env; ln -s /etc/passwd a.env'),
      'refused: a.env is not one plain file',
    ],
  ])('%s', async (_name, fault, told) => {
    await fault();
    expect(await pull()).toBe(told);
    expect(await inForce()).toBe(first);
  });

  test('another server answers at its address', async () => {
    await on(
      source,
      'cd /etc/ssh; cp -a ssh_host_ed25519_key /root/kept; cp -a ssh_host_ed25519_key.pub /root/kept.pub; rm ssh_host_*; ssh-keygen -q -A; systemctl restart ssh',
    );
    expect(await pull()).toMatch(/^refused: another server answers at 100\.64\.0\.45/);
    await on(
      source,
      'cd /etc/ssh; mv /root/kept ssh_host_ed25519_key; mv /root/kept.pub ssh_host_ed25519_key.pub; systemctl restart ssh',
    );
    expect(await pull()).toBe('unchanged: a.env b.env');
  });

  test('the line of another pair', async () => {
    await letIn(authorizedLine(sync, {pairName: 'another', publicKey, from: ['100.64.0.44']}));
    expect(await pull()).toBe('refused: what answers at 100.64.0.45 is not the source of this pair');
    expect(await inForce()).toBe(first);
    await letIn(authorizedLine(sync, {pairName: origin.pairName, publicKey, from: ['100.64.0.44']}));
  });

  test('the key is not let in from another address, or not at all', async () => {
    await letIn(authorizedLine(sync, {pairName: origin.pairName, publicKey, from: ['100.64.0.99']}));
    expect(await pull()).toMatch(/^unreachable: .*Permission denied/);
    expect(await inForce()).toBe(first);
    await letIn(authorizedLine(sync, {pairName: origin.pairName, publicKey, from: ['100.64.0.44']}));
  });
});
