import {getAt} from '../../pair/path.js';
import type {Asking, Question} from './question.js';
import {asksChoice} from './simple.js';

/** bytes of the standby's memory from which a gateway may sleep in it: it takes 0.8 to 1.1 GB. */
const warmNeeds = {total: 2.5e9, available: 1.5e9};

/** Undefined before the facts are there. One that sleeps already is in use, and has its room. */
function hasRoom({facts, saved}: Asking): boolean | undefined {
  const memory = facts?.standby.memory;
  if (!memory) return undefined;
  const sleepsAlready = getAt(saved, ['monitor', 'standby']) === 'warm';
  return (
    memory.totalBytes >= warmNeeds.total && (sleepsAlready || memory.availableBytes >= warmNeeds.available)
  );
}

const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

function warmName(asking: Asking): string {
  const memory = asking.facts?.standby.memory;
  if (hasRoom(asking) !== false || !memory)
    return 'sleeps with its channel off: it takes 0.8 to 1.1 GB all the time, and the bot is back 2 to 8 s after the decision';
  return `sleeps with its channel off: not sensible here, it has ${gb(memory.availableBytes)} of ${gb(memory.totalBytes)} left and needs ${gb(warmNeeds.available)} of ${gb(warmNeeds.total)}`;
}

/** Asked where there is a choice: a standby without the memory for it is cold. */
export const standbyMode: readonly Question[] = [
  {
    path: ['monitor', 'standby'],
    label: 'While asleep',
    flag: {
      flags: '--standby-mode <mode>',
      describe: 'asleep, its gateway is stopped (cold, the default) or runs with its channel off (warm)',
      choices: ['cold', 'warm'],
    },
    when: (asking) => hasRoom(asking) === true,
    initial: () => 'cold',
    ask: asksChoice(
      'While all is well, the gateway of the standby',
      'A gateway needs 12 to 30 s to start; one that runs already only has to turn its channel on.',
      (asking) => [
        {value: 'cold', name: 'is stopped: it takes no memory, and a takeover waits for its whole start'},
        {value: 'warm', name: warmName(asking)},
      ],
    ),
    tell: (_asking, value) =>
      value === 'warm' ? 'the gateway sleeps with its channel off (warm)' : 'the gateway is stopped (cold)',
  },
];
