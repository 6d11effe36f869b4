import {fileURLToPath} from 'node:url';
import xterm from '@xterm/headless';
import {spawn} from '@lydell/node-pty';

export interface PtyOptions {
  columns: number;
  rows: number;
  env?: Record<string, string>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program in a real pseudo-terminal, with a terminal emulator that is read as lines. */
export function runInPty(program: string, args: readonly string[], {columns, rows, env = {}}: PtyOptions) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_ENV'].includes(name),
    ),
  );
  const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  // What is built runs as it does at its user's.
  const loader = program.endsWith('.js') ? [] : ['--import', 'tsx'];
  const pty = spawn(process.execPath, [...loader, program, ...args], {
    cols: columns,
    rows,
    cwd: root,
    name: 'xterm-256color',
    env: {...inherited, NODE_ENV: 'production', ...env},
  });
  let raw = '';
  pty.onData((data) => {
    raw += data;
    screen.write(data);
  });
  const exited = new Promise<{exitCode: number; signal?: number}>((resolve) => pty.onExit(resolve));
  // The emulator parses in its own time; an empty write returns when it has caught up.
  const settled = () => new Promise<void>((resolve) => screen.write('', resolve));
  const lines = (): string[] => {
    const buffer = screen.buffer.active;
    return Array.from(
      {length: screen.rows},
      (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '',
    );
  };
  return {
    pty,
    exited,
    raw: () => raw,
    lines,
    /** Everything of the normal screen, scrolled-off lines too. */
    printed: (): string => {
      const buffer = screen.buffer.normal;
      return Array.from(
        {length: buffer.length},
        (_, row) => buffer.getLine(row)?.translateToString(true) ?? '',
      )
        .join('\n')
        .trimEnd();
    },
    onAlternate: () => screen.buffer.active.type === 'alternate',
    resize: (newColumns: number, newRows: number) => {
      screen.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    type: (text: string) => pty.write(text),
    /** Waits until the screen satisfies `sees`; fails with the screen when it does not within `limitMs`. */
    until: async (sees: RegExp | ((lines: string[]) => boolean), limitMs = 15_000): Promise<string[]> => {
      const end = Date.now() + limitMs;
      for (;;) {
        await settled();
        const now = lines();
        if (sees instanceof RegExp ? sees.test(now.join('\n')) : sees(now)) return now;
        if (Date.now() > end) throw new Error(`never saw ${sees}; the screen was:\n${now.join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    /** Waits until the program has written this, whatever the screen makes of it. */
    wrote: async (text: string, limitMs = 5_000): Promise<void> => {
      const end = Date.now() + limitMs;
      while (!raw.includes(text)) {
        if (Date.now() > end) throw new Error(`never wrote ${JSON.stringify(text)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    end: () => pty.kill('SIGKILL'),
  };
}
