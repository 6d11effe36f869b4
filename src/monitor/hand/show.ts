import type {Act, End} from './act.js';
import type {Sign} from './checks.js';
import type {Show} from './conduct.js';
import {lengthText, timeOfDay} from './length.js';
import type {Heard} from './outcome.js';

/** Where text goes; a terminal of a phone as well as a pipe. */
export interface Paper {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const marks: Readonly<Record<Sign, [string, string]>> = {
  ok: ['✔', '32'],
  warn: ['▲', '33'],
  stop: ['✖', '31'],
};

/** Columns that a person reads comfortably; without a terminal a sentence stays one line, for whoever greps. */
export const columnsOf = ({isTTY, columns}: Paper) =>
  isTTY ? Math.max(20, Math.min(columns ?? 80, 100)) : Infinity;

/** `text` broken between words, every line but the first moved in by `hang`; a longer word stays whole. */
export function wrapText(text: string, columns: number, hang = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = columns - (lines.length === 0 ? 0 : hang);
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(hang)}`);
}

/** `text` beside `prefix`, in a column of its own. */
export const beside = (prefix: string, text: string, columns: number) =>
  prefix + wrapText(text, columns - prefix.length).replaceAll('\n', `\n${' '.repeat(prefix.length)}`);

const titles: Readonly<Record<Act['name'], (act: Act) => string>> = {
  pause: (act) => `Pause ${act.name === 'pause' ? lengthText(act.ms) : ''}`,
  resume: () => 'End the pause',
  promote: () => 'Take over by hand',
  demote: () => 'Give back',
};

const elapsed = (ms: number) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
};

const turning = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** In words. What runs is shown on a last line that moves, on a terminal; elsewhere only what has happened. */
export function inWords(paper: Paper, {colour}: {colour: boolean}): Show {
  const columns = columnsOf(paper);
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let turn = 0;
  let moving = false;
  const clear = () => {
    if (moving) paper.write('\r\u001b[K');
    moving = false;
  };
  const line = (text: string) => {
    clear();
    paper.write(`${text}\n`);
  };
  const marked = (mark: string, code: string, text: string) =>
    line(beside(`${mark} `, text, columns).replace(mark, paint(code, mark)));
  return {
    checks(act, seen, checks, end) {
      line(
        paint('1', wrapText(`${titles[act.name](act)} · pair ${seen.pair} · ${seen.account}`, columns, 2)),
      );
      // What ends it is the last line and need not be read twice.
      for (const {sign, say} of checks) if (say !== end?.say) marked(...marks[sign], say);
    },
    heard(heard, elapsedMs) {
      line(beside(`${elapsed(elapsedMs).padStart(6)}  `, heard.say, columns));
    },
    waiting(what, elapsedMs) {
      if (!paper.isTTY) return;
      const text = `${turning[turn++ % turning.length]} ${elapsed(elapsedMs)}  ${what} …`;
      // One row only: what is longer cannot be taken away again.
      const row = text.length >= columns ? `${text.slice(0, columns - 2)}…` : text;
      paper.write(`\r\u001b[K${row}`);
      moving = true;
    },
    end({exit, say, next = []}) {
      const [mark, code] = exit === 0 ? marks.ok : exit === 3 || exit === 130 ? marks.warn : marks.stop;
      marked(mark, code, say);
      for (const step of next) marked('→', '36', step);
    },
  };
}

/** One JSON object per line; the last one has `type: "end"`. Times in ms. */
export function inJson(paper: Paper): Show {
  const write = (object: object) => void paper.write(`${JSON.stringify(object)}\n`);
  return {
    checks: (act, seen, checks) => write({type: 'checks', act: act.name, pair: seen.pair, checks}),
    heard: ({time, event, say}: Heard, elapsedMs) =>
      write({type: 'event', time, event, say, elapsedMs: Math.round(elapsedMs)}),
    waiting: () => undefined,
    end: ({result, exit, say, next = []}: End) => write({type: 'end', result, exit, say, next}),
  };
}

/** `Mon 14:02:11` in the time of this machine. */
export function clockOf(iso: string, nowMs: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '?';
  const time = `${timeOfDay(at.getTime())}:${String(at.getSeconds()).padStart(2, '0')}`;
  if (nowMs - at.getTime() < 20 * 3_600_000) return time;
  return `${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')} ${time}`;
}
