import type {Rehearsing} from '../../demo/world/rehearse.js';
import {messageOf} from '../../errors.js';
import type {Choice, Prompter} from '../prompter.js';
import {tell, wrapped} from '../terminal.js';
import {askBoth} from './talk.js';

interface Play extends Choice {
  act: (rehearsing: Rehearsing) => Promise<unknown>;
}

const gateway = 'openclaw-gateway.service';
const unit = (verb: 'stop' | 'start' | 'kill') => (rehearsing: Rehearsing) =>
  rehearsing.order({do: 'unit', verb, host: 'primary', unit: gateway});

/** What can be done to the pair, and how it is looked at. */
const plays: readonly Play[] = [
  {value: 'watch', name: 'Watch it live', act: ({run}) => run(['watch'])},
  {value: 'ask', name: 'Ask both bots something', act: (rehearsing) => askBoth(rehearsing, 'Who is there?')},
  {
    value: 'crash',
    name: 'The primary loses its power',
    act: ({order}) => order({do: 'crash', host: 'primary'}),
  },
  {
    value: 'boot',
    name: 'The primary has its power back',
    act: ({order}) => order({do: 'boot', host: 'primary'}),
  },
  {value: 'kill', name: 'Kill the primary’s gateway; systemd restarts it', act: unit('kill')},
  {value: 'stop', name: 'Stop the primary’s gateway', act: unit('stop')},
  {value: 'start', name: 'Start the primary’s gateway', act: unit('start')},
  {value: 'cut', name: 'Cut the private network', act: ({order}) => order({do: 'cut', cut: true})},
  {value: 'heal', name: 'Mend the private network', act: ({order}) => order({do: 'cut', cut: false})},
  {value: 'drill', name: 'drill: take the primary down, measured', act: ({run}) => run(['drill'])},
  {value: 'status', name: 'status: one look', act: ({run}) => run(['status'])},
  {value: 'check', name: 'check: is it as the pair wants it?', act: ({run}) => run(['check'])},
  {value: 'explain', name: 'explain: the newest takeover', act: ({run}) => run(['explain'])},
  {value: 'remove', name: 'remove: take the pair apart', act: ({run}) => run(['remove'])},
  {
    value: 'setup',
    name: 'setup, again',
    act: ({run, answersFile}) => run(['setup', '--answers', answersFile]),
  },
];

/** Until the operator ends it: one thing after the other. */
export async function freePlay(rehearsing: Rehearsing, prompter: Prompter): Promise<void> {
  tell(
    `\n${wrapped('Every command works on this pair from any other terminal too, as long as the rehearsal lasts:')}`,
  );
  tell(`  ${rehearsing.launcher} watch\n`);
  let last: string | undefined;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const choice = await prompter.select({
      message: 'Free play',
      choices: [...plays, {value: 'end', name: 'End the rehearsal'}],
      ...(last !== undefined && {initial: last}),
    });
    if (choice === 'end') return;
    last = choice;
    try {
      // oxlint-disable-next-line no-await-in-loop
      await plays.find(({value}) => value === choice)?.act(rehearsing);
    } catch (error) {
      tell(wrapped(messageOf(error)));
    }
  }
}
