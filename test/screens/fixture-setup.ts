// Plays a recorded setup through the real screen: `tsx fixture-setup.ts SCALE [fail] [wait] [yes] [break] [crash]`.
import {setupScreen} from '../../src/screens/setup/screen.js';
import {play} from './recorded.js';

const [scale = '0.1', ...flags] = process.argv.slice(2);
const has = (flag: string) => flags.includes(flag);
const screen = setupScreen({
  pair: 'default',
  version: '0.1.0',
  yes: has('yes'),
  targets: {primary: 'root@203.0.113.10', standby: 'root@203.0.113.20'},
});
if (has('crash')) {
  setTimeout(() => {
    throw new Error('thrown outside of everything');
  }, 700);
}
const end = await screen.run(async () =>
  play(screen.port, {
    scale: Number(scale),
    fail: has('fail'),
    wait: has('wait'),
    ...(has('break') ? {breakIn: 'provision' as const} : {}),
  }),
);
if (end.error instanceof Error) process.stderr.write(`error: ${end.error.message}\n`);
process.stdout.write(`next: ${end.next}\n`);
