import {Abort, Exit, type ExitCode} from '../../errors.js';
import {dueOf} from '../../drill/due.js';
import {newestDrillsOf} from '../../drill/newest.js';
import {reminderOf} from '../../drill/schedule/reminder.js';
import {parseWindow} from '../../drill/schedule/window.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {existingPair} from '../gather.js';
import type {CommonOptions} from '../options.js';
import {notifyDesktop} from './desktop.js';

export interface RemindOptions extends CommonOptions {
  /** Days; also a drill that is due that soon is worth a reminder. */
  ahead?: string;
  /** In which drills begin by themselves. */
  window?: string;
}

const dayMs = 86_400_000;

/**
 * `failover-wizard drill remind`: says that a drill is due, here and on the desktop; where none is, nothing. Reads the
 * reports on this machine and connects to nothing.
 */
export async function remind(options: RemindOptions): Promise<ExitCode> {
  const aheadMs = daysOf(options.ahead) * dayMs;
  const window = options.window === undefined ? undefined : parseWindow(options.window);
  const {name} = await existingPair(options, folders());
  const nowMs = Date.now();
  const due = dueOf(await newestDrillsOf(pairFiles(name, folders()).drills), nowMs);
  const {speak, say, windowMs} = reminderOf(due, {nowMs, aheadMs, window});
  const notified = speak && (await notifyDesktop(`Failover drill of ${name}`, say));
  const {stdout} = process;
  if (options.json) {
    const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    const {newest} = due;
    const fields = {
      pair: name,
      remind: speak,
      due: due.isDue,
      passedAt: iso(due.passedMs),
      dueAt: iso(due.dueMs),
      newest: newest && {id: newest.id, result: newest.result},
      windowAt: iso(windowMs),
      say,
      notified,
    };
    stdout.write(`${JSON.stringify(fields)}\n`);
  } else if (speak) {
    stdout.write(`Failover drill of ${name}: ${say}\nRun it: failover-wizard drill --pair ${name}\n`);
  }
  return Exit.ok;
}

function daysOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,2}$/.test(text) && Number(text) <= 30) return Number(text);
  throw new Abort(`--ahead "${text.slice(0, 20)}" is no number of days up to 30.`, {exit: Exit.usage});
}
