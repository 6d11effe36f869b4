// `systemctl` and its like on a host of a rehearsal: node client.js SOCKET PROGRAM ARGUMENT…
// It is begun often, so it loads as little as can be.
import net from 'node:net';

const [, , path = '', program = '', ...argv] = process.argv;
const env: Record<string, string> = {};
for (const name of ['NOTIFY_SOCKET', 'XDG_RUNTIME_DIR']) {
  const value = process.env[name];
  if (value !== undefined) env[name] = value;
}
const user = process.env['USER'] || process.env['LOGNAME'] || 'root';

let code: number | undefined;
let rest = '';
const socket = net.connect(path, () =>
  socket.write(`${JSON.stringify({program, argv, user, env, pid: process.pid})}\n`),
);
socket.setEncoding('utf8');
socket.on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const told = JSON.parse(line) as {out?: string; err?: string; code?: number};
    if (told.out !== undefined) process.stdout.write(told.out);
    if (told.err !== undefined) process.stderr.write(told.err);
    if (told.code !== undefined) code = told.code;
  }
});
let why = 'Connection reset by peer';
socket.on('error', (error: NodeJS.ErrnoException) => {
  why =
    error.code === 'ENOENT'
      ? 'No such file or directory'
      : error.code === 'ECONNREFUSED'
        ? 'Connection refused'
        : why;
});
socket.on('close', () => {
  if (code === undefined) process.stderr.write(`Failed to connect to bus: ${why}\n`);
  process.exitCode = code ?? 1;
});
// Nobody reads any more: `journalctl -f | head`.
process.stdout.on('error', () => process.exit(141));
