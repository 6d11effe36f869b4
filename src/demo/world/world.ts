import {randomInt} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import ssh2, {type ParsedKey} from 'ssh2';
import type {Answers} from '../../pair/schema.js';
import {fingerprint} from '../../ssh/known-hosts.js';
import {RehearsalHost} from '../host/host.js';
import {dist, programs, project} from '../host/programs.js';
import {findProgram} from '../host/tools.js';
import {nodeText} from '../host/stand-ins.js';
import {addresses, type Network} from '../net/table.js';
import {hub, Hub} from './hub.js';
import {processesNaming} from './leftovers.js';
import {ircAccount, makePrimary, nicks} from './primary-image.js';

/** ms for a program in another terminal to leave by itself. */
const leaveMs = 700;

/** What the operator's side needs of a rehearsal. */
export interface Rehearsal {
  /** Everything of it, also what the operator's side keeps. */
  folder: string;
  answersFile: string;
  /** A command that is failover-wizard on this pair, for any terminal. */
  launcher: string;
  network: Network;
}

/** An embedded pair: two hosts, and everybody whom they need. */
export class World {
  readonly folder: string;
  readonly network: Network;
  readonly hosts: Readonly<Record<'primary' | 'standby', RehearsalHost>>;
  readonly hub: Hub;
  readonly #keys: {operator: Key; hub: Key; primary: Key; standby: Key};

  constructor() {
    this.folder = makeFolder();
    const state = `${this.folder}/network`;
    mkdirSync(state);
    this.network = {a: randomInt(1, 255), b: randomInt(1, 255), at: 'operator', state};
    this.#keys = {operator: newKey(), hub: newKey(), primary: newKey(), standby: newKey()};
    const host = (name: 'primary' | 'standby', hostname: string) =>
      new RehearsalHost({
        name,
        hostname,
        root: `${this.folder}/${name}`,
        network: this.network,
        hostKey: this.#keys[name].text,
        operatorKey: `${this.#keys.operator.line} you@rehearsal`,
      });
    this.hosts = {primary: host('primary', 'claw-main'), standby: host('standby', 'claw-backup')};
    const {standby} = this.hosts;
    this.hub = new Hub({
      folder: `${this.folder}/hub`,
      network: this.network,
      hostKey: this.#keys.hub.text,
      node: nodeText(standby.about),
      npm: `#!/bin/sh\nexec ${standby.root}/usr/bin/node ${programs.npm} "$@"\n`,
    });
  }

  async start(): Promise<Rehearsal> {
    const {primary, standby} = this.hosts;
    await this.hub.start();
    for (const host of [primary, standby]) {
      host.install();
      // oxlint-disable-next-line no-await-in-loop
      await host.listen();
    }
    await makePrimary(primary, pathToFileURL(dist).href, this.#keys.hub.line);
    await Promise.all([primary.boot(), standby.boot()]);
    return this.#operator();
  }

  /** Everything of it is gone afterwards: processes, sockets, files. */
  async close(): Promise<void> {
    await Promise.all([this.hosts.primary.close(), this.hosts.standby.close(), this.hub.close()]);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const left = processesNaming(this.folder, [process.pid, process.ppid]);
      for (const pid of left) end(pid, signal);
      // oxlint-disable-next-line no-await-in-loop
      if (left.length > 0) await sleep(leaveMs);
    }
    rmSync(this.folder, {recursive: true, force: true, maxRetries: 5});
  }

  /** The operator's side: a key, an answers file, and folders of its own for what is remembered. */
  #operator(): Rehearsal {
    const at = `${this.folder}/operator`;
    for (const name of ['config', 'state', 'cache'])
      mkdirSync(`${at}/${name}`, {recursive: true, mode: 0o700});
    const identityFile = `${at}/id_ed25519`;
    writeFileSync(identityFile, this.#keys.operator.text, {mode: 0o600});
    writeFileSync(`${identityFile}.pub`, `${this.#keys.operator.line} you@rehearsal\n`);
    const answersFile = `${at}/answers.json`;
    const answers: Answers = {
      name: 'rehearsal',
      primary: {
        ssh: `root@${addresses.primary.public}`,
        identityFile,
        hostKey: this.#keys.primary.fingerprint,
      },
      standby: {
        ssh: `root@${addresses.standby.public}`,
        identityFile,
        hostKey: this.#keys.standby.fingerprint,
      },
      network: {kind: 'existing'},
      channel: {type: 'irc', account: 'backup', settings: ircAccount(nicks.standby), secrets: {}},
      model: {
        primary: 'anthropic/claude-opus-4-6',
        secrets: {ANTHROPIC_API_KEY: {env: 'REHEARSAL_MODEL_KEY'}},
      },
      secretsSync: null,
      drill: {probe: {kind: 'irc', nick: nicks.drill}},
      mirrors: {node: hub.mirror},
    };
    writeFileSync(answersFile, `${JSON.stringify(answers, null, 2)}\n`, {mode: 0o600});
    writeFileSync(`${at}/known_hosts`, `${addresses.hub} ${this.#keys.hub.line}\n`);
    writeFileSync(`${at}/ssh`, this.#sshText(at), {mode: 0o755});
    // What the operator's own SSH config says (a jump host, an agent) is about other servers than these.
    mkdirSync(`${at}/bin`, {recursive: true});
    writeFileSync(
      `${at}/ssh_config`,
      `Host *\n  IdentityFile ${identityFile}\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile ${at}/known_hosts\n  GlobalKnownHostsFile /dev/null\n`,
    );
    writeFileSync(`${at}/bin/ssh`, `#!/bin/sh\nexec '${findProgram('ssh')!}' -F '${at}/ssh_config' "$@"\n`, {
      mode: 0o755,
    });
    const launcher = `${this.folder}/failover-wizard`;
    writeFileSync(launcher, this.#launcherText(at));
    chmodSync(launcher, 0o755);
    return {folder: this.folder, answersFile, launcher, network: this.network};
  }

  /** The operator's own ssh, for git: with a key and a known host of the rehearsal, and nobody else's. */
  #sshText(at: string): string {
    const relay = `'${process.execPath}' --import '${pathToFileURL(programs.operator).href}' '${programs.relay}' %h %p`;
    const options = ['UserKnownHostsFile', 'GlobalKnownHostsFile'].map(
      (name) => `-o ${name}='${at}/known_hosts'`,
    );
    return `#!/bin/sh
exec '${findProgram('ssh')!}' -F none -i '${at}/id_ed25519' -o IdentityAgent=none ${options.join(' ')} -o ProxyCommand="${relay}" "$@"
`;
  }

  #launcherText(at: string): string {
    const env = {
      XDG_CONFIG_HOME: `${at}/config`,
      XDG_STATE_HOME: `${at}/state`,
      REHEARSAL_MODEL_KEY: 'sk-rehearsal-standby',
      GIT_SSH_COMMAND: `${at}/ssh`,
      FAILOVER_REHEARSAL_NETWORK: JSON.stringify(this.network),
    };
    const words = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
    const program = join(project, 'bin', 'failover-wizard.js');
    return `#!/bin/sh
# failover-wizard on the pair of a rehearsal; gone when the rehearsal ends.
${words.join('\n')}
export PATH='${at}/bin':"$PATH"
unset SSH_AUTH_SOCK
exec '${process.execPath}' --import '${pathToFileURL(programs.operator).href}' '${program}' "$@"
`;
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}

interface Key {
  text: string;
  line: string;
  fingerprint: string;
}

function newKey(): Key {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519').private;
    const parsed = ssh2.utils.parseKey(text) as ParsedKey | Error;
    // ssh2 drops leading zero bytes of one key in two hundred that it makes, and cannot read that one again.
    if (parsed instanceof Error) continue;
    const blob = parsed.getPublicSSH();
    return {text, line: `${parsed.type} ${blob.toString('base64')}`, fingerprint: fingerprint(blob)};
  }
}

/** Its path stands unquoted in shell text, so that an unusual TMPDIR is not used; a socket's path must be short. */
function makeFolder(): string {
  const wished = existsSync(tmpdir()) ? realpathSync(tmpdir()) : '';
  const base = /^\/[\w./-]{1,40}$/.test(wished) ? wished : '/tmp';
  const folder = mkdtempSync(join(base, 'failover-rehearsal-'));
  chmodSync(folder, 0o700);
  return folder;
}
