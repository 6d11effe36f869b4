import {Abort, Exit} from '../../../errors.js';
import {cronForm} from './crontab.js';
import type {Form, FormName, Whose} from './form.js';
import {launchdForm} from './launchd.js';
import {timerForm} from './timer.js';

/** All of them, the first choice of this machine first; the last one belongs to another system. */
export function formsOf(whose: Whose, platform: NodeJS.Platform = process.platform): readonly Form[] {
  const [timer, cron, launchd] = [timerForm(whose), cronForm(whose), launchdForm(whose)];
  return platform === 'darwin' ? [launchd, cron, timer] : [timer, cron, launchd];
}

/**
 * The one that was asked for, else the first that works here.
 * @throws Abort when there is none
 */
export async function chosenForm(
  forms: readonly Form[],
  asked: FormName | undefined,
  platform: NodeJS.Platform = process.platform,
): Promise<{form: Form; notes: string[]}> {
  if (platform === 'win32') throw onWindows(asked);
  const reasons: string[] = [];
  const possible = asked === undefined ? forms.slice(0, -1) : forms.filter(({name}) => name === asked);
  for (const form of possible) {
    // The next one is only asked where this one cannot be had.
    // oxlint-disable-next-line no-await-in-loop
    const reason = await form.unusable();
    if (reason === undefined)
      return {form, notes: reasons.map((why) => `${sentence(why)}; ${nameOf[form.name]} is used.`)};
    reasons.push(reason);
  }
  throw new Abort(
    asked === undefined
      ? 'Nothing on this machine can remind of a drill.'
      : `--with ${asked} cannot be had on this machine.`,
    {
      detail: reasons.map((why) => `${sentence(why)}.`).join('\n'),
      next: [
        ...(asked === undefined ? [] : ['Leave --with out: what works here is used.']),
        'Put it into your calendar: failover-wizard drill schedule --ics drill.ics',
      ],
      exit: asked === undefined ? Exit.failed : Exit.usage,
    },
  );
}

/** Its Task Scheduler is not set up from here; both ways around it are the operator's own. */
function onWindows(asked: FormName | undefined): Abort {
  return new Abort('On Windows this program sets up no reminder of its own.', {
    next: [
      'Put it into your calendar: failover-wizard drill schedule --ics drill.ics',
      'Or make a task: schtasks /Create /TN "failover drill" /SC MONTHLY /D 1 /ST 10:00 /TR "cmd /k failover-wizard drill remind"',
      'Or run this in WSL, which has cron and timers.',
    ],
    exit: asked === undefined ? Exit.failed : Exit.usage,
  });
}

const nameOf: Record<FormName, string> = {timer: 'a timer', cron: 'cron', launchd: 'launchd'};
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
