import {Exit, type ExitCode} from '../errors.js';
import type {Pair} from '../pair/schema.js';
import type {WatchOptions} from '../screens/watch/watch.js';
import type {Host, HostName} from '../ssh/host.js';
import {atExit, claimInterrupts, rememberForExit} from './exit.js';
import {liveSource} from './live.js';
import {loadPrograms, type Programs} from '../templates/programs.js';
import {reachPair} from './reach.js';
import type {Mode} from './terminal.js';

/** The live view of a pair that is not connected yet. @throws Abort (exit 4) when neither host can be reached */
export async function watchPair(pair: Pair, mode: Mode): Promise<ExitCode> {
  const programs = loadPrograms();
  const {sources, close} = await reachPair(pair, mode);
  try {
    return await show(liveSource(pair, sources, programs.accounts), mode);
  } finally {
    await close();
  }
}

/** The live view over hosts that are connected already, after setup. */
export async function watchHosts(
  pair: Pair,
  hosts: Readonly<Record<HostName, Host>>,
  programs: Programs,
  mode: Mode,
): Promise<ExitCode> {
  const sources = {primary: async () => hosts.primary, standby: async () => hosts.standby};
  return show(liveSource(pair, sources, programs.accounts), mode);
}

async function show(live: Pick<WatchOptions, 'pair' | 'read' | 'split'>, mode: Mode): Promise<ExitCode> {
  const release = claimInterrupts();
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const undo = atExit(leave);
  // `watch --json | head` ends by closing the pipe, and has done its work then.
  rememberForExit({unread: Exit.ok});
  try {
    if (mode.output === 'screen') {
      const {watchScreen} = await import('../screens/watch/watch.js');
      await watchScreen({...live, signal: leaving.signal});
      return Exit.ok;
    }
    process.on('SIGINT', leave);
    if (mode.output === 'json') {
      const {watchJson} = await import('../screens/watch/json.js');
      await watchJson(process.stdout, {...live, signal: leaving.signal});
    } else {
      const {watchLines} = await import('./watch-lines.js');
      await watchLines(process.stdout, {...live, signal: leaving.signal});
    }
    return Exit.ok;
  } finally {
    process.off('SIGINT', leave);
    undo();
    release();
  }
}
