import {z} from 'zod';
import type {MonitorEvent} from '../monitor/events.js';
import type {Happening} from '../monitor/happening.js';
import {holds, type Memory} from '../monitor/memory.js';
import {parseSettings, type MonitorSettings} from '../monitor/settings.js';
import {isMemory} from '../monitor/state-file.js';
import {clean} from '../screens/clip.js';
import {answers, happening, probeClass, reason} from './happening-schema.js';
import type {RecordLine} from '../monitor/record-line.js';

/** Characters of a text from a host that are kept. */
const mostText = 1000;

/** One line of JSON from a host, its texts made safe to print; undefined: it is none. */
function treeOf(line: string): unknown {
  try {
    return JSON.parse(line, (_key, value: unknown) =>
      typeof value === 'string' ? clean(value).slice(0, mostText) : value,
    );
  } catch {
    return undefined;
  }
}

const word = z.string().regex(/^[a-z][a-z-]{0,39}$/);
const ms = z.number();
const time = z.iso.datetime();

const event = z.object({
  time,
  ms,
  boot: z.string().max(64),
  seq: z.number().int(),
  event: word,
  level: z.enum(['info', 'warning', 'alert']),
  from: word,
  to: word,
  class: probeClass.optional().catch(undefined),
  evidence: z
    .object({
      probe: z.object({class: probeClass, tookMs: ms, detail: z.string()}).optional().catch(undefined),
      bad: z.number().optional(),
      good: z.number().optional(),
      reason: reason.optional().catch(undefined),
      asked: answers.shape.asked.optional().catch(undefined),
      publicPath: z.object({alive: z.boolean(), detail: z.string()}).optional().catch(undefined),
      witness: z.object({alive: z.boolean(), by: z.string()}).optional().catch(undefined),
      startMs: ms.optional(),
      role: z.object({want: z.enum(['active', 'standby', 'none']), seq: z.number()}),
      attempt: z.number().optional(),
      promotions: z.number(),
      stays: z.enum(holds).optional().catch(undefined),
    })
    // What an older or a newer monitor says in another way is not known here.
    .catch({role: {want: 'none', seq: 0}, promotions: 0}),
  durations: z.record(word.or(z.string()), z.number()).catch({}),
  say: z.string(),
});

/** Lines of events.jsonl, oldest first; what is no event is left out, as is a line that was cut. */
export function parseEvents(text: string): MonitorEvent[] {
  return text.split('\n').flatMap((line) => {
    const parsed = event.safeParse(treeOf(line));
    return parsed.success ? [parsed.data as unknown as MonitorEvent] : [];
  });
}

/** Everything that was heard from one beginning on. */
export interface Segment {
  /** ISO */
  time: string;
  ms: number;
  boot: string;
  settings: MonitorSettings;
  memory: Memory;
  lines: Exclude<RecordLine, {on: 'begin'} | {on: 'cut'} | {on: 'end'}>[];
  /** `over`: all was quiet again; `cut`: too long to keep; `broken off`: the monitor ended, or its disk took no more. */
  ends: 'over' | 'cut' | 'broken off';
}

const settings = z.unknown().transform((value, context): MonitorSettings => {
  try {
    return parseSettings(JSON.stringify({version: 1, ...(value as object)}));
  } catch {
    context.addIssue('these are no settings');
    return z.NEVER;
  }
});
const recordLine = z.discriminatedUnion('on', [
  z.object({
    on: z.literal('begin'),
    version: z.literal(1),
    time,
    ms,
    boot: z.string().max(64),
    settings,
    memory: z.custom<Memory>(isMemory),
  }),
  z.object({on: z.literal('heard'), ms, seen: happening, event: word.optional()}),
  z.object({on: z.literal('settings'), ms, settings}),
  z.object({on: z.literal('remark'), ms}),
  z.object({on: z.literal('cut'), ms, say: z.string()}),
  z.object({on: z.literal('end'), ms}),
]);

/** Lines of record.jsonl. A segment ends at the first line of it that cannot be read. */
export function parseRecord(text: string): Segment[] {
  const segments: Segment[] = [];
  let open: Segment | undefined;
  for (const one of text.split('\n')) {
    if (one === '') continue;
    const parsed = recordLine.safeParse(treeOf(one));
    if (!parsed.success) {
      open = undefined;
      continue;
    }
    const line = parsed.data as RecordLine & {seen?: Happening};
    if (line.on === 'begin') {
      const {time: began, ms: beganMs, boot, settings: given, memory} = line;
      open = {time: began, ms: beganMs, boot, settings: given, memory, lines: [], ends: 'broken off'};
      segments.push(open);
    } else if (line.on === 'cut' || line.on === 'end') {
      if (open) open.ends = line.on === 'cut' ? 'cut' : 'over';
      open = undefined;
    } else open?.lines.push(line);
  }
  return segments;
}
