import type {ExitCode} from '../errors.js';
import {folders} from '../pair/paths.js';
import {tellOfDrills} from './drill/notice.js';
import {chosenPairs} from './gather.js';
import type {CommonOptions, WatchOptions} from './options.js';
import {modeOf, spoken} from './terminal.js';

/** `failover-wizard watch`: until q, Ctrl+C or the end of stdout. */
export async function watch(options: WatchOptions): Promise<ExitCode> {
  const found = await chosenPairs(options, folders());
  await tellOfDrills(found.map(({name}) => name));
  const {watchPairs} = await import('./watch/run.js');
  return watchPairs(found, spoken(modeOf(options)), {bell: options.bell !== false});
}

/** `failover-wizard status`: one look. Exit code 3 when a pair would not survive its primary. */
export async function status(options: CommonOptions): Promise<ExitCode> {
  const found = await chosenPairs(options, folders());
  await tellOfDrills(found.map(({name}) => name));
  const {statusOf} = await import('./watch/status.js');
  return statusOf(found, modeOf(options));
}
