import {execFileSync, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {chmodSync, createReadStream, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import {startChat, type Chat} from '../chat/server.js';
import {SshServer, type Wanted} from '../host/ssh-server.js';
import {findProgram} from '../host/tools.js';
import {addresses, toReal, type Network} from '../net/table.js';

/** Port of its HTTP server, which has Node for the standby. */
const mirrorPort = 8080;
const chatPort = 6667;

export const hub = {
  remote: `ssh://git@${addresses.hub}/workspace.git`,
  mirror: `http://${addresses.hub}:${mirrorPort}/dist`,
  chat: {host: addresses.hub, port: chatPort},
} as const;

export interface HubOptions {
  folder: string;
  network: Network;
  hostKey: string;
  /** Text of `bin/node` and `bin/npm` in the archive that the standby fetches. */
  node: string;
  npm: string;
}

/** Everybody else of the rehearsal: the Git server, the chat, and the mirror with Node. */
export class Hub {
  readonly #options: HubOptions;
  readonly #ssh: SshServer;
  readonly #http: Server;
  chat!: Chat;

  constructor(options: HubOptions) {
    const {network} = options;
    this.#options = options;
    this.#ssh = new SshServer({
      hostKey: options.hostKey,
      network: {...network, at: 'hub'},
      addresses: [addresses.hub],
      // A Git host of one's own: whoever shows a key is let in.
      door: (user) => (user === 'git' ? {} : undefined),
      run: (wanted) => this.#git(wanted),
    });
    this.#http = createServer((request, answer) => {
      const file = `${options.folder}${new URL(request.url ?? '/', 'http://hub').pathname}`;
      if (file.includes('..') || !exists(file)) return void answer.writeHead(404).end('not found\n');
      answer.writeHead(200, {'content-length': statSync(file).size});
      createReadStream(file).pipe(answer);
    });
  }

  async start(): Promise<void> {
    const {folder, network} = this.#options;
    mkdirSync(folder, {recursive: true});
    execFileSync(
      findProgram('git')!,
      ['init', '-q', '--bare', '--initial-branch=main', `${folder}/workspace.git`],
      {env: gitEnvironment(folder)},
    );
    this.#layOutMirror();
    await this.#ssh.listen();
    const at = toReal(network, {address: addresses.hub, port: mirrorPort})!;
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(at.port, at.address, resolve);
    });
    this.chat = await startChat({
      host: toReal(network, {address: addresses.hub, port: 0})!.address,
      port: chatPort,
    });
  }

  async close(): Promise<void> {
    await this.#ssh.close();
    this.#http.close();
    this.#http.closeAllConnections();
    await this.chat?.close();
  }

  /** Laid out like nodejs.org/dist, with one version: the Node that runs this. */
  #layOutMirror(): void {
    const {folder, node, npm} = this.#options;
    const {version} = process;
    const platform = `linux-${process.arch}`;
    const name = `node-${version}-${platform}`;
    const at = `${folder}/dist/${version}`;
    mkdirSync(`${folder}/build/${name}/bin`, {recursive: true});
    for (const [program, text] of [
      ['node', node],
      ['npm', npm],
    ] as const) {
      writeFileSync(`${folder}/build/${name}/bin/${program}`, text);
      chmodSync(`${folder}/build/${name}/bin/${program}`, 0o755);
    }
    mkdirSync(at, {recursive: true});
    const archive = `${at}/${name}.tar.xz`;
    execFileSync(findProgram('tar')!, ['-cf', archive, '-C', `${folder}/build`, name]);
    const hash = createHash('sha256').update(readFileSync(archive)).digest('hex');
    writeFileSync(`${at}/SHASUMS256.txt`, `${hash}  ${name}.tar.xz\n`);
    writeFileSync(
      `${folder}/dist/index.json`,
      JSON.stringify([{version, files: [platform], lts: 'rehearsal'}]),
    );
  }

  #git({command, channel}: Wanted): void {
    const [, program, repository] =
      /^git[- ](upload-pack|receive-pack) '\/?(workspace\.git)'$/.exec(command) ?? [];
    if (!program || !repository) {
      channel.stderr.write('This is the rehearsal’s Git server; it has workspace.git.\n');
      channel.exit(128);
      channel.end();
      return;
    }
    const child = spawn(findProgram('git')!, [program, `${this.#options.folder}/${repository}`], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: gitEnvironment(this.#options.folder),
    });
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, {end: false});
    child.stderr.pipe(channel.stderr, {end: false});
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      channel.exit(code ?? 1);
      channel.end();
    });
  }
}

/** Settings and hooks of whoever runs the rehearsal are theirs. */
const gitEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: folder,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
});

function exists(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
