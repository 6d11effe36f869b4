import {seconds} from '../dice.js';
import {both, holding, lending, type Fault} from './fault.js';

/** A: the service on the primary. */
export const service: readonly Fault[] = [
  {
    row: '1',
    title: "the primary's gateway is killed, systemd restarts it",
    harmless: true,
    weight: 2,
    start: ({primary}) => primary.exit(137, 'signal'),
  },
  {
    row: '1b',
    title: "the primary's gateway is killed now and then, and needs long to start",
    lasts: [120, 1800],
    start: ({primary, clock}, dice) => {
      const startS = Math.exp(dice.between(Math.log(15), Math.log(200)));
      const listensS = startS * dice.pick([0.1, 0.3, 0.8]);
      const end = lending(primary.slowStarts, {listensS, wellS: startS - listensS});
      let over = false;
      const kill = () => {
        if (over) return;
        primary.exit(137, 'signal');
        clock.after(seconds(startS + dice.between(60, 240)), kill);
      };
      kill();
      return both(end, () => {
        over = true;
      });
    },
  },
  {
    row: '2',
    title: "the primary's gateway ends and its unit is failed (start limit)",
    lasts: [20, 900],
    weight: 2,
    start: ({primary}) => {
      const end = lending(primary.startsEnd, 'exit-1');
      primary.fail('start-limit-hit', 1);
      return () => {
        end();
        primary.startAfresh();
      };
    },
  },
  {
    row: '2b',
    title: "the primary's gateway ends at every start, until systemd gives up",
    lasts: [60, 900],
    start: ({primary}) => {
      const end = lending(primary.startsEnd, 'exit-1');
      primary.exit(1);
      return () => {
        end();
        primary.startAfresh();
      };
    },
  },
  {
    row: '3',
    title: "a bad config: the primary's gateway ends with exit code 78",
    lasts: [20, 900],
    start: ({primary}) => {
      const end = lending(primary.startsEnd, 'exit-78');
      primary.exit(1);
      return () => {
        end();
        primary.startAfresh();
      };
    },
  },
  {
    row: '4',
    title: "an operator stops the primary's gateway",
    lasts: [5, 900],
    weight: 2,
    start: ({primary}) => {
      primary.stop(seconds(1));
      return () => primary.startAfresh();
    },
  },
  {
    row: '4b',
    title: "an operator restarts the primary's gateway",
    harmless: true,
    weight: 2,
    start: ({primary}) => primary.stop(seconds(1), () => primary.startAfresh()),
  },
  {
    row: '5',
    title: "the primary's gateway hangs (SIGSTOP)",
    lasts: [61, 900],
    weight: 2,
    start: ({primary}) => holding(primary, 'stopped'),
  },
  {
    row: '6',
    title: "the primary's gateway stalls",
    lasts: [1, 45],
    harmless: true,
    weight: 2,
    start: ({primary}) => holding(primary, 'stopped'),
  },
  {
    row: '7',
    title: "the primary's gateway stalls for 45 s every 6 min",
    lasts: [800, 1800],
    harmless: true,
    start: (world, _dice, forMs) => {
      let over = false;
      const stall = () => {
        if (over) return;
        const end = holding(world.primary, 'stopped');
        world.clock.after(seconds(45), end);
        world.clock.after(seconds(360), stall);
      };
      stall();
      world.clock.after(forMs, () => {
        over = true;
      });
    },
  },
  {
    row: '8',
    title: "the primary's gateway answers HTTP 500",
    lasts: [5, 600],
    start: ({primary}) => holding(primary, 'httpBad'),
  },
  {
    row: '9',
    title: "something else answers on the primary's port",
    lasts: [5, 600],
    start: ({primary}) => holding(primary, 'wrongService'),
  },
  {
    row: '11',
    title: "the primary's answer never ends",
    lasts: [5, 600],
    start: ({primary}) => holding(primary, 'tooLong'),
  },
  {
    row: '12',
    title: "the primary's gateway is stopped and something else takes its port",
    lasts: [5, 600],
    start: ({primary}) => {
      primary.stop(0);
      return both(holding(primary, 'wrongService'), () => primary.startAfresh());
    },
  },
  {
    row: '13',
    title: "the primary's gateway drains for up to 4 min and restarts",
    harmless: true,
    weight: 2,
    start: ({primary}, dice) => primary.stop(seconds(dice.between(5, 240)), () => primary.startAfresh()),
  },
  {
    row: '14',
    title: "the primary's gateway drains and does not come to an end",
    lasts: [300, 900],
    start: ({primary}) => {
      primary.stop(seconds(3600));
      return () => primary.startAfresh();
    },
  },
  {
    row: '16',
    title: "the primary's gateway restarts and finds no private address: it listens on loopback only",
    lasts: [10, 600],
    start: ({primary}) => {
      const end = holding(primary, 'privateAddressLate');
      primary.stop(seconds(1), () => primary.startAfresh());
      return () => {
        end();
        primary.startAfresh();
      };
    },
  },
  {
    row: '17',
    title: "the primary's gateway is killed for its memory",
    harmless: true,
    start: ({primary}) => primary.exit(137, 'oom-kill'),
  },
  {
    row: '18',
    title: 'the primary gets almost no CPU',
    lasts: [10, 600],
    start: ({primary}) => holding(primary, 'starved'),
  },
  {
    row: '18b',
    title: "the primary's answers are slow",
    lasts: [10, 1200],
    harmless: true,
    start: ({primary}, dice) => lending(primary.slowS, dice.between(0.3, 1.7)),
  },
  {
    row: '19',
    title: "the primary's gateway crashes soon after every start",
    lasts: [120, 900],
    start: ({primary}, dice) => {
      primary.exit(1);
      return lending(primary.crashesAfterS, dice.between(9, 25));
    },
  },
];
