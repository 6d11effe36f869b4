import {seconds} from '../dice.js';
import type {World} from '../world.js';
import {both, holding, lending, type Fault} from './fault.js';

const toggling = (periodS: number, toggle: (world: World) => () => void) => (world: World, forMs: number) => {
  let over = false;
  let end: (() => void) | undefined;
  const turn = () => {
    if (end) end = void end();
    else if (!over) end = toggle(world);
    if (!over || end) world.clock.after(seconds(periodS) / 2, turn);
  };
  turn();
  world.clock.after(forMs, () => {
    over = true;
  });
};

/** Row 37, for the test that goes through its periods. */
export const flapping = (periodS: number): Fault => ({
  row: '37',
  title: `the private network comes and goes, with a period of ${periodS} s`,
  start: (world, _dice, forMs) =>
    toggling(periodS, ({network}) => holding(network.there.private, 'cut'))(world, forMs),
});
export const flappingHost = (periodS: number): Fault => ({
  row: '37b',
  title: `the primary's whole host comes and goes, with a period of ${periodS} s`,
  start: (world, _dice, forMs) => toggling(periodS, ({primary}) => holding(primary, 'paused'))(world, forMs),
});

/** s */
export const periods = [2, 5, 10, 15, 20, 30, 45, 60, 90, 120];

/** B: the primary's host, and the ways to it. */
export const ways: readonly Fault[] = [
  {
    row: '20',
    title: "the primary's processes are frozen",
    lasts: [5, 900],
    start: ({primary}) => holding(primary, 'frozen'),
  },
  {
    row: '20b',
    title: "the primary's machine stands still",
    lasts: [3, 900],
    weight: 2,
    start: ({primary}) => holding(primary, 'paused'),
  },
  {
    row: '21',
    title: 'the primary loses power',
    lasts: [5, 900],
    weight: 2,
    start: ({primary}) => {
      primary.powerOff();
      return () => primary.powerOn();
    },
  },
  {
    row: '22',
    title: 'the primary reboots',
    weight: 2,
    start: ({primary, clock}, dice) => {
      primary.powerOff();
      clock.after(seconds(dice.between(5, 50)), () => primary.powerOn());
    },
  },
  {
    row: '23',
    title: 'the private network between the two is cut',
    lasts: [3, 900],
    harmless: true,
    weight: 2,
    start: ({network: {there, back}}) => both(holding(there.private, 'cut'), holding(back.private, 'cut')),
  },
  {
    row: '23b',
    title: 'both ways between the two are cut',
    lasts: [3, 900],
    start: ({network: {there, back}}) => both(holding(there.private, 'cut'), holding(back.public, 'cut')),
  },
  {
    row: '24',
    title: "the standby's packets to the primary are dropped",
    lasts: [3, 900],
    harmless: true,
    start: ({network}) => holding(network.there.private, 'cut'),
  },
  {
    row: '25',
    title: "the primary's replies are dropped",
    lasts: [3, 900],
    harmless: true,
    start: ({network}) => holding(network.back.private, 'cut'),
  },
  {
    row: '26',
    title: "a firewall rejects the gateway's port on the primary",
    lasts: [3, 600],
    start: ({primary}) => holding(primary, 'rejected'),
  },
  {
    row: '27',
    title: 'the standby is cut off from everything',
    lasts: [3, 900],
    harmless: true,
    weight: 2,
    start: ({network}) => holding(network, 'standbyUnplugged'),
  },
  {
    row: '28',
    title: 'the standby loses its way out',
    lasts: [3, 900],
    harmless: true,
    start: ({network}) => holding(network.standbyOut, 'cut'),
  },
  {
    row: '28b',
    title: 'the standby is cut off: nothing it sends arrives, and no error says so',
    lasts: [3, 900],
    harmless: true,
    weight: 2,
    start: ({network: {there, standbyOut}}) =>
      both(holding(there.private, 'cut'), holding(there.public, 'cut'), holding(standbyOut, 'cut')),
  },
  {
    row: '30',
    title: '30 % of the packets between the two are lost',
    lasts: [60, 1800],
    harmless: true,
    weight: 2,
    start: ({network: {back}}) => both(lending(back.private.losses, 0.3), lending(back.public.losses, 0.3)),
  },
  {
    row: '31',
    title: 'the network between the two is slow and unsteady',
    lasts: [30, 1200],
    harmless: true,
    start: ({network: {there, back}}, dice) =>
      both(
        lending(there.private.delays, dice.between(50, 350)),
        lending(back.private.delays, dice.between(50, 350)),
      ),
  },
  {
    row: '32',
    title: 'large packets to the primary are lost: SSH gets no further',
    lasts: [30, 1200],
    harmless: true,
    start: ({primary}) => holding(primary, 'largePacketsLost'),
  },
  {
    row: '32b',
    title: 'the primary refuses the key that asks for its report',
    lasts: [30, 3600],
    harmless: true,
    weight: 2,
    start: ({primary}) => holding(primary, 'sshKeyRefused'),
  },
  {
    row: '32c',
    title: "the primary's shell prints more than the report",
    lasts: [30, 3600],
    harmless: true,
    start: ({primary}) => holding(primary, 'talkative'),
  },
  {
    row: '34',
    title: "the standby's private interface is gone",
    lasts: [3, 900],
    harmless: true,
    start: ({network}) => holding(network, 'noPrivateInterface'),
  },
  {
    row: '36',
    title: "the primary's private address belongs to another host",
    lasts: [20, 900],
    start: ({primary}) => holding(primary, 'addressMoved'),
  },
  {
    row: '37',
    title: 'the private network comes and goes',
    lasts: [60, 1200],
    start: (world, dice, forMs) => flapping(dice.pick(periods)).start(world, dice, forMs),
  },
  {
    row: '37b',
    title: "the primary's whole host comes and goes",
    lasts: [60, 1200],
    weight: 2,
    start: (world, dice, forMs) => flappingHost(dice.pick(periods)).start(world, dice, forMs),
  },
  {
    row: '38',
    title: 'both hosts reboot together',
    start: (world, dice) => {
      world.primary.powerOff();
      world.clock.after(seconds(dice.between(5, 60)), () => world.primary.powerOn());
      world.rebootStandby(seconds(dice.between(5, 60)));
    },
  },
  {
    row: '39',
    title: 'both hosts lose power, and the standby is back first',
    lasts: [60, 900],
    start: (world, dice) => {
      world.primary.powerOff();
      world.rebootStandby(seconds(dice.between(5, 30)), true);
      return () => world.primary.powerOn();
    },
  },
];
