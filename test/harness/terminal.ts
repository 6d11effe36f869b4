import {EventEmitter} from 'node:events';
import {stripVTControlCharacters} from 'node:util';
import {render, type Instance} from 'ink';
import type {ReactNode} from 'react';

/** A terminal's output that keeps what was written; `resize` tells Ink as a real one does. */
class FakeStdout extends EventEmitter {
  isTTY = true;
  writable = true;
  written: string[] = [];
  constructor(
    public columns: number,
    public rows: number,
  ) {
    super();
  }
  write(text: string, done?: () => void): boolean {
    this.written.push(text);
    done?.();
    return true;
  }
  resize(columns: number, rows: number): void {
    Object.assign(this, {columns, rows});
    this.emit('resize');
  }
}

/** A keyboard: `type` presses keys one event at a time. */
class FakeStdin extends EventEmitter {
  isTTY = true;
  raw = false;
  #pending: string[] = [];
  setRawMode(raw: boolean): this {
    this.raw = raw;
    return this;
  }
  setEncoding(): this {
    return this;
  }
  read(): string | null {
    return this.#pending.shift() ?? null;
  }
  type(text: string): void {
    this.#pending.push(text);
    this.emit('readable');
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  ref(): void {}
  unref(): void {}
}

/** Renders into a fake terminal of a size; `frame()` is what stands there now, as lines of text. */
export function renderIn(node: ReactNode, {columns, rows}: {columns: number; rows: number}) {
  const stdout = new FakeStdout(columns, rows);
  const stdin = new FakeStdin();
  // In debug mode each frame is written whole, so the last write is the screen.
  const app: Instance = render(node, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: new FakeStdout(columns, rows) as unknown as NodeJS.WriteStream,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return {
    app,
    stdout,
    stdin,
    // What only moves the cursor or sets a mode is no frame.
    frame: (): string[] =>
      (stdout.written.map(stripVTControlCharacters).findLast((text) => text.trim() !== '') ?? '').split('\n'),
    /** Types each key and lets React settle. */
    keys: async (...keys: readonly string[]) => {
      for (const key of keys) {
        stdin.type(key);
        await app.waitUntilRenderFlush();
        await new Promise((resolve) => setTimeout(resolve, key === '\u001B' ? 60 : 5));
      }
    },
  };
}
