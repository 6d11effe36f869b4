import type {ChangeView} from '../plan/events.js';
import type {HostName} from '../ssh/host.js';
import {clean, cleanLines} from './clip.js';
import {count} from './format.js';
import {dim, span, type Line} from './line.js';
import {glyph} from './theme.js';

export interface PlannedPhase {
  number: number;
  title: string;
  changes: readonly ChangeView[];
  /** Shown instead of "nothing to do" when there are no changes, e.g. `not planned yet`. */
  note?: string;
}

/** How the hosts are named, e.g. `{primary: 'root@203.0.113.10'}`; absent ones go by their role. */
export type HostNames = Partial<Record<HostName, string>>;

/** A unified diff, each line under its sign; the signs tell it without colour. */
export function diffLines(diff: string, indent: string): Line[] {
  const texts = cleanLines(diff);
  // Only what stands above the first hunk is the header; below it `---` is a removed line that begins with dashes.
  const firstHunk = texts.findIndex((text) => text.startsWith('@@'));
  return texts.map((text, index) => {
    const line = `${indent}${text}`;
    if (index < firstHunk || text.startsWith('@@')) return [dim(line)];
    if (text.startsWith('+')) return [span(line, {tone: 'good'})];
    if (text.startsWith('-')) return [span(line, {tone: 'bad'})];
    return [span(line)];
  });
}

function changeLines(change: ChangeView): Line[] {
  const lines: Line[] = [
    [
      span(`   ${glyph.waiting} ${clean(change.title)}`),
      ...(change.disruptive ? [span(`   ${glyph.warn} interrupts what runs`, {tone: 'warn'})] : []),
    ],
  ];
  if (change.why !== undefined) lines.push([dim(`     ${clean(change.why)}`)]);
  return change.diff === undefined ? lines : [...lines, ...diffLines(change.diff, '     ')];
}

function phaseLines({number, title, changes, note}: PlannedPhase, hosts: HostNames): Line[] {
  const amount = changes.length === 0 ? (note ?? 'nothing to do') : count(changes.length, 'change');
  const lines: Line[] = [[span(`${number} ${title}`, {bold: true}), dim(`   ${amount}`)]];
  let host: HostName | undefined;
  for (const change of changes) {
    if (change.host !== host) {
      host = change.host;
      const named = hosts[host];
      lines.push([span(`  on the ${host}`), ...(named === undefined ? [] : [dim(`  ${clean(named)}`)])]);
    }
    lines.push(...changeLines(change));
  }
  return lines;
}

/** The plan for a person: phase by phase, host by host, each change with its diff. Pure; what is shown is redacted already. */
export function planLines(phases: readonly PlannedPhase[], hosts: HostNames = {}): Line[] {
  const total = phases.reduce((sum, phase) => sum + phase.changes.length, 0);
  const body = phases.flatMap((phase, index) => [...(index === 0 ? [] : [[]]), ...phaseLines(phase, hosts)]);
  const interrupting = phases.flatMap((phase) => phase.changes).filter((change) => change.disruptive).length;
  const closing =
    total === 0
      ? 'Nothing differs; there is nothing to do.'
      : `${count(total, 'change')}${interrupting > 0 ? `, ${interrupting} of them interrupting something that runs` : ''}.`;
  return [...body, [], [span(closing)]];
}
