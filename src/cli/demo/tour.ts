import {setTimeout as sleep} from 'node:timers/promises';
import type {Rehearsing} from '../../demo/world/rehearse.js';
import {Exit} from '../../errors.js';
import type {Prompter} from '../prompter.js';
import {styled, tell, wrapped} from '../terminal.js';
import {askBoth} from './talk.js';

/** ms between the live view's start and what befalls the pair. */
const calmMs = 9_000;

interface Stop {
  title: string;
  says: string;
  /** What the choice to go on says. */
  go: string;
  act: (rehearsing: Rehearsing) => Promise<void>;
}

/** Set up, kill the primary, watch the takeover, bring it back. Each stop is told before it is made. */
const stops: readonly Stop[] = [
  {
    title: '1 of 4  Set up the pair',
    says: 'Setup reads both servers, asks what it could not find out (Enter takes what it proposes), shows all six phases and applies them: about 20 s, and 3 min for the last one, which is a failover and back, for real. Then the live view opens; q leaves it, and brings you back here.',
    go: 'Set it up',
    act: async ({run, answersFile}) => {
      await must(run, ['setup', '--answers', answersFile]);
    },
  },
  {
    title: '2 of 4  The primary dies',
    says: 'The live view opens again. After some seconds the primary loses its power: nothing on it answers any more, on any path. Watch the standby suspect it, ask around, decide and take over. Press q when its bot is connected (about half a minute).',
    go: 'Pull the plug',
    act: (rehearsing) => whileWatching(rehearsing, {do: 'crash', host: 'primary'}),
  },
  {
    title: '3 of 4  It comes back',
    says: 'The primary has its power again after some seconds. The standby waits until it is well for 30 s and has been active for 2 min itself, then it steps back and pushes what it changed. Press q when it watches again.',
    go: 'Bring it back',
    act: (rehearsing) => whileWatching(rehearsing, {do: 'boot', host: 'primary'}),
  },
  {
    title: '4 of 4  Why did it do that?',
    says: 'The standby remembers what it saw and why it decided as it did. `explain` tells the newest takeover; `drill` would make one once a month, measured.',
    go: 'Explain it',
    act: async ({run}) => {
      await run(['explain', '--plain']);
    },
  },
];

/** Whether the operator wants to go on by themselves. */
export async function tour(rehearsing: Rehearsing, prompter: Prompter): Promise<'free' | 'end'> {
  for (const [index, {title, says, go, act}] of stops.entries()) {
    tell(`\n${styled('bold', title)}\n${wrapped(says)}\n`);
    // oxlint-disable-next-line no-await-in-loop
    const choice = await prompter.select({
      message: 'What now?',
      choices: [
        {value: 'go', name: go},
        {
          value: 'free',
          name: 'Free play: do as you like with the pair',
          ...(index === 0 && {disabled: 'after setup'}),
        },
        {value: 'end', name: 'End the rehearsal'},
      ],
    });
    if (choice !== 'go') return choice === 'free' ? 'free' : 'end';
    // oxlint-disable-next-line no-await-in-loop
    await act(rehearsing);
    // oxlint-disable-next-line no-await-in-loop
    await askBoth(rehearsing, 'Who is there?');
  }
  tell(wrapped('That was the tour. The pair is still there to play with.'));
  const choice = await prompter.select({
    message: 'What now?',
    choices: [
      {value: 'free', name: 'Free play'},
      {value: 'end', name: 'End the rehearsal'},
    ],
  });
  return choice === 'free' ? 'free' : 'end';
}

async function whileWatching(
  rehearsing: Rehearsing,
  order: Parameters<Rehearsing['order']>[0],
): Promise<void> {
  const left = new AbortController();
  const later = sleep(calmMs, undefined, {signal: left.signal}).then(
    () => rehearsing.order(order),
    // Who left the view early gets what was announced all the same.
    () => rehearsing.order(order),
  );
  await rehearsing.run(['watch']);
  left.abort();
  await later;
}

async function must(run: Rehearsing['run'], args: readonly string[]): Promise<void> {
  const code = await run(args);
  if (code !== Exit.ok && code !== Exit.interrupted && code !== Exit.degraded)
    tell(`(it ended with exit code ${code})`, 'dim');
}
