import type {ChildProcess} from 'node:child_process';
import {Ask} from './ask.js';
import {notBegun, type Exit} from './exit-status.js';
import {Lines} from './journal.js';

/** ms for its last words to arrive once it has ended; others may hold its pipes for long. */
const lastWordsMs = 50;

/** A process that a unit began: its lines, and its end. */
export class Process {
  readonly pid: number;
  /** Whether it could be begun. */
  readonly begun = new Ask<boolean>();
  readonly exited: Promise<Exit>;
  isOver = false;

  /**
   * @param child a number: it could not be begun, and this is the exit code for that
   * @param tell takes its lines
   */
  constructor(child: ChildProcess | number, tell: (line: string, pid: number) => void) {
    const end = new Ask<Exit>();
    this.exited = end.said;
    const pid = typeof child === 'number' ? 0 : (child.pid ?? 0);
    this.pid = pid;
    if (typeof child === 'number') {
      this.isOver = true;
      this.begun.tell(false);
      end.tell({code: child});
      return;
    }
    const over = (exit: Exit) => {
      this.isOver = true;
      this.begun.tell(false);
      end.tell(exit);
    };
    child.once('spawn', () => this.begun.tell(true));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      tell(`Failed to execute: ${error.message}`, pid);
      over({code: error.code === 'ENOTDIR' ? notBegun.chdir : notBegun.exec});
    });
    child.once('exit', (code, signal) => {
      this.isOver = true;
      const exit: Exit = signal === null ? {code: code ?? 0} : {signal};
      const late = setTimeout(() => over(exit), lastWordsMs);
      child.once('close', () => {
        clearTimeout(late);
        over(exit);
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      const lines = new Lines((line) => tell(line, pid));
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => lines.push(text));
      stream.on('close', () => lines.end());
      stream.on('error', () => {});
    }
  }
}
