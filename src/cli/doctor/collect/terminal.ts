import type {TerminalReadings} from '../readings.js';

interface Streams {
  stdin: {isTTY?: boolean};
  stdout: {isTTY?: boolean; columns?: number; rows?: number; getColorDepth?: () => number};
  stderr: {isTTY?: boolean};
}

/** Pure over its arguments. */
export function readTerminal(
  {stdin, stdout, stderr}: Streams = process,
  env: NodeJS.ProcessEnv = process.env,
): TerminalReadings {
  // The order of POSIX: the first one that is set and not empty counts.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || undefined;
  return {
    interactive: Boolean(stdin.isTTY && stdout.isTTY && stderr.isTTY),
    columns: stdout.columns,
    rows: stdout.rows,
    colourBits: stdout.getColorDepth?.() ?? 1,
    noColour: Boolean(env.NO_COLOR) || env.FORCE_COLOR === '0',
    term: env.TERM,
    locale,
    inside: env.TMUX ? 'tmux' : env.STY ? 'screen' : undefined,
    windowsTerminal: Boolean(env.WT_SESSION),
  };
}
