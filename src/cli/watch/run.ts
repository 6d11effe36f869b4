import {Exit, type ExitCode, messageOf} from '../../errors.js';
import {folders} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import {pairNames} from '../../pair/store.js';
import type {HostName} from '../../ssh/host.js';
import type {SshHost} from '../../ssh/ssh-host.js';
import {loadPrograms} from '../../templates/programs.js';
import {atExit, claimInterrupts, rememberForExit} from '../exit.js';
import type {Found} from '../gather.js';
import type {Mode} from '../terminal.js';
import {ownVersion} from '../version.js';
import {reachHosts} from '../reach.js';
import {LivePair} from './live-pair.js';
import {portsOf} from './ports.js';
import {livePairs, reachPairs, type Looked} from './reach-pairs.js';
import {watchJson, watchLines} from './streams.js';

export interface ViewOptions {
  /** Rings and notifies on a transition. */
  bell: boolean;
}

/**
 * The live view of some pairs until q, Ctrl+C or the end of stdout. Changes nothing by itself.
 * @throws Abort (exit 4) when there is no pair that can be reached
 */
export async function watchPairs(
  found: readonly Found[],
  mode: Mode,
  options: ViewOptions,
): Promise<ExitCode> {
  const {pairs, close} = await reachPairs(found, mode, {soon: true});
  try {
    return await showPairs(pairs, mode, options);
  } finally {
    await close();
  }
}

/** The same over the hosts of a pair that are connected already, after setup. */
export async function watchHosts(
  pair: Pair,
  hosts: Readonly<Record<HostName, SshHost>>,
  mode: Mode,
): Promise<ExitCode> {
  const reach = reachHosts(pair, hosts);
  const live = new LivePair(pair, reach, loadPrograms());
  try {
    return await showPairs([{name: pair.name, live}], mode, {bell: true});
  } finally {
    await reach.close();
  }
}

async function showPairs(pairs: readonly Looked[], mode: Mode, options: ViewOptions): Promise<ExitCode> {
  const release = claimInterrupts();
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const undo = atExit(leave);
  // `watch --json | head` ends by closing the pipe, and has done its work then.
  rememberForExit({unread: Exit.ok});
  const live = livePairs(pairs);
  try {
    for (const each of live) each.start();
    if (mode.output === 'screen') {
      await onScreen(pairs, leaving.signal, options);
      return Exit.ok;
    }
    process.on('SIGINT', leave);
    const told = live.map(({pair, store}) => ({name: pair.name, store}));
    const write = mode.output === 'json' ? watchJson : watchLines;
    tellErrors(pairs, mode);
    await write(process.stdout, told, leaving.signal);
    return Exit.ok;
  } finally {
    process.off('SIGINT', leave);
    for (const each of live) each.stop();
    undo();
    release();
  }
}

/** Of several pairs, those that are not looked at. */
function tellErrors(pairs: readonly Looked[], mode: Mode): void {
  for (const each of pairs) {
    if (!('error' in each)) continue;
    const sentence = messageOf(each.error);
    const line =
      mode.output === 'json'
        ? JSON.stringify({pair: each.name, error: {sentence}})
        : `${each.name}: ${sentence}`;
    process.stdout.write(`${line}\n`);
  }
}

async function onScreen(pairs: readonly Looked[], signal: AbortSignal, {bell}: ViewOptions): Promise<void> {
  const {watchScreen, pairsScreen} = await import('../../screens/watch/live/watch.js');
  const surroundings = {
    programs: loadPrograms(),
    version: ownVersion(),
    where: folders(),
    columns: () => process.stdout.columns ?? 80,
    several: (await pairNames(folders())).length > 1,
  };
  const view = (live: LivePair) => ({source: sourceOf(live), ...portsOf(live, surroundings)});
  const [only] = pairs;
  if (pairs.length === 1 && only && 'live' in only) {
    return watchScreen({...view(only.live), bell, signal});
  }
  const source = sourceOfAll(pairs);
  return pairsScreen({
    source,
    open: (name) => {
      const chosen = pairs.find((each) => each.name === name);
      // Only what has a sample can be opened.
      if (!chosen || !('live' in chosen)) throw new TypeError(`there is no view of ${name}`);
      return view(chosen.live);
    },
    bell,
    signal,
  });
}

function sourceOf(live: LivePair) {
  const {store} = live;
  return {
    subscribe: store.subscribe,
    snapshot: store.snapshot,
    tick: () => store.tick(),
    refresh: () => live.refresh(),
  };
}

/** All pairs as rows of a list: the same object until one of them changes. */
function sourceOfAll(pairs: readonly Looked[]) {
  const rows = () =>
    pairs.map((each) =>
      'live' in each
        ? {pair: each.name, sample: each.live.store.snapshot().sample}
        : {pair: each.name, error: messageOf(each.error)},
    );
  let shown: ReturnType<typeof rows> | undefined;
  return {
    snapshot: () => (shown ??= rows()),
    subscribe: (listener: () => void) => {
      const changed = () => {
        shown = undefined;
        listener();
      };
      const undo = livePairs(pairs).map(({store}) => store.subscribe(changed));
      return () => {
        for (const each of undo) each();
      };
    },
    tick: () => {
      for (const {store} of livePairs(pairs)) store.tick();
    },
  };
}
