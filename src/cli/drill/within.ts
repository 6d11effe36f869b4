import {dueOf} from '../../drill/due.js';
import {newestDrillsOf} from '../../drill/newest.js';
import {mayRun, parseWindow, type MayRun} from '../../drill/schedule/window.js';

/**
 * Whether a drill that was started by a timer may begin: `--within WINDOW`.
 * @param drills folder of the pair's reports
 * @throws Abort (exit 2) for text that is no window
 */
export async function withinWindow(text: string, drills: string, now: Date = new Date()): Promise<MayRun> {
  const window = parseWindow(text);
  return mayRun(window, dueOf(await newestDrillsOf(drills), now.getTime()), now);
}
