import {setTimeout as sleep} from 'node:timers/promises';
import type {Asked} from '../../demo/chat/person.js';
import type {Rehearsing} from '../../demo/world/rehearse.js';
import {nicks} from '../../demo/world/primary-image.js';
import {Exit, type ExitCode} from '../../errors.js';
import {tell} from '../terminal.js';

/** ms between two looks at what the standby is. */
const lookMs = 300;

/**
 * Without a terminal: setup through all six phases, of which the last one is a failover and a failback for real; a person
 * asks whoever is there meanwhile. Exit code 0 when all of it went well.
 */
export async function inLines({run, order, answersFile}: Rehearsing): Promise<ExitCode> {
  const over = new AbortController();
  const asking = askMeanwhile(order, over.signal);
  const code = await run(['setup', '--answers', answersFile, '--no-input', '--yes', '--plain']);
  over.abort();
  const answered = await asking;
  if (code !== Exit.ok) return code as ExitCode;
  const now = (await order({do: 'ask', nick: nicks.primary, text: 'Are you back?'})) as Asked;
  tell(`\n${nicks.person} asks ${nicks.primary}: Are you back?\n  ${said(now)}`);
  const status = await run(['status', '--plain']);
  if (!answered || now.kind !== 'answer') {
    tell('A bot did not answer when it should have.');
    return Exit.failed;
  }
  return status as ExitCode;
}

/** As soon as the standby is active, its bot is asked something. Whether it answered. */
async function askMeanwhile(order: Rehearsing['order'], signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop
    const state = await order({do: 'state'}).catch(() => undefined);
    if (state === 'active' || state === 'recovering') {
      const text = 'Who answers me now?';
      // oxlint-disable-next-line no-await-in-loop
      const answer = (await order({do: 'ask', nick: nicks.standby, text}).catch(() => undefined)) as
        Asked | undefined;
      if (answer?.kind === 'answer') {
        tell(`           ${nicks.person} asks ${nicks.standby}: ${text}\n             ${said(answer)}`);
        return true;
      }
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(lookMs);
  }
  return false;
}

/** What became of a question, for people. */
export function said(asked: Asked): string {
  switch (asked.kind) {
    case 'answer':
      return `${asked.text}  (after ${(asked.ms / 1000).toFixed(1)} s)`;
    case 'absent':
      return 'Nobody of that name is in the chat.';
    case 'silent':
      return 'No answer.';
    case 'closed':
      return 'The chat is closed.';
  }
}
