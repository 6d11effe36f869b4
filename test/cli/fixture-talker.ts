// The real exit site under an engine that never stops talking: `tsx fixture-talker.ts`.
import {leave, leaveOnSignals, leaveWhenUnread} from '../../src/cli/exit.js';
import {plainPort} from '../../src/screens/plain/plain.js';

leaveOnSignals();
leaveWhenUnread();
process.on('uncaughtException', (error) => void leave({error}));
process.on('unhandledRejection', (error) => void leave({error}));

const port = plainPort(process.stderr, {yes: true, result: process.stdout});
// Not a test that can hang: whoever runs it would find it stopped by this.
const end = performance.now() + 30_000;
while (performance.now() < end) {
  port.emit({type: 'output', host: 'standby', line: 'Unpacking …'});
  process.stdout.write('a result\n');
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await leave({code: 0});
