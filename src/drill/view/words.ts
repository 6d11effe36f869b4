import {age, duration, measured} from '../../screens/format.js';
import type {Tone} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import {msOf} from '../comparisons.js';
import type {DrillReport} from '../report.js';

/** What stands where nothing was measured. */
export const unmeasured = '–';

/** A span since the fault, from ms: `19.4 s`, `−0.1 s`. */
export function spanText(ms: number | null): string {
  if (ms === null) return unmeasured;
  return ms < 0 ? `−${measured(-ms)}` : measured(ms);
}

/** How a drill went: sign, words, tone. */
export const resultWords: Readonly<
  Record<DrillReport['verdict']['result'], {sign: string; words: string; tone: Tone}>
> = {
  passed: {sign: glyph.done, words: 'Passed', tone: 'good'},
  remarks: {sign: glyph.warn, words: 'Passed, with remarks', tone: 'warn'},
  failed: {sign: glyph.failed, words: 'Failed', tone: 'bad'},
  stopped: {sign: glyph.warn, words: 'Stopped, proves nothing', tone: 'warn'},
};

/** `target 60 s`, `promised 41 s`; empty: neither. */
export const targetWords = ({targets: {rtoMs, rtoFrom}}: DrillReport): string =>
  rtoMs === null ? '' : `${rtoFrom === 'pair' ? 'target' : 'promised'} ${roundSpan(rtoMs)}`;

/** A target is a round number mostly. */
const roundSpan = (ms: number) => (ms % 1000 === 0 && ms < 120_000 ? `${ms / 1000} s` : measured(ms));

/** How long the gateway took to end once that was asked for; empty: nothing was asked, or it was not seen. */
export function stoppingWords(report: DrillReport): string {
  const ms = msOf(report, 'stopping');
  return ms === null || ms >= 0 ? '' : `it took ${measured(-ms)} to stop`;
}

/** `3 min`, and from an hour on with its minutes. */
const ageText = (ms: number) => (ms < 3_600_000 ? age(ms) : duration(ms));

/** What the standby started from, and what became of its own changes. */
export function workspaceWords(report: DrillReport): string {
  const {outcome, rpoMs, targets, workspace} = report;
  const {behind, dirty, handBack} = workspace;
  const when = outcome === 'takeover' ? 'at takeover' : 'at the fault';
  const old = rpoMs === null ? 'age not known' : `${ageText(rpoMs)} old ${when}`;
  const target = targets.rpoMs === null ? '' : `target ${ageText(targets.rpoMs)}`;
  const missing = [
    behind === null || behind === 0 ? '' : `${behind} ${behind === 1 ? 'commit' : 'commits'} behind`,
    dirty === null || dirty === 0 ? '' : `${dirty} ${dirty === 1 ? 'file' : 'files'} that no commit had`,
  ].filter(Boolean);
  // Of a standby that was not seen to give back nobody knows what it would have had to.
  const given = outcome === 'takeover' && msOf(report, 'rest') !== null;
  const back = handBack === '' && given ? 'nothing to hand back' : handBack;
  return [old, target, ...missing, back].filter(Boolean).join(', ');
}

const hostWords = {
  primary: {well: 'primary well', 'not-well': 'primary not well', unknown: 'primary not known'},
  standby: {
    asleep: 'standby asleep',
    active: 'standby active',
    other: 'standby neither asleep nor active',
    unknown: 'standby not known',
  },
  deadMan: {
    disarmed: 'timer disarmed',
    armed: 'timer still armed: it undoes the fault by itself',
    unknown: 'timer not known',
  },
} as const;

/** How the hosts were left, and whether that is how they should be. */
export function leftWords({left}: DrillReport): {words: string; tone: Tone} {
  const parts = [
    hostWords.primary[left.primary],
    hostWords.standby[left.standby],
    hostWords.deadMan[left.deadMan],
  ];
  const well = left.primary === 'well' && left.standby === 'asleep' && left.deadMan === 'disarmed';
  const bad = left.primary === 'not-well' || left.deadMan === 'armed';
  const words = well ? parts.join(', ') : [parts.join(', '), left.say].filter(Boolean).join('. ');
  return {words, tone: well ? 'good' : bad ? 'bad' : 'warn'};
}

export const proofNames = {channel: 'channel', message: 'message', model: 'model'} as const;

/** ms; the times of both hosts are known no better than this. null: neither clock was measured. */
export function uncertaintyOf({clocks: {primary, standby}}: DrillReport): number | null {
  const known = [primary, standby].flatMap((clock) => (clock === null ? [] : [clock.uncertaintyMs]));
  return known.length === 0 ? null : Math.ceil(Math.max(...known));
}
