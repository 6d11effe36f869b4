// A finished pair whose standby has an older build of the monitor is brought up to date, beside a second witness.

import {expect} from 'vitest';
import {layout, units} from '../../src/templates/layout.js';
import {eventNames, monitorNow, sh, unitState, until} from './host-state.js';
import {said, type Ended, type Operator} from './operator.js';
import type {LabPair} from './pair.js';

/** ms by which the journal may differ: it writes down when a message came, not when the unit changed. */
const earlierMs = 250;

/** The standby as an older version left it: other programs, other units, and a monitor that runs with those. */
async function makeOlder({standby}: LabPair): Promise<void> {
  await sh(
    standby,
    `set -eu
cd ${layout.lib}
sed -i '1s/failover-wizard [0-9.]*/failover-wizard 0.0.9/' monitor.mjs accounts.mjs
echo '// an older build' >>monitor.mjs
sed -i 's/failover-wizard [0-9.]* for/failover-wizard 0.0.9 for/' role role-guard prepare ${layout.manifest}
cd /etc/systemd/system
sed -i -e 's/failover-wizard [0-9.]* for/failover-wizard 0.0.9 for/' -e 's/^MemoryMax=.*/MemoryMax=300M/' ${units.monitor} ${units.gateway} ${units.rolePath}
systemctl daemon-reload
systemctl restart ${units.rolePath} ${units.monitor}`,
  );
  await until('the older monitor watches', 30_000, async () => {
    const now = await monitorNow(standby);
    return now?.state === 'watching' && now.probe === 'ok';
  });
}

/** From the newest stop of the monitor to its newest start, ms, as the journal has it. */
async function journalsGap({standby}: LabPair): Promise<number> {
  const lines = await sh(standby, `journalctl -u ${units.monitor} _PID=1 -n 6 -o json --no-pager`);
  const entries = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
    .map((entry) => ({
      message: entry['MESSAGE'] ?? '',
      ms: Number(entry['__MONOTONIC_TIMESTAMP']) / 1000,
    }));
  const at = (word: string) => entries.findLast(({message}) => message.startsWith(word))?.ms ?? NaN;
  return at('Started') - at('Stopping');
}

const endOf = ({lines}: Ended) => lines.find(({type}) => type === 'end')!;

/** @returns ms without a monitor, as the program told it */
export async function upgradeOlder(pair: LabPair, operator: Operator): Promise<number> {
  const {standby} = pair;
  await makeOlder(pair);
  const before = (await eventNames(standby)).length;

  const ended = await operator.run(['upgrade', '--yes', '--json'], 120_000);
  expect(ended.code, said(ended)).toBe(0);
  const end = endOf(ended);
  expect(end).toMatchObject({result: 'done', exit: 0, ahead: false, left: []});
  expect(end['unprotected']).toMatchObject([{step: 'monitor', change: 'standby:swap'}]);
  expect(end['unprotectedMs']).toBeGreaterThan(0);
  expect(end['unprotectedMs']).toBeLessThan(3_000);
  expect(Math.abs(end['unprotectedMs'] - (await journalsGap(pair)))).toBeLessThan(earlierMs);

  // The restart is all that the monitor tells, apart from what its jobs do at all times: no role changed.
  const told = (await eventNames(standby)).slice(before);
  expect(told.filter((name) => name !== 'workspace' && name !== 'prepare')).toEqual(['started']);
  expect(await monitorNow(standby)).toMatchObject({state: 'watching', probe: 'ok'});
  expect((await unitState(standby, units.gateway)).active).toBe('inactive');
  const left = await sh(
    standby,
    `find ${layout.lib} /etc -xdev -name '*.failover-next' -o -xdev -name '*.failover-before'`,
  );
  expect(left).toBe('');

  const again = await operator.run(['upgrade', '--yes', '--json'], 60_000);
  expect(endOf(again), said(again)).toMatchObject({result: 'nothing-to-do', exit: 0, unprotectedMs: 0});
  const setup = await operator.setup(60_000);
  expect(setup.lines.find(({type}) => type === 'done')!['summary'], said(setup)).toMatchObject({
    nothingToDo: true,
  });
  return end['unprotectedMs'];
}
