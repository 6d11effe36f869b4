import {open} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import type {MonitorEvent} from '../events.js';
import {oneLine} from '../files.js';
import {isInCharge, type Hold} from '../memory.js';
import type {MonitorPaths} from '../paths.js';
import {duration} from '../say.js';
import {parseHeard} from './heard.js';
import {lookHere, readLive} from './look-here.js';
import type {Heard} from './outcome.js';
import {clockOf, columnsOf, wrapText, type Paper} from './show.js';
import {tailOf, type Tail} from './tail.js';

/** bytes of the end of events.jsonl that are read for the newest events; one has about 700. */
const perEventBytes = 1500;

/** The last lines of a file, whole ones only; empty when it is not there. */
async function lastLines(file: string, count: number): Promise<string[]> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return [];
  try {
    const {size} = await handle.stat();
    const length = Math.min(size, count * perEventBytes);
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    // The first one is cut unless it is the first of the file; after the last there is nothing.
    return lines.slice(length < size ? 1 : 0, -1).slice(-count);
  } finally {
    await handle.close();
  }
}

/** The newest lines of events.jsonl, also those that were rotated away. */
async function newest(paths: MonitorPaths, count: number): Promise<string[]> {
  const lines = await lastLines(paths.events, count);
  return lines.length < count
    ? [...(await lastLines(`${paths.events}.1`, count - lines.length)), ...lines]
    : lines;
}

export interface EventsAsked {
  follow: boolean;
  count: number;
  json: boolean;
}

/** Prints the newest events, oldest first, and with `follow` those that come until the signal. */
export async function printEvents(
  paths: MonitorPaths,
  {follow, count, json}: EventsAsked,
  paper: Paper,
  leave: AbortSignal,
): Promise<void> {
  const print = (line: string) => {
    if (json) paper.write(`${line}\n`);
    else {
      const heard = parseHeard(line);
      if (heard) paper.write(`${eventText(heard, paper)}\n`);
    }
  };
  // Listening begins first: what is written in between is shown twice at worst, and never missed.
  const tail = follow ? await tailOf(paths.events) : undefined;
  const lines = await newest(paths, count);
  if (lines.length === 0 && !json) paper.write('Nothing has happened yet.\n');
  for (const line of lines) print(line);
  if (tail) await printOn(tail, (line) => line !== lines.at(-1) && print(line), leave);
}

/** ms between two looks for new lines. */
const everyMs = 300;

async function printOn(tail: Tail, print: (line: string) => void, leave: AbortSignal): Promise<void> {
  while (!leave.aborted) {
    const line = await tail.take();
    if (line === undefined) await sleep(everyMs, undefined, {signal: leave}).catch(() => {});
    else print(line);
  }
  tail.close();
}

const eventText = ({time, say}: Heard, paper: Paper) =>
  wrapText(`${clockOf(time, Date.now())} ${say}`, columnsOf(paper), 2);

/** How many events back the reason of the present state is looked for. */
const searched = 400;

/** Why the standby is as it is: the event that brought it there, what came since, and what it waits for. */
export async function whyText(paths: MonitorPaths, paper: Paper): Promise<string> {
  const [live, lines] = [await readLive(paths), await newest(paths, searched)];
  if (!live) return 'The monitor has written nothing since this host booted.\n';
  const events = lines.map(parseState).filter((event) => event !== undefined);
  const index = events.findLastIndex(({from, to}) => to === live.state && from !== to);
  const since = events.slice(index + 1).filter(({level}) => level !== 'info');
  const columns = columnsOf(paper);
  const paragraph = (text: string) => wrapText(text, columns);
  const said = [
    paragraph(`The standby is ${live.state}, for ${duration(live.inStateMs)}.`),
    ...(index < 0
      ? ['No event here says why: the monitor has been so since it began.']
      : ['Because of this:', eventText(events[index]!, paper)]),
    ...(since.length === 0
      ? []
      : ['Since then:', ...since.slice(-5).map((event) => eventText(event, paper))]),
    ...(await waitsFor(paths, paper)),
  ];
  return `${said.join('\n')}\n`;
}

/** What stands in the way of the next step. */
async function waitsFor(paths: MonitorPaths, paper: Paper): Promise<string[]> {
  const {live, pause, limitLeftMs, failback} = await lookHere(paths);
  const up = live !== null && isInCharge(live.state);
  const lines = [
    live?.held && `It is held: ${heldWords[live.held as Hold] ?? live.held}.`,
    live?.pausedMs != null &&
      `Paused for another ${duration(live.pausedMs)}${pause?.why ? `: ${pause.why}` : ''}.`,
    live?.latchedMs != null &&
      `It stays active for another ${duration(live.latchedMs)}: the primary came and went.`,
    !up &&
      limitLeftMs !== null &&
      `It took over too often, and does not for another ${duration(limitLeftMs)}.`,
    live?.degraded && `Its channel account is not connected: ${live.degraded}.`,
    live?.failbackAsked && 'An operator asked to give back: it does as soon as the primary is well.',
    live?.byHand && !live.failbackAsked && 'Taken over by hand: it gives back when you say "demote".',
    up &&
      failback === 'manual' &&
      !live.failbackAsked &&
      'Failback is manual: it gives back when you say "demote".',
  ];
  return lines.filter((line) => typeof line === 'string').map((line) => wrapText(line, columnsOf(paper)));
}

const heldWords: Readonly<Record<Hold, string>> = {
  paused: 'by the pause',
  isolated: 'this host itself is cut off from the network',
  limit: 'by the limit of takeovers',
  booting: 'this host has just booted',
  unclean: 'its own gateway ended uncleanly too often',
  latched: 'the primary came and went too often',
  manual: 'failback is manual',
  'by-hand': 'an operator took over',
};

type StateEvent = Heard & Pick<MonitorEvent, 'from' | 'to' | 'level'>;

function parseState(line: string): StateEvent | undefined {
  const heard = parseHeard(line);
  if (!heard) return undefined;
  const {from, to, level} = JSON.parse(line) as Record<string, unknown>;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  return {...heard, from: oneLine(from, 40), to: oneLine(to, 40), level} as StateEvent;
}
