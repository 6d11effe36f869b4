import {messageOf} from '../../errors.js';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Split} from '../../channels/types.js';
import type {Act} from '../../monitor/hand/act.js';
import type {Ear, Hand} from '../../monitor/hand/conduct.js';
import {mustAskMonitor} from '../../plan/ask-monitor.js';
import {tailEvents} from '../../plan/event-tail.js';
import {lookAt} from '../../plan/look-at.js';
import type {HostFacts} from '../../facts/types.js';
import type {Host} from '../../ssh/host.js';
import {claimInterrupts} from '../exit.js';
import type {PairReader} from '../pair-reader.js';
import {splitLook} from './split-look.js';

export interface Reached {
  standby: Host;
  /** How both hosts are read; absent for acts that cannot break the split. */
  both?: PairReader;
}

const doing: Readonly<Record<Act['name'], string>> = {
  pause: 'pause the monitor',
  resume: 'end the pause',
  promote: 'ask the monitor to take over',
  demote: 'ask the monitor to give back',
};

/**
 * The hand of an operator at another machine: everything goes over SSH. `hosts` is asked before each step, so that one
 * who was long about typing a name does not go on with a connection that was lost meanwhile.
 */
export function farHand(hosts: () => Promise<Reached>, typedName: Hand['typedName']): Hand {
  return {
    async look() {
      const {standby, both} = await hosts();
      const [seen, split] = await Promise.all([lookAt(standby), both && readSplit(both)]);
      return {...seen, ...(split && {split: splitLook(split)})};
    },
    async ask(act) {
      await mustAskMonitor((await hosts()).standby, act, doing[act.name]);
    },
    async glance() {
      return (await lookAt((await hosts()).standby)).live;
    },
    async withdraw({name}) {
      const {standby} = await hosts();
      return mustAskMonitor(standby, {name: 'withdraw', what: name}, 'take the request back');
    },
    async listen() {
      return listen((await hosts()).standby);
    },
    ...(typedName && {typedName}),
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    sleep: (ms) => sleep(ms),
  };
}

/** While it listens, Ctrl+C is for whoever watches the outcome. */
async function listen(standby: Host): Promise<Ear> {
  const ending = new AbortController();
  const release = claimInterrupts();
  try {
    const tail = await tailEvents(standby, ending.signal);
    return {
      take: async () => tail.take(),
      close() {
        ending.abort();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** ms for one reading; a primary that is gone must not hold up who wants to take over from it. */
const readLimitMs = 30_000;

async function readSplit({read, split}: PairReader): Promise<Split> {
  const [primary, standby] = await Promise.all([oneReading(read.primary), oneReading(read.standby)]);
  if ('facts' in primary && 'facts' in standby) return split(primary.facts, standby.facts);
  const reasons = (
    [
      ['primary', primary],
      ['standby', standby],
    ] as const
  ).flatMap(([host, result]) => ('facts' in result ? [] : [{host, reason: result.error}]));
  return {state: 'unknown', reasons};
}

async function oneReading(read: () => Promise<HostFacts>): Promise<{facts: HostFacts} | {error: string}> {
  const limit = new AbortController();
  const late = sleep(
    readLimitMs,
    {error: `it was not read within ${readLimitMs / 1000} s`},
    {signal: limit.signal},
  );
  const reading = read().then(
    (facts) => ({facts}),
    (error: unknown) => ({error: messageOf(error)}),
  );
  return Promise.race([reading, late]).finally(() => {
    late.catch(() => {});
    limit.abort();
  });
}
