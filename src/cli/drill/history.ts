import {historyCsv, historyJson} from '../../drill/exports.js';
import {historyOf, type Log} from '../../drill/history.js';
import {loadReports} from '../../drill/store.js';
import {brokenSentence, historyLines, makeOne} from '../../drill/view/history.js';
import {historyMarkdown} from '../../drill/view/history-markdown.js';
import {Abort, Exit, type ExitCode} from '../../errors.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {mayColour, paint} from '../../screens/theme.js';
import {existingPair} from '../gather.js';
import type {CommonOptions} from '../options.js';
import {modeOf, tell} from '../terminal.js';
import {standbyLog} from './standby-events.js';

export interface HistoryOptions extends CommonOptions {
  csv?: boolean;
  markdown?: boolean;
  offline?: boolean;
}

/**
 * `failover-wizard drill history`: all drills of the pair, the months, and the real failovers in the monitor's log. A
 * standby that cannot be reached takes nothing away but those.
 * @throws Abort (exit 2) for two forms of output at once
 */
export async function history(options: HistoryOptions): Promise<ExitCode> {
  oneForm(options);
  const pair = await existingPair(options, folders());
  const files = pairFiles(pair.name, folders());
  const kept = await loadReports(files.drills);
  if (options.csv) {
    for (const each of kept.broken) tell(brokenSentence(each), 'yellow');
    if (kept.reports.length === 0) tell(`No drill of ${pair.name} is kept on this machine yet. ${makeOne}`);
    process.stdout.write(historyCsv(kept.reports));
    return Exit.ok;
  }
  const log = options.offline ? offline : await lookedUp();
  const whole = historyOf(pair.name, kept, log);
  const {stdout} = process;
  if (options.json) stdout.write(`${JSON.stringify(historyJson(whole))}\n`);
  else if (options.markdown) stdout.write(historyMarkdown(whole));
  else {
    const colour = mayColour(stdout);
    for (const line of historyLines(whole, stdout.columns ?? 80)) stdout.write(`${paint(line, colour)}\n`);
  }
  return Exit.ok;

  async function lookedUp(): Promise<Log> {
    if (modeOf(options).output === 'screen') tell("Reading the monitor's log on the standby …", 'dim');
    return standbyLog(pair, files);
  }
}

const offline: Log = {why: 'the standby was not asked (--offline)'};

/** @throws Abort (exit 2) */
export function oneForm({json, csv, markdown}: {json?: boolean; csv?: boolean; markdown?: boolean}): void {
  const asked = [json && '--json', csv && '--csv', markdown && '--markdown'].filter(Boolean);
  if (asked.length < 2) return;
  throw new Abort(`Only one of ${asked.join(' and ')} can be printed.`, {exit: Exit.usage});
}
