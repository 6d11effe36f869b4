// ProxyCommand of a host's ssh: carries bytes to a server of the rehearsal.
import net from 'node:net';

const [host = '', port = ''] = process.argv.slice(2);
const socket = net.connect({host, port: Number(port)});
socket.on('connect', () => {
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
});
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(255);
});
socket.on('close', () => process.exit(0));
