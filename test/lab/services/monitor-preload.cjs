// Loaded into the monitor by a drop-in of its unit (node --require), so that the real program meets what a test
// cannot do to it from outside at the right moment:
//   /run/lab/die    "K": SIGKILL right before the K-th durable step from now on; "K after": right after it.
//                   Steps are renames (state, role, …) and writes of the event log, in the order they are made. It
//                   happens once: /var/lib/openclaw-failover/died says at which file, and while it is there nobody dies any more.
//   /run/lab/clock  ms to add to the wall clock of this process.
const fs = require('node:fs');
const promises = require('node:fs/promises');
const {basename} = require('node:path');
const {syncBuiltinESMExports} = require('node:module');

const dieFile = '/run/lab/die';
const clockFile = '/run/lab/clock';
const died = '/var/lib/openclaw-failover/died';
const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
};

let armed = '';
let step = 0;
/** The sample for `watch` is none of the steps: nothing is restored from it. */
const counts = (name) => name !== 'live.json' && name !== 'boot';

async function around(name, action) {
  if (!counts(name)) return action();
  const wish = fs.existsSync(died) ? '' : read(dieFile);
  if (wish !== armed) {
    armed = wish;
    step = 0;
  }
  if (wish === '') return action();
  step += 1;
  const [wanted, when] = wish.split(' ');
  const mine = step === Number(wanted);
  if (mine) fs.writeFileSync(died, `${name}\n`);
  if (mine && when !== 'after') process.kill(process.pid, 'SIGKILL');
  const result = await action();
  if (mine) process.kill(process.pid, 'SIGKILL');
  return result;
}

const {rename, open} = promises;
promises.rename = (from, to) => around(basename(to), () => rename(from, to));
promises.open = async (file, ...rest) => {
  const handle = await open(file, ...rest);
  if (basename(String(file)) !== 'events.jsonl' || typeof rest[0] !== 'number') return handle;
  const write = handle.writeFile.bind(handle);
  handle.writeFile = (...what) => around('events.jsonl', () => write(...what));
  return handle;
};
syncBuiltinESMExports();

const now = Date.now;
let offset = 0;
let readAt = -Infinity;
Date.now = () => {
  const at = performance.now();
  if (at - readAt > 100) {
    offset = Number(read(clockFile)) || 0;
    readAt = at;
  }
  return now() + offset;
};
