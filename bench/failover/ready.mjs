// Runs in a host's network: prints this machine's monotonic clock in ms when a URL says yes for the first time.
//
//   node ready.mjs URL UNTIL_MONOTONIC_MS
import {setTimeout as sleep} from 'node:timers/promises';

const [url, until] = process.argv.slice(2);
const nowMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;

async function saysYes() {
  try {
    return (await fetch(url, {signal: AbortSignal.timeout(1000)})).ok;
  } catch {
    return false;
  }
}

while (nowMs() < Number(until)) {
  if (await saysYes()) {
    process.stdout.write(`${nowMs()}\n`);
    break;
  }
  await sleep(50);
}
