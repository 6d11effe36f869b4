import {pairFiles, type Folders} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import {readPair} from '../../plan/read.js';
import {allFindings, planAll, planInput} from '../../plan/setup.js';
import {viewChange} from '../../plan/view.js';
import {targetWords} from '../../screens/found.js';
import {span, type Line} from '../../screens/line.js';
import {planLines} from '../../screens/plan-text.js';
import {findingLines} from '../../screens/setup/panel.js';
import type {HostName} from '../../ssh/host.js';
import {pinStore} from '../../ssh/pins.js';
import type {SshHost} from '../../ssh/ssh-host.js';
import type {Programs} from '../../templates/programs.js';
import {operatorKey} from '../operator-key.js';
import {reachedOf} from '../reached.js';

export interface Compared {
  pair: Pair;
  hosts: Readonly<Record<HostName, SshHost>>;
  programs: Programs;
  version: string;
  where: Folders;
}

/**
 * What `setup` would change today, phase by phase, in lines of at most `columns`: the same reading and the same plan,
 * nothing applied. Secrets are not at hand here: those on the standby count as they are.
 * @throws Abort when a host cannot be read
 */
export async function differsToday(
  {pair, hosts, programs, version, where}: Compared,
  columns: number,
): Promise<readonly Line[]> {
  const pins = pinStore(pairFiles(pair.name, where).knownHosts);
  const [primary, standby, reading, key] = await Promise.all([
    reachedOf(hosts.primary, pins),
    reachedOf(hosts.standby, pins),
    readPair(hosts, pair, {}, programs.accounts),
    operatorKey(pair, hosts.standby.publicKey),
  ]);
  const input = planInput(
    {
      hosts,
      pair,
      secrets: {},
      programs,
      version,
      dryRun: true,
      reached: {primary, standby},
      ...(key !== undefined && {operatorKey: key}),
    },
    reading,
  );
  const phases = planAll(input).map(({phase: {number, title}, changes}) => ({
    number,
    title,
    changes: changes.map(viewChange),
  }));
  const findings = findingLines(allFindings(input), columns);
  const total = phases.reduce((sum, {changes}) => sum + changes.length, 0);
  const says =
    total === 0
      ? 'Both hosts are as the pair wants them.'
      : 'What differs from the pair today. To put it right: failover-wizard setup';
  return [
    [span(says, {bold: true})],
    [],
    ...(findings.length === 0 ? [] : [...findings, []]),
    ...planLines(phases, {
      primary: targetWords(reading.primary, hosts.primary.target),
      standby: targetWords(reading.standby, hosts.standby.target),
    }),
  ];
}
