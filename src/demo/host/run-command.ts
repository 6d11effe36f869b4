import {spawn, type ChildProcess} from 'node:child_process';
import type {ServerChannel} from 'ssh2';
import {Unmapper} from './translate.js';

/** A script that comes on stdin behind a count of its bytes (src/ssh/files.ts, `scriptCommand`). */
const counted = / (\d+) (end-[0-9a-f-]{36})$/;

/** A script that is all of stdin. */
const whole = / sh -s$/;

export interface CommandHost {
  /** Prefixes that are taken out of what is told. */
  roots: readonly string[];
  translate: (text: string) => string;
  sh: string;
  env: (user: string, connection: string) => NodeJS.ProcessEnv;
  /** Told of every process, so that none outlives the rehearsal. */
  started: (child: ChildProcess) => void;
}

/**
 * Runs what came over SSH with this machine's `sh`, after its paths were translated; and so what it reads as its script.
 * What comes behind that is content, and stays as it is.
 */
export async function runCommand(
  command: string,
  {user, connection, channel}: {user: string; connection: string; channel: ServerChannel},
  host: CommandHost,
): Promise<void> {
  const count = counted.exec(command);
  let text = command;
  let first: Buffer | undefined;
  let rest: Buffer | undefined;
  if (count) {
    const bytes = Number(count[1]);
    const got = await readBytes(channel, bytes);
    if (got.length < bytes) return void channel.close();
    first = Buffer.from(host.translate(got.subarray(0, bytes).toString('utf8')));
    rest = got.subarray(bytes);
    text = `${command.slice(0, count.index)} ${first.length} ${count[2]}`;
  }
  if (whole.test(command))
    first = Buffer.from(host.translate((await readBytes(channel, Infinity)).toString('utf8')));
  const child = spawn(host.sh, ['-c', host.translate(text)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: host.env(user, connection),
    cwd: '/',
  });
  host.started(child);
  child.stdin.on('error', () => undefined);
  if (first) child.stdin.write(first);
  if (rest && rest.length > 0) child.stdin.write(rest);
  if (whole.test(command)) child.stdin.end();
  else channel.pipe(child.stdin);
  tell(child, channel, host.roots);
  channel.on('signal', (name: string) => end(child, `SIG${name}` as NodeJS.Signals));
}

function tell(child: ChildProcess, channel: ServerChannel, roots: readonly string[]): void {
  const streams = [
    {from: child.stdout!, to: channel, unmap: new Unmapper(roots)},
    {from: child.stderr!, to: channel.stderr, unmap: new Unmapper(roots)},
  ];
  for (const {from, to, unmap} of streams) {
    from.on('data', (chunk: Buffer) => {
      const told = unmap.push(chunk);
      if (told.length > 0 && !to.write(told)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('end', () => {
      const told = unmap.end();
      if (told.length > 0) to.write(told);
    });
  }
  let left = false;
  const leave = (code: number | null, signal: NodeJS.Signals | null) => {
    if (left) return;
    left = true;
    if (code !== null) channel.exit(code);
    else channel.exit((signal ?? 'SIGKILL').replace('SIG', '') as 'KILL');
    channel.end();
  };
  child.on('error', () => leave(127, null));
  // A child of it that keeps the output open is waited for by whoever listens.
  child.on('close', leave);
  child.on('exit', (code, signal) => setTimeout(() => leave(code, signal), 3_000).unref());
}

export function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone.
  }
}

function readBytes(channel: ServerChannel, bytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const done = () => {
      channel.off('data', take);
      channel.off('end', done);
      channel.off('close', done);
      channel.pause();
      resolve(Buffer.concat(parts));
    };
    const take = (chunk: Buffer) => {
      parts.push(chunk);
      length += chunk.length;
      if (length >= bytes) done();
    };
    channel.on('data', take);
    channel.once('end', done);
    channel.once('close', done);
  });
}
