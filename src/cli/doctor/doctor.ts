import {Abort, Exit, type ExitCode} from '../../errors.js';
import {folders} from '../../pair/paths.js';
import {pairNames} from '../../pair/store.js';
import {parseTarget} from '../../ssh/target.js';
import type {CommonOptions} from '../options.js';
import {collect} from './collect/collect.js';
import {judge} from './judge.js';
import {show} from './show.js';
import {bad} from './words.js';

export interface DoctorOptions extends CommonOptions {
  connect?: boolean;
}

/**
 * `failover-wizard doctor [HOST]`: how this machine is for the program. Reads; writes nothing.
 * @returns 0, or 3 when a problem was found
 * @throws Abort (exit 2) for a host without `--connect` or that is none, and for a pair that there is not
 */
export async function doctor(
  host: string | undefined,
  {connect = false, pair, json = false}: DoctorOptions,
  version: string,
): Promise<ExitCode> {
  if (host !== undefined && !connect)
    throw new Abort('Without --connect no host is contacted, so it cannot be named.', {
      next: [`failover-wizard doctor ${host} --connect`],
      exit: Exit.usage,
    });
  if (host !== undefined) parseTarget(host);
  const where = folders();
  // Named together with a host, it says whose pinned keys count, and need not be saved yet.
  if (pair !== undefined && host === undefined && !(await pairNames(where)).includes(pair))
    throw new Abort(`There is no pair called ${pair} on this machine.`, {exit: Exit.usage});
  const areas = judge(
    await collect(
      {connect, version, ...(host !== undefined && {host}), ...(pair !== undefined && {pair})},
      where,
    ),
  );
  show(areas, {json});
  return bad(areas) ? Exit.degraded : Exit.ok;
}
