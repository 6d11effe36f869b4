#!/usr/bin/env node
// How long a run on a finished pair takes, beside an Ansible playbook that looks at the same things on the same
// hosts in the same run (pipelining on, connection reuse off and on). Needs ansible and a pair that is set up.
//
//   node bench/second-run.mjs --answers pair.json [--runs 5]
//
// Prints one line per contender (median, all runs in s) and the ratios. Exit 1 when any run changed something.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import JSON5 from 'json5';

const here = dirname(fileURLToPath(import.meta.url));
const {values} = parseArgs({options: {answers: {type: 'string'}, runs: {type: 'string', default: '5'}}});
if (!values.answers) throw new Error('usage: node bench/second-run.mjs --answers pair.json [--runs 5]');
const pair = JSON5.parse(readFileSync(values.answers, 'utf8'));
const runs = Number(values.runs);
const work = mkdtempSync(join(tmpdir(), 'failover-bench-'));
const known = join(work, 'known_hosts');

/** Only for the comparison: the hosts' keys were pinned by setup itself, Ansible gets them scanned. */
function sshArgs(host) {
  const [user, address] = host.ssh.split('@');
  const identity = host.identityFile ? ['-i', host.identityFile] : [];
  return {user, address, args: ['-o', `UserKnownHostsFile=${known}`, '-o', 'LogLevel=ERROR', ...identity]};
}

function remote(host, command) {
  const {user, address, args} = sshArgs(host);
  return execFileSync('ssh', [...args, `${user}@${address}`, command], {maxBuffer: 1 << 26});
}

function prepare() {
  const addresses = ['primary', 'standby'].map((name) => sshArgs(pair[name]).address);
  writeFileSync(
    known,
    execFileSync('ssh-keyscan', ['-t', 'ed25519', ...addresses], {stdio: ['ignore', 'pipe', 'ignore']}),
  );
  const tree = join(work, 'tree');
  mkdirSync(tree);
  const lists = {};
  for (const name of ['standby', 'primary']) {
    const {files} = JSON.parse(remote(pair[name], 'cat /etc/openclaw-failover/manifest.json').toString());
    lists[`${name}_files`] = files.map((file) => ({...file, mode: `0${file.mode}`}));
    const extra =
      name === 'standby'
        ? ['/etc/fail2ban/jail.d/failover-wizard.local', '/etc/apt/apt.conf.d/52failover-wizard']
        : [];
    // Both hosts have a few paths in common, so each gets a tree of its own.
    const own = join(tree, name);
    mkdirSync(own);
    const archive = remote(
      pair[name],
      `tar -cf - ${[...files.map(({path}) => path), ...extra].join(' ')} 2>/dev/null`,
    );
    spawnSync('tar', ['-xf', '-', '-C', own], {input: archive});
  }
  const line = (name) => {
    const {user, address, args} = sshArgs(pair[name]);
    return `[${name}]\n${address} ansible_user=${user} ansible_ssh_common_args='${args.join(' ')}' tree=${join(tree, name)}\n`;
  };
  writeFileSync(join(work, 'inventory'), line('standby') + line('primary'));
  const monitor = JSON.parse(remote(pair.standby, 'cat /etc/openclaw-failover/monitor.json').toString());
  writeFileSync(
    join(work, 'vars.json'),
    JSON.stringify({...lists, primary_private: monitor.primary.address}),
  );
}

function timed(command, args, env) {
  const start = performance.now();
  const ran = spawnSync(command, args, {env: {...process.env, ...env}, encoding: 'utf8', timeout: 300_000});
  const s = (performance.now() - start) / 1000;
  return {s, ...ran};
}

function ansible(persist) {
  const config = `[defaults]\nhost_key_checking = True\ngathering = smart\nforks = 10\n[ssh_connection]\npipelining = True\nssh_args = ${persist ? `-o ControlMaster=auto -o ControlPersist=60s -o ControlPath=${join(work, 'cm-%C')}` : '-o ControlMaster=no'}\n`;
  const path = join(work, `ansible-${persist}.cfg`);
  writeFileSync(path, config);
  const ran = timed(
    'ansible-playbook',
    [
      '-i',
      join(work, 'inventory'),
      '-e',
      `@${join(work, 'vars.json')}`,
      join(here, 'ansible', 'playbook.yml'),
    ],
    {ANSIBLE_CONFIG: path, LC_ALL: 'C.UTF-8'},
  );
  if (ran.status !== 0 || /changed=[1-9]/.test(ran.stdout)) {
    process.stderr.write(ran.stdout + ran.stderr);
    throw new Error('the playbook failed or changed something: it is not equivalent on these hosts');
  }
  return ran.s;
}

function setup() {
  const bin = join(here, '..', 'bin', 'failover-wizard.js');
  const ran = timed(
    process.execPath,
    [bin, 'setup', '--answers', values.answers, '--no-input', '--yes', '--json'],
    {},
  );
  if (ran.status !== 0 || !ran.stdout.includes('"nothingToDo":true')) {
    process.stderr.write(ran.stdout + ran.stderr);
    throw new Error('setup found something to do');
  }
  return ran.s;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

try {
  prepare();
  const contenders = {
    'failover-wizard': setup,
    'ansible, pipelining': () => ansible(false),
    'ansible, pipelining, warm connections': () => ansible(true),
  };
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1)
    for (const [name, once] of Object.entries(contenders)) times[name].push(once());
  const ours = median(times['failover-wizard']);
  for (const [name, list] of Object.entries(times)) {
    const ratio = name === 'failover-wizard' ? '' : `   ${(median(list) / ours).toFixed(1)} x`;
    process.stdout.write(
      `${name.padEnd(40)} median ${median(list).toFixed(2)} s   (${list.map((s) => s.toFixed(2)).join(' ')})${ratio}\n`,
    );
  }
} finally {
  rmSync(work, {recursive: true, force: true});
}
