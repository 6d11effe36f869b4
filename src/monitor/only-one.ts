import {unlink} from 'node:fs/promises';
import net from 'node:net';

/**
 * Holds the monitor's socket for as long as the process lives. Its folder belongs to the monitor's user alone, so
 * nobody else can take the name; what a crash leaves behind refuses connections and is replaced.
 * @throws Error whose message names the process that holds it.
 */
export async function becomeTheOnlyOne(path: string): Promise<net.Server> {
  try {
    return await listen(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  }
  const other = await holder(path);
  if (other !== undefined) throw new Error(`Another monitor runs on this host already (process ${other}).`);
  await unlink(path).catch(() => {});
  return listen(path);
}

function listen(path: string): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.end(`${process.pid}\n`);
    });
    server.once('listening', () => resolve(server));
    server.once('error', reject);
    server.listen({path});
  });
}

/** Process id of whoever listens, `unknown` when it does not say, undefined when nobody does. */
function holder(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({path});
    let text = '';
    const timer = setTimeout(() => socket.destroy(), 1000);
    socket.on('data', (data) => (text += data.toString('latin1').slice(0, 20)));
    // Refused: the file is all that is left. Anything else, a missing right too, is somebody who lives.
    socket.once('error', ({code}: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(undefined);
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(/^\d+/.exec(text)?.[0] ?? 'unknown');
    });
  });
}
