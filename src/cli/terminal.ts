import {styleText} from 'node:util';

/** How this run may talk to the operator. */
export interface Mode {
  /** Questions may be asked: terminals on both ends and no `--no-input`. */
  ask: boolean;
  /** Defaults are taken without asking (never consent to something that interrupts the primary). */
  yes: boolean;
  /** `screen`: Ink; `plain`: lines; `json`: one JSON object per line. */
  output: 'screen' | 'plain' | 'json';
  verbose: boolean;
}

export interface ModeOptions {
  input?: boolean;
  yes?: boolean;
  plain?: boolean;
  json?: boolean;
  verbose?: boolean;
}

interface Streams {
  stdin: {isTTY?: boolean};
  stdout: {isTTY?: boolean};
  stderr: {isTTY?: boolean};
}

/** Pure over its arguments. stderr counts too, because questions are written there. */
export function modeOf(
  options: ModeOptions,
  streams: Streams = process,
  env: NodeJS.ProcessEnv = process.env,
): Mode {
  const terminal = Boolean(streams.stdin.isTTY && streams.stdout.isTTY && streams.stderr.isTTY);
  // A terminal that cannot move its cursor (an editor's shell, a printer) can show lines and nothing else.
  const screen = terminal && env.TERM !== 'dumb';
  return {
    ask: terminal && options.input !== false && options.json !== true,
    yes: options.yes === true,
    output: options.json === true ? 'json' : options.plain === true || !screen ? 'plain' : 'screen',
    verbose: options.verbose === true,
  };
}

/** A screen reader is told sentences as things change: a screen that is drawn anew every second says nothing. */
export function spoken(mode: Mode, env: NodeJS.ProcessEnv = process.env): Mode {
  const reader = env.INK_SCREEN_READER === 'true' || env.INK_SCREEN_READER === '1';
  return reader && mode.output === 'screen' ? {...mode, output: 'plain'} : mode;
}

/**
 * Takes stdin back before a prompt or a screen: Ink unreferences it when it leaves and Inquirer pauses it, and
 * then the next reader would let the process end in silence.
 */
export function claimStdin(): void {
  process.stdin.ref();
  process.stdin.resume();
}

type Style = Parameters<typeof styleText>[0];

/** A line of progress on stderr. */
export function tell(text: string, style?: Style): void {
  process.stderr.write((style === undefined ? text : styled(style, text)) + '\n');
}

/** Styled for stderr; plain where it is no terminal or colour is off. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, {stream: process.stderr});
}

/** Breaks a paragraph between words, each line indented by two. */
export function wrapped(text: string, columns: number = process.stderr.columns ?? 80): string {
  const width = Math.max(20, Math.min(columns, 100) - 3);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one) => `  ${one}`).join('\n');
}

/**
 * A sentence broken between words where the terminal ends, the following lines indented to its beginning. Without a
 * terminal it stays one line, for whoever greps.
 */
export function hanging(
  text: string,
  indent: number,
  columns: number | undefined = process.stderr.columns,
): string {
  if (columns === undefined) return text;
  const lines = text.split('\n').flatMap((line) => wrapped(line, columns - indent + 2).split('\n'));
  return lines.map((line) => line.slice(2)).join(`\n${' '.repeat(indent)}`);
}

/** Text from outside, safe to print: no control characters, no escape sequences. */
export function printable(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
