import type {ExitCode} from '../errors.js';
import {folders} from '../pair/paths.js';
import {existingPair} from './gather.js';
import type {CommonOptions} from './options.js';
import {modeOf} from './terminal.js';

/** `failover-wizard watch`: until q, Ctrl+C or the end of stdout. Changes nothing. */
export async function watch(options: CommonOptions): Promise<ExitCode> {
  const pair = await existingPair(options, folders());
  const {watchPair} = await import('./watch-hosts.js');
  return watchPair(pair, modeOf(options));
}

/** `failover-wizard status`: one look at both hosts. Exit code 3 when the pair would not survive its primary. */
export async function status(options: CommonOptions): Promise<ExitCode> {
  const pair = await existingPair(options, folders());
  const {statusOf} = await import('./status.js');
  return statusOf(pair, modeOf(options));
}
