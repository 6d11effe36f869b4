import type {Happening} from './happening.js';
import type {Decision} from './machine.js';
import type {Memory} from './memory.js';
import {settingsKept, type RecordLine} from './record-line.js';
import type {MonitorSettings} from './settings.js';

/** A record that has begun and not ended. */
export interface Recording {
  settings: MonitorSettings;
  /** Characters so far. */
  size: number;
  /** It was too long to keep: nothing is written until the next change of state begins another. */
  cut: boolean;
  /** When a row fired last. */
  newsMs: number;
  /** Good probes since all is quiet. */
  good: number;
}

/** One decision, with what it was made from. */
export interface Heard {
  before: Memory;
  seen: Happening;
  decision: Decision;
  settings: MonitorSettings;
  nowMs: number;
  /** Epoch ms */
  wallMs: number;
  boot: string;
}

/** Characters of one record: an hour of suspicion has about twice as many. */
export const mostOfOne = 192 * 1024;
/**
 * ms without news after which a takeover that lasts is recorded no more: longer than other settings would have waited
 * that somebody may want to try. What happens next begins another record.
 */
const quietMs = 300_000;
/** Good probes that are kept after a suspicion. */
const goodAfter = 3;

/** What is to be written of a decision, and the record as it stands then. Pure; the lines are text already. */
export function recorded(
  open: Recording | undefined,
  heard: Heard,
): {open: Recording | undefined; lines: string[]} {
  const begins = (!open || open.cut) && isNews(heard);
  if (begins) {
    const {before, settings, nowMs, wallMs, boot} = heard;
    const first = lineOf({
      on: 'begin',
      version: 1,
      time: new Date(wallMs).toISOString(),
      ms: nowMs,
      boot,
      settings: settingsKept(settings),
      memory: before,
    });
    const fresh = {settings, size: first.length, cut: false, newsMs: nowMs, good: 0};
    const more = goOn(fresh, heard);
    return {open: more.open, lines: [first, ...more.lines]};
  }
  return open && !open.cut ? goOn(open, heard) : {open, lines: []};
}

/** The loop told something by itself. */
export function remarked(
  open: Recording | undefined,
  nowMs: number,
): {open: Recording | undefined; lines: string[]} {
  if (!open || open.cut) return {open, lines: []};
  const line = lineOf({on: 'remark', ms: nowMs});
  return {open: {...open, size: open.size + line.length}, lines: [line]};
}

/** A state that changes, a decision that something holds, and a monitor that comes up in the middle. */
function isNews({seen, decision: {row, from, memory}}: Heard): boolean {
  if (seen.on === 'start') return !isAtRest(memory);
  return row !== undefined && (from !== memory.state || row.event === 'held');
}

function goOn(open: Recording, heard: Heard): {open: Recording | undefined; lines: string[]} {
  const {seen, decision, settings, nowMs} = heard;
  const lines: string[] = [];
  if (settings !== open.settings)
    lines.push(lineOf({on: 'settings', ms: nowMs, settings: settingsKept(settings)}));
  // Without a row it has changed nothing, and there are ten in a second.
  if (seen.on !== 'tick' || decision.row)
    lines.push(lineOf({on: 'heard', ms: nowMs, seen, ...(decision.row && {event: decision.row.event})}));
  const next: Recording = {
    ...open,
    settings,
    size: lines.reduce((sum, line) => sum + line.length, open.size),
    newsMs: decision.row ? nowMs : open.newsMs,
    good: goodSince(open, heard),
  };
  if (isOver(next, decision.memory, nowMs))
    return {open: undefined, lines: [...lines, lineOf({on: 'end', ms: nowMs})]};
  if (next.size < mostOfOne) return {open: next, lines};
  const say =
    'It went on for too long to keep all of it; what came until the next change of state is not here.';
  return {open: {...next, cut: true}, lines: [...lines, lineOf({on: 'cut', ms: nowMs, say})]};
}

function goodSince({good}: Recording, {seen, decision: {memory}}: Heard): number {
  if (!isAtRest(memory)) return 0;
  return good + (seen.on === 'probe' ? 1 : 0);
}

const isAtRest = ({state, suspicion}: Memory) => state === 'watching' && suspicion === null;

function isOver({good, newsMs}: Recording, {state, held}: Memory, nowMs: number): boolean {
  // The probe that cleared it is the first.
  if (good > goodAfter) return true;
  const lasts = state === 'active' || state === 'blocked' || (state === 'recovering' && held !== null);
  return lasts && nowMs - newsMs >= quietMs;
}

const lineOf = (line: RecordLine) => `${JSON.stringify(line)}\n`;
