import {driftOf} from '../../check/drift.js';
import {driftLines} from '../../check/view/drift.js';
import {readPair} from '../../plan/read.js';
import {viewChange} from '../../plan/view.js';
import {targetWords} from '../../screens/found.js';
import {span, type Line} from '../../screens/line.js';
import {planLines} from '../../screens/plan-text.js';
import {findingLines} from '../../screens/setup/panel.js';
import {compared, type Compared} from '../compared.js';

/**
 * What `setup` would change today, phase by phase, and what was changed on the hosts since it ran, in lines of at most
 * `columns`: the same reading and the same plan, nothing applied.
 * @throws Abort when a host cannot be read
 */
export async function differsToday(around: Compared, columns: number): Promise<readonly Line[]> {
  const {pair, hosts, programs} = around;
  const reading = await readPair(hosts, pair, {}, programs.accounts);
  const comparison = await compared(around, reading);
  const findings = findingLines(comparison.findings, columns);
  const phases = comparison.phases.map(({number, title, changes}) => ({
    number,
    title,
    changes: changes.map(viewChange),
  }));
  const drift = driftLines(
    {primary: driftOf(reading.primary, comparison), standby: driftOf(reading.standby, comparison)},
    {columns, nowMs: Date.now(), pair: pair.name},
  );
  const total = phases.reduce((sum, {changes}) => sum + changes.length, 0);
  const says =
    total === 0
      ? 'Both hosts are as the pair wants them.'
      : 'What differs from the pair today. To put it right: failover-wizard setup';
  return [
    [span(says, {bold: true})],
    [],
    ...(findings.length === 0 ? [] : [...findings, []]),
    ...(drift.length === 0 ? [] : [[span('Changed since setup', {bold: true})], ...drift, []]),
    ...planLines(phases, {
      primary: targetWords(reading.primary, hosts.primary.target),
      standby: targetWords(reading.standby, hosts.standby.target),
    }),
  ];
}
