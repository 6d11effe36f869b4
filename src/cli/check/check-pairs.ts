import {setTimeout as sleep} from 'node:timers/promises';
import {checkReport, exitOfCheck, type CheckReport} from '../../check/report.js';
import {publicReport} from '../../check/json.js';
import {hostNames, type DrillLeft, type Seen} from '../../check/seen.js';
import {checkText} from '../../check/view/text.js';
import {isRunning, loadRecord} from '../../drill/record.js';
import {Exit, messageOf, type ExitCode} from '../../errors.js';
import type {HostFacts} from '../../facts/types.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {readingOf, unanswered} from '../../plan/read.js';
import {mayColour, paint} from '../../screens/theme.js';
import type {HostSample, WatchSample} from '../../screens/watch/model/sample.js';
import type {HostName} from '../../ssh/host.js';
import {loadPrograms} from '../../templates/programs.js';
import {compared} from '../compared.js';
import type {Found} from '../gather.js';
import type {Mode} from '../terminal.js';
import {ownVersion} from '../version.js';
import type {LivePair} from '../watch/live-pair.js';
import {reachPairs} from '../watch/reach-pairs.js';
import {exitOfError, look, unreadJson, worse} from '../watch/status.js';

/**
 * One look at each pair, and what it came to on stdout.
 * @returns the exit code of the pair that is worst off
 * @throws Abort (exit 4) when the only pair cannot be reached at all
 */
export async function checkPairs(found: readonly Found[], mode: Mode): Promise<ExitCode> {
  const {pairs, close} = await reachPairs(found, mode, {soon: false});
  try {
    const looks = pairs.map((each) => ('live' in each ? lookedAt(each.live) : undefined));
    // Told in their order; one that fails meanwhile is told when its turn comes.
    for (const each of looks) each?.catch(() => undefined);
    let worst: ExitCode = Exit.ok;
    for (const [index, each] of pairs.entries()) {
      try {
        if ('error' in each) throw each.error;
        // oxlint-disable-next-line no-await-in-loop
        const report = checkReport((await looks[index])!);
        print(textOf(report, mode), index);
        worst = worse(worst, exitOfCheck(report));
      } catch (error) {
        if (pairs.length === 1 && mode.output !== 'json') throw error;
        print(
          mode.output === 'json' ? unreadJson(each.name, error) : `${each.name}: ${messageOf(error)}`,
          index,
        );
        worst = worse(worst, exitOfError(error));
      }
    }
    return worst;
  } finally {
    await close();
  }

  function print(text: string, index: number): void {
    process.stdout.write(`${index > 0 && mode.output !== 'json' ? '\n' : ''}${text}\n`);
  }
}

/** Where nobody looks, or who looks has more, lines are as long as a person reads. */
const mostColumns = 100;

function textOf(report: CheckReport, mode: Mode): string {
  if (mode.output === 'json') return JSON.stringify(publicReport(report));
  const columns = Math.max(40, Math.min(process.stdout.columns ?? 80, mostColumns)) - 1;
  const colour = mayColour(process.stdout);
  return checkText(report, {columns, verbose: mode.verbose})
    .map((line) => paint(line, colour).trimEnd())
    .join('\n');
}

/** One look at a pair through what the live view looks through, and one whole reading of each host that answers. */
async function lookedAt(live: LivePair): Promise<Seen> {
  const {pair, store} = live;
  const programs = loadPrograms();
  const sample = await look(live);
  const {facts, unread} = await wholeReadings(live, sample);
  const seen: Omit<Seen, 'comparison'> = {
    pair,
    version: ownVersion(),
    programs,
    sample,
    facts,
    unread,
    live: store.live,
    events: store.events.length,
    drillLeft: await drillLeft(pair.name),
  };
  const {primary, standby} = facts;
  if (!primary || !standby) return {...seen, comparison: undefined};
  const {sources} = live.reach;
  const hosts = {primary: await sources.primary(), standby: await sources.standby()};
  const around = {pair, hosts, programs, version: ownVersion(), where: folders()};
  return {...seen, comparison: await compared(around, readingOf({primary, standby}, pair, {}))};
}

/** What the look has read; once more what only the first reading taught to ask for, and what the look did not wait for. */
async function wholeReadings(live: LivePair, sample: WatchSample): Promise<Pick<Seen, 'facts' | 'unread'>> {
  const facts: Partial<Record<HostName, HostFacts>> = {};
  const unread: Partial<Record<HostName, string>> = {};
  const read = async (host: HostName) => {
    try {
      facts[host] = await live.reader.read[host]();
    } catch (error) {
      unread[host] ??= messageOf(error);
    }
  };
  await Promise.all(
    hostNames.map(async (host) => {
      const known = live.facts(host);
      if (known) facts[host] = known;
      // Where only the stream failed, or was faster, there is a connection.
      else if (await stands(live, host)) await read(host);
      else unread[host] = whyUnread(sample[host]);
    }),
  );
  const {primary, standby} = facts;
  if (primary && standby) await Promise.all(unanswered({primary, standby}, live.pair).map(read));
  return {facts, unread};
}

/** ms in which a connection that is there is handed out; to make one takes longer, and was tried. */
const handedOutMs = 100;

const stands = ({reach}: LivePair, host: HostName): Promise<boolean> =>
  Promise.race([
    reach.sources[host]().then(
      () => true,
      () => false,
    ),
    sleep(handedOutMs, false),
  ]);

const whyUnread = ({link, accounts}: HostSample): string =>
  link.error ?? ('unknown' in accounts ? accounts.unknown : 'it did not tell everything in time');

async function drillLeft(pair: string): Promise<DrillLeft | null> {
  const record = await loadRecord(pairFiles(pair, folders()).drillRunning);
  if (record === undefined || isRunning(record)) return null;
  return {fault: record.fault, beganMs: Date.parse(record.startedAt)};
}
