import {Exit, type ExitCode} from '../errors.js';
import type {Pair} from '../pair/schema.js';
import {publicSample} from '../screens/watch/json.js';
import {paneLines} from '../screens/watch/pane.js';
import type {HostReader} from '../screens/watch/poll.js';
import type {HostResult, WatchSample} from '../screens/watch/sample.js';
import {WatchStore} from '../screens/watch/store.js';
import {mayColour, paint} from '../screens/theme.js';
import {liveSource} from './live.js';
import {loadPrograms} from '../templates/programs.js';
import {reachPair} from './reach.js';
import type {Mode} from './terminal.js';

/**
 * One look at both hosts, in words or as one JSON object on stdout (docs/answers.md).
 * @throws Abort (exit 4) when neither host can be reached
 */
export async function statusOf(pair: Pair, mode: Mode): Promise<ExitCode> {
  const programs = loadPrograms();
  const {sources, close} = await reachPair(pair, mode);
  try {
    const {read, split} = liveSource(pair, sources, programs.accounts);
    const [primary, standby] = await Promise.all([look(read.primary), look(read.standby)]);
    const store = new WatchStore({pair: pair.name, split});
    store.observe('primary', primary);
    store.observe('standby', standby);
    const {sample} = store.snapshot();
    const text = mode.output === 'json' ? JSON.stringify(publicSample(sample)) : inWords(sample);
    process.stdout.write(`${text}\n`);
    return exitOf(sample);
  } finally {
    await close();
  }
}

/** Protected is 0, a split conflict 5, everything else 3: a pair that has taken over wants attention too. */
export function exitOf({verdict, split}: WatchSample): ExitCode {
  if (split.state === 'conflict') return Exit.split;
  return verdict.state === 'protected' ? Exit.ok : Exit.degraded;
}

async function look(read: HostReader): Promise<HostResult> {
  try {
    return await read(AbortSignal.timeout(60_000));
  } catch (error) {
    return {ok: false, error: error instanceof Error ? error.message : String(error)};
  }
}

function inWords(sample: WatchSample): string {
  const colour = mayColour(process.stdout);
  const panes = [sample.primary, sample.standby].map((host) => paneLines(sample, host, 78, {accountRows: 8}));
  const lines = panes.flatMap((pane) => [...pane.map((line) => paint(line, colour).trimEnd()), '']);
  const {words, sentence} = sample.verdict;
  return [`${sample.pair}: ${words}`, sentence, '', ...lines, `split ${sample.split.state}`].join('\n');
}
