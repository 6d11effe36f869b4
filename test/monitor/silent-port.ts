import {spawn} from 'node:child_process';
import net from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

/**
 * A port of 127.0.0.1 that drops every packet, as a dead host would: its process is stopped and accepts nothing,
 * and once the queue is full the kernel drops what comes.
 */
export async function silentPort(): Promise<{port: number; close(): void}> {
  const program =
    "const s=require('net').createServer();s.listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', program]);
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (data) => resolve(Number(data))),
  );
  child.kill('SIGSTOP');
  const fill = Array.from({length: 4}, () => net.connect(port, '127.0.0.1').on('error', () => {}));
  await sleep(100);
  return {
    port,
    close() {
      for (const socket of fill) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
