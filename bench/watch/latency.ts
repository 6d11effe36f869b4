import {setTimeout as sleep} from 'node:timers/promises';
import {sh} from '../../test/lab/host-state.js';
import type {Operator} from '../../test/lab/operator.js';
import type {LabPair} from '../../test/lab/pair.js';
import {leave, limitMs, open, type Opened} from './open.js';

/** ms from what happens on a host until the screen shows it. All clocks are this machine's. */
export interface Latency {
  /** The gateway's process on the primary is killed (SIGKILL). */
  killed: number[];
  /** An event is written by the monitor. */
  event: number[];
}

const primaryGateway =
  'XDG_RUNTIME_DIR=/run/user/$(id -u openclaw) runuser -u openclaw -- systemctl --user show -P MainPID openclaw-gateway.service';

export async function latencies(
  operator: Operator,
  {primary, standby}: LabPair,
  runs: number,
): Promise<Latency> {
  const view = open(operator);
  await view.until(/● Protected/, limitMs);
  const found: Latency = {killed: [], event: []};
  for (let index = 0; index < runs; index += 1) {
    found.event.push(await eventShown(view, standby));
    await sleep(1000);
  }
  // Three kills within 5 min and the gateway mutes its channels: two is the most that a night may see.
  for (let index = 0; index < Math.min(runs, 2); index += 1) {
    await view.until(/gateway +● running/, limitMs);
    await sleep(5_000);
    const at = Number(await sh(primary, `pid=$(${primaryGateway}); date +%s%3N; kill -9 "$pid"`));
    await view.until((lines) => lines.some((line) => /gateway +[^●\s]/.test(line.slice(0, 38))), limitMs);
    found.killed.push(Date.now() - at);
    await view.until(/gateway +● running/, 120_000);
    await primary.gatewayReady(90);
    await view.until(/● Protected/, 120_000);
  }
  await leave(view);
  return found;
}

/** A pause of the monitor and its end, each an event with the time at which it was written. */
async function eventShown(view: Opened, standby: LabPair['standby']): Promise<number> {
  await sh(standby, 'openclaw-failover pause 1m bench');
  const shown = await view.until(/paused/i, limitMs).then(() => Date.now());
  const time = await sh(
    standby,
    `grep '"event":"paused"' /var/lib/openclaw-failover/events.jsonl | tail -n 1 | sed 's/.*"time":"\\([^"]*\\)".*/\\1/'`,
  );
  await sh(standby, 'openclaw-failover resume');
  await view.until(/● Protected/, limitMs);
  return shown - Date.parse(time.trim());
}
