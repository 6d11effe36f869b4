// Loaded before every Node program of a host of the rehearsal: its files, programs and sockets are those of the host.
import {mapNetwork} from '../net/map-network.js';
import type {Network} from '../net/table.js';
import {mapEnvironment, mapPath, type Sandbox} from './sandbox-path.js';

const about = JSON.parse(process.env['FAILOVER_REHEARSAL'] ?? '{}') as Sandbox & {network: Network};

/**
 * Not imported: what is imported by name keeps what it was at the first import, and that is to be the program's own. Telling
 * all modules anew (syncBuiltinESMExports) would load fetch, which Node 22 cannot without WebAssembly (--jitless).
 */
const fs = process.getBuiltinModule('node:fs');
const childProcess = process.getBuiltinModule('node:child_process');

type Any = Record<string, unknown>;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
const one = [
  'access',
  'appendFile',
  'chmod',
  'chown',
  'createReadStream',
  'createWriteStream',
  'exists',
  'lchown',
  'lstat',
  'mkdir',
  'mkdtemp',
  'open',
  'opendir',
  'readFile',
  'readdir',
  'readlink',
  'realpath',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'truncate',
  'unlink',
  'utimes',
  'watch',
  'watchFile',
  'unwatchFile',
  'writeFile',
];
const two = ['copyFile', 'cp', 'link', 'rename', 'symlink'];

const mapped = (argument: unknown) =>
  typeof argument === 'string'
    ? mapPath(argument, about)
    : argument instanceof URL && argument.protocol === 'file:'
      ? mapPath(decodeURIComponent(argument.pathname), about)
      : argument;

/** `NAME=/path` as ssh takes it, or a path. */
const option = (argument: unknown) =>
  typeof argument === 'string'
    ? argument.replace(
        /^(\w+=)?(\/.*)$/s,
        (_, name: string | undefined, path: string) => `${name ?? ''}${mapPath(path, about)}`,
      )
    : argument;

function wrap(target: Any, name: string, paths: number): void {
  const original = target[name];
  if (typeof original !== 'function') return;
  const made: AnyFunction = function wrapped(...args) {
    for (let index = 0; index < paths; index += 1) args[index] = mapped(args[index]);
    return (original as AnyFunction).apply(this, args);
  };
  target[name] = Object.assign(made, original);
}
for (const target of [fs as unknown as Any, fs.promises as unknown as Any]) {
  for (const name of one) for (const full of [name, `${name}Sync`]) wrap(target, full, 1);
  for (const name of two) for (const full of [name, `${name}Sync`]) wrap(target, full, 2);
}
// Nobody of this machine but its operator owns anything here.
for (const name of ['chown', 'lchown', 'fchown']) {
  (fs as unknown as Any)[`${name}Sync`] = () => undefined;
  (fs.promises as unknown as Any)[name] = async () => undefined;
}

const own = process.env['FAILOVER_REHEARSAL'];
const user = process.env['USER'] ?? 'root';
function wrapSpawn(name: string): void {
  const target = childProcess as unknown as Any;
  const original = target[name] as AnyFunction;
  const made: AnyFunction = function wrapped(file, ...rest) {
    const args = Array.isArray(rest[0]) ? (rest[0] as unknown[]).map((arg) => option(arg)) : [];
    const options = (Array.isArray(rest[0]) ? rest[1] : rest[0]) as Any | undefined;
    const after = rest.filter((argument) => typeof argument === 'function');
    const given = (options && typeof options === 'object' ? options : {}) as {
      env?: NodeJS.ProcessEnv;
      cwd?: unknown;
    };
    const env = {USER: user, ...mapEnvironment(given.env ?? process.env, about), FAILOVER_REHEARSAL: own};
    const program = file === process.execPath ? `${about.root}/usr/bin/node` : mapped(file);
    const cwd = given.cwd === undefined ? {} : {cwd: mapped(given.cwd)};
    return original.call(this, program, args, {...given, ...cwd, env}, ...after);
  };
  target[name] = Object.assign(made, original);
}
for (const name of ['spawn', 'spawnSync', 'execFile', 'execFileSync']) wrapSpawn(name);

/** By the host's /etc/passwd, which a user may have come into since. */
function uid(): number {
  const row = fs
    .readFileSync(`${about.root}/etc/passwd`, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${user}:`));
  return Number(row?.split(':')[2] ?? 0);
}
process.getuid = uid;
process.geteuid = uid;

const listening = (address: string, port: number, open: boolean) => {
  const file = `${about.root}/proc/net/.listening/${process.pid}.${port}.${address.replaceAll(':', '_')}`;
  try {
    if (open) fs.writeFileSync(file, `${address} ${port} ${process.pid} ${process.title}\n`);
    else fs.rmSync(file, {force: true});
  } catch {
    // The rehearsal is over.
  }
};
mapNetwork(about.network, {listening, file: (path) => mapPath(path, about)});
