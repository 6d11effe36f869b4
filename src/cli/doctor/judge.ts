import {hostFindings} from './checks/hosts.js';
import {keptFindings} from './checks/kept.js';
import {machineFindings} from './checks/machine.js';
import {sshFindings} from './checks/ssh.js';
import {terminalFindings} from './checks/terminal.js';
import type {Finding} from './finding.js';
import type {Readings} from './readings.js';

/** Findings under a heading. */
export interface Area {
  title: string;
  findings: readonly Finding[];
}

/** What to make of the readings, in the order in which it is shown. Pure. */
export function judge(readings: Readings): Area[] {
  return [
    {title: 'This machine', findings: machineFindings(readings)},
    {title: 'SSH', findings: sshFindings(readings)},
    {title: 'Terminal', findings: terminalFindings(readings)},
    {title: 'Kept here', findings: keptFindings(readings)},
    {title: 'Hosts', findings: hostFindings(readings.hosts)},
  ].filter(({findings}) => findings.length > 0);
}
