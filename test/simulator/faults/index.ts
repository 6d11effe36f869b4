import {host, takeover} from './host.js';
import {service} from './service.js';
import {flapping, flappingHost, ways} from './ways.js';
import type {Fault} from './fault.js';

export type {Fault} from './fault.js';

/** The fault matrix as data. */
export const faults: readonly Fault[] = [...service, ...ways, ...host, ...takeover];

/** `37:20` is row 37 with a period of 20 s. */
export function faultOf(word: string): Fault {
  const [row, periodS] = word.split(':');
  if (periodS !== undefined && (row === '37' || row === '37b'))
    return (row === '37' ? flapping : flappingHost)(Number(periodS));
  const fault = faults.find((one) => one.row === word);
  if (!fault) throw new RangeError(`The fault matrix has no row ${word}.`);
  return fault;
}

/** Rows of the matrix that no virtual host can show, and who shows them. */
export const elsewhere: Readonly<Record<string, string>> = {
  '10': 'a redirect is an answer like any other (row 8); that it is not followed: test/monitor/probe.test.ts',
  '15': "the primary's /readyz is not asked by the monitor",
  '29': "the primary's own way out is not asked by the monitor",
  '33': 'no name is looked up: monitor.json takes addresses only (test/monitor/settings.test.ts)',
  '35': 'the same as row 23 from where the standby stands',
  '45': 'row 44 while it is active',
  '46': 'test/monitor/main.test.ts and the lab',
  '49': 'the same as row 48 for the monitor: a write that fails; the lab',
  '55': 'the journal is written to by systemd; the lab',
  '57': 'the same as row 56 for the monitor: the report of a job that failed; the lab',
  '59': 'the scripts of the workspace: test/templates and the lab',
  '60': 'the secrets pull: its own tests and the lab',
  '61': 'the secrets pull: its own tests and the lab',
  '66': 'setup keeps both hosts at one version',
  '67': 'two faults of which the first ends: drawn all the time',
  '68': 'rows 37 and 19',
  '71': 'notifications: their own tests and the lab',
  '72': 'setup over SSH: test/plan and the lab',
  '73': 'setup over SSH: test/plan and the lab',
  '74': 'setup over SSH: test/plan and the lab',
  '75': 'setup over SSH: test/channels and the lab',
};
