import {minutes, seconds} from '../dice.js';
import {holding, lending, type Fault} from './fault.js';

/** C: the monitor, and the host it lives on. */
export const host: readonly Fault[] = [
  {
    row: '40',
    title: 'the monitor is killed',
    harmless: true,
    weight: 2,
    start: (world) => world.killMonitor(),
  },
  {
    row: '41',
    title: 'the monitor is killed in the middle of one of its next steps',
    harmless: true,
    weight: 4,
    start: (world, dice) => {
      world.kill = {inCalls: dice.whole(0, 400), after: dice.chance(0.5)};
    },
  },
  {
    row: '42',
    title: 'the monitor is away',
    lasts: [2, 600],
    harmless: true,
    start: (world) => {
      const end = holding(world, 'monitorHeldBack');
      world.killMonitor();
      return () => {
        end();
        world.startMonitor();
      };
    },
  },
  {
    row: '43',
    title: 'the monitor is stopped (SIGSTOP)',
    lasts: [1, 60],
    harmless: true,
    start: ({process}) => {
      if (!process) return undefined;
      process.stopped += 1;
      return () => process.resume();
    },
  },
  {
    row: '44',
    title: 'the standby reboots',
    harmless: true,
    weight: 3,
    start: (world, dice) => world.rebootStandby(seconds(dice.between(5, 60))),
  },
  {
    row: '47',
    title: 'the state file is broken, and the monitor is killed',
    harmless: true,
    start: (world, dice) => {
      world.standby.broken = dice.pick([
        'it is not JSON',
        'its version is 99, not 1',
        'its memory is not complete',
      ]);
      world.killMonitor();
    },
  },
  {
    row: '47b',
    title: 'the state file is lost, and the monitor is killed',
    harmless: true,
    start: (world) => {
      world.standby.saved = undefined;
      world.killMonitor();
    },
  },
  {
    row: '48',
    title: "the standby's disk is full",
    lasts: [10, 900],
    harmless: true,
    weight: 2,
    start: ({standby}) => holding(standby, 'diskFull'),
  },
  {
    row: '48b',
    title: "the standby's /run is full",
    lasts: [5, 120],
    harmless: true,
    start: ({standby}) => holding(standby, 'runFull'),
  },
  {
    row: '48c',
    title: "the standby's disk is slow",
    lasts: [10, 300],
    harmless: true,
    start: ({standby}) => holding(standby, 'diskSlow'),
  },
  {
    row: '50',
    title: "the standby's wall clock is set",
    harmless: true,
    start: (world, dice) => {
      world.standby.wallOffsetMs += minutes(dice.between(-120, 120));
      world.wallSet();
    },
  },
  {
    row: '51',
    title: 'the standby is suspended',
    lasts: [5, 900],
    harmless: true,
    start: (world) => world.freezeStandby(true),
  },
  {
    row: '51b',
    title: 'the standby stands still',
    lasts: [5, 900],
    harmless: true,
    start: (world) => world.freezeStandby(false),
  },
  {
    row: '52',
    title: 'the monitor is told to read settings that are wrong',
    harmless: true,
    start: ({process}) => process?.monitor?.use(undefined, 'monitor.probe.intervalMs must be a whole number'),
  },
  {
    row: '52b',
    title: 'the monitor is told to read its settings again',
    harmless: true,
    start: ({process, settings}) => process?.monitor?.use(settings),
  },
  {
    row: '53',
    title: "somebody starts the standby's gateway by hand",
    harmless: true,
    start: ({standby}) => {
      if (standby.up) standby.gateway.startByHand();
    },
  },
  {
    row: '53b',
    title: "somebody stops the standby's gateway by hand",
    harmless: true,
    start: ({standby}) => {
      if (standby.up) standby.gateway.stopByHand();
    },
  },
  {
    row: '54',
    title: 'systemd on the standby does not answer',
    lasts: [5, 300],
    harmless: true,
    start: ({standby}) => holding(standby, 'systemctlSilent'),
  },
];

/** D: taking over, giving back, and the operator's hand. */
export const takeover: readonly Fault[] = [
  {
    row: '56',
    title: 'the git host cannot be reached',
    lasts: [30, 1800],
    harmless: true,
    start: ({network}) => holding(network.git, 'cut'),
  },
  {
    row: '58',
    title: 'the branch was rewritten on the remote',
    lasts: [600, 3600],
    harmless: true,
    start: ({standby}) => holding(standby.workspace, 'diverged'),
  },
  {
    row: '62',
    title: "the standby's gateway does not start",
    lasts: [10, 600],
    harmless: true,
    weight: 2,
    start: ({standby}) => lending(standby.gateway.manners, {startsFail: true}),
  },
  {
    row: '63',
    title: "the standby's gateway crashes soon after every start",
    lasts: [30, 600],
    harmless: true,
    start: ({standby}, dice) => lending(standby.gateway.manners, {crashMs: seconds(dice.between(1, 60))}),
  },
  {
    row: '63b',
    title: "the standby's gateway dies",
    harmless: true,
    start: ({standby}) => standby.gateway.crash(),
  },
  {
    row: '63c',
    title: "the standby's gateway hangs",
    harmless: true,
    start: ({standby}) => standby.gateway.hang(),
  },
  {
    row: '64',
    title: "the standby's gateway is not ready in time",
    lasts: [30, 900],
    harmless: true,
    start: ({standby}) => lending(standby.gateway.manners, {readyMs: minutes(30)}),
  },
  {
    row: '64b',
    title: "the standby's channel does not connect",
    lasts: [30, 900],
    harmless: true,
    weight: 2,
    start: ({standby}) => lending(standby.gateway.manners, {connectedMs: minutes(30)}),
  },
  {
    row: '65',
    title: "nobody on the standby acts on the monitor's wish",
    lasts: [5, 300],
    harmless: true,
    start: ({standby}) => holding(standby.gateway, 'rolePathBroken'),
  },
  {
    row: '69',
    title: "the standby's gateway is slow to stop",
    lasts: [60, 900],
    harmless: true,
    start: ({standby}, dice) => lending(standby.gateway.manners, {stopMs: seconds(dice.between(10, 330))}),
  },
  {
    row: '54b',
    title: 'the standby has no memory for a gateway that only sleeps',
    lasts: [60, 1800],
    harmless: true,
    start: ({standby}) => lending(standby.gateway.manners, {noMemory: true}),
  },
  {
    row: '69b',
    title: "the standby's gateway ignores SIGTERM and is killed in the end",
    lasts: [60, 900],
    harmless: true,
    start: ({standby}) => lending(standby.gateway.manners, {ignoresTerm: true, stopMs: seconds(60)}),
  },
  {
    row: '70',
    title: "somebody works in the standby's workspace",
    harmless: true,
    start: ({standby}) => standby.workspace.commit(),
  },
  {
    row: 'pause',
    title: 'an operator pauses the failover',
    lasts: [60, 900],
    harmless: true,
    weight: 2,
    start: (world, dice, forMs) => world.pause(forMs * dice.pick([0.5, 1, 2])),
  },
  {
    row: 'promote',
    title: 'an operator tells the standby to take over',
    start: ({standby}) => {
      standby.promote = 'work on the primary';
    },
  },
  {
    row: 'failback',
    title: 'an operator asks to give back',
    harmless: true,
    start: ({standby}) => {
      standby.failback = true;
    },
  },
  {
    row: 'tested',
    title: 'the newest takeover is called a test',
    harmless: true,
    start: ({standby}) => {
      standby.tested = true;
    },
  },
];
