import {describe, expect, it} from 'vitest';
import type {Memory} from '../../src/monitor/memory.js';
import {isUnsettled, settle} from '../../src/plan/settle.js';
import type {Reading} from '../../src/plan/read.js';
import {planInputOf} from '../phases/facts.js';
import {savedState} from '../screens/saved-state.js';
import {localHost} from './local-host.js';

/** A standby whose monitor remembers this, with the primary answering. */
function standbyWith(memory: Partial<Memory>) {
  const {primary, standby, split, planned} = planInputOf();
  const value = savedState(memory);
  const reading: Reading = {
    primary,
    standby: {
      ...standby,
      monitorState: {known: true, value},
      probe: {target: '100.64.0.11 18789', status: 200, tookMs: 3, body: ''},
    },
    split,
    planned,
  };
  const ran: string[] = [];
  const host = {
    ...localHost(),
    read: async () => new TextEncoder().encode(JSON.stringify(value)),
    run: async (argv: readonly string[]) => {
      ran.push(argv.join(' '));
      return {code: 0, timedOut: false, stdout: '', stderr: '', tookMs: 1};
    },
  };
  return {reading, ran, hosts: {primary: host, standby: host}};
}
const {signal} = new AbortController();

describe('before setup goes on', () => {
  it("a takeover by an operator is theirs: it is not waited for, and not ended by setup's own word", async () => {
    const {reading, hosts, ran} = standbyWith({state: 'recovering', byHand: true});
    expect(isUnsettled(reading)).toBe(true);
    await expect(settle(hosts, reading, () => undefined, signal)).rejects.toThrow(
      'An operator took over with the standby',
    );
    expect(ran.filter((line) => line.includes('demote'))).toEqual([]);
  });
  it('a standby at rest has nothing to settle', async () => {
    const {reading, hosts} = standbyWith({state: 'watching'});
    expect(isUnsettled(reading)).toBe(false);
    await settle(hosts, reading, () => undefined, signal);
  });
});
