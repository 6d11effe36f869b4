// What a drill must not leave behind.

import {layout, units} from '../../../src/templates/layout.js';
import {differences, listing, sh, unitState, until} from '../host-state.js';
import type {LabHost} from '../lab.js';
import {primaryUnit, type Bench} from './bench.js';

/** A host as it is between two drills: files, rules, timers, units. */
type HostNow = readonly string[];

export interface PairNow {
  primary: HostNow;
  standby: HostNow;
}

const looks = `echo "lock $(ls -d ${layout.lock} 2>/dev/null)"
sha256sum ${layout.monitorSettings} /home/openclaw/.openclaw/openclaw.json /home/openclaw/.openclaw/.env 2>/dev/null
echo "drill $(ls -d ${layout.drillRun} 2>/dev/null)"
nft list tables 2>/dev/null | sed 's/^/nft /'
ip rule | sed 's/^/rule /'
ip -6 rule | sed 's/^/rule6 /'
systemctl list-timers --all --no-legend | grep -o '[^ ]*\\.timer' | sed 's/^/timer /'
# One that looks whether it could take over is ended by a takeover, on a busy machine by force, and runs again.
systemctl list-units --failed --plain --no-legend | grep -v openclaw-failover-prepare | sed 's/^/failed /'
systemctl list-unit-files --state=enabled --plain --no-legend | awk '{print "enabled " $1}'
find /run/systemd/transient /run/systemd/system /run/user/*/systemd -type f 2>/dev/null | grep -v '/session-\\|/user-\\|/inaccessible/' | sed 's/^/runtime /'
exit 0`;

/** A gateway writes its own home while it runs, and a test its settings; of the rest nothing may change. */
const own = /\/home\/openclaw\/(?:\.openclaw|\.cache|\.npm)\/|\/etc\/openclaw-failover\/monitor\.json /;

async function hostNow(host: LabHost): Promise<HostNow> {
  const [state, files] = await Promise.all([
    sh(host, looks),
    listing(host, ['/etc', '/usr/local', '/home', '/root']),
  ]);
  return [...state.trimEnd().split('\n'), ...files.filter((line) => !own.test(line))];
}

export async function pairNow({pair}: Bench): Promise<PairNow> {
  const [primary, standby] = await Promise.all([hostNow(pair.primary), hostNow(pair.standby)]);
  return {primary, standby};
}

/**
 * Both hosts are as they were: the primary's gateway runs, the standby sleeps and watches, no takeover counts towards the
 * limit, and nothing is left over.
 * @throws with what is different
 */
export async function asItWas(bench: Bench, before: PairNow): Promise<void> {
  const {pair} = bench;
  await bench.rest();
  await pair.primary.gatewayReady(30);
  const now = await pairNow(bench);
  const left = [
    ...differences(before.primary, now.primary).map((line) => `primary ${line}`),
    ...differences(before.standby, now.standby).map((line) => `standby ${line}`),
  ];
  if (left.length > 0) throw new Error(`the hosts are not as they were:\n${left.slice(0, 40).join('\n')}`);
  const {active} = await unitState(pair.standby, units.gateway);
  if (active !== 'inactive') throw new Error(`the standby's gateway is ${active}`);
  if (!(await bench.primaryRuns())) throw new Error(`${primaryUnit} does not run`);
  await until('no takeover is counted', 15_000, async () => {
    const state = JSON.parse((await bench.standby.read(layout.stateJson)) ?? '{}');
    return state.noTakeoverUntil === null && state.memory.promotions.length === 0;
  });
}
