// The end of a pair: `remove`, and both hosts compared with what they were before setup.

import {expect} from 'vitest';
import {errorOf, said, type Operator} from './operator.js';
import {inventoryOf, leftBehind, meaning, type Inventory} from './left-behind.js';
import {pairName, type LabPair} from './pair.js';

export interface Before {
  primary: Inventory;
  standby: Inventory;
}

export async function before(pair: LabPair): Promise<Before> {
  const [primary, standby] = await Promise.all([inventoryOf(pair.primary), inventoryOf(pair.standby)]);
  return {primary, standby};
}

/** Refused while work lies on the standby only; then nothing is left that the first look at the hosts did not have. */
export async function removedWhole(pair: LabPair, operator: Operator, was: Before): Promise<{ms: number}> {
  const file = '/home/openclaw/.openclaw/workspace/only-here.md';
  await pair.standby.exec(['runuser', '-u', 'openclaw', '--', 'sh', '-c', `echo kept >${file}`]);
  const remove = ['remove', '--json', '--confirm', pairName, '--restore-channel'];
  const refused = await operator.run(remove);
  expect(refused.code, said(refused)).toBe(1);
  expect(errorOf(refused).detail).toContain('only-here.md');
  await pair.standby.exec(['rm', file]);

  const ended = await operator.run(remove, 180_000);
  expect(ended.code, said(ended)).toBe(0);
  for (const host of ['primary', 'standby'] as const) {
    const now = await inventoryOf(pair[host]);
    expect(await leftBehind(pair[host], was[host], now), host).toEqual([]);
    expect(meaning(now.config), `the gateway's config on the ${host}`).toEqual(meaning(was[host].config));
  }
  expect(operator.files().map(({path}) => path)).toEqual([]);

  const again = await operator.run(remove);
  expect(again.code, said(again)).toBe(0);
  expect(again.lines.at(-1)).toMatchObject({type: 'done', removed: 0});
  return {ms: ended.ms};
}
