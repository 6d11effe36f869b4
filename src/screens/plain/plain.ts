import type {HostFacts} from '../../facts/types.js';
import type {SetupPort} from '../../plan/events.js';
import type {HostName} from '../../ssh/host.js';
import {duration} from '../format.js';
import {textOf} from '../line.js';
import {summaryLines} from '../setup/summary.js';
import {askInLines} from './ask.js';
import {interrupts} from './interrupts.js';
import {nothingTold, sentences, type Told} from './sentences.js';

export interface PlainOptions {
  /** Ask nothing: reviews are applied, failures quit. */
  yes: boolean;
  /** Where questions are answered; without a terminal here nothing is asked. Default: the process's stdin. */
  input?: NodeJS.ReadableStream & {isTTY?: boolean};
  /** Where the summary goes at the end. Default: `stream`. */
  result?: NodeJS.WritableStream;
  targets?: Partial<Record<HostName, string>>;
  /** epoch ms */
  now?: () => number;
}

/** A port that holds on to Ctrl+C until it is closed. */
export interface ClosablePort extends SetupPort {
  close(): void;
}

/**
 * Setup in sentences, one line each with the time since the start: no cursor movement, no spinners, nothing that
 * has to be seen. For files, pipes and screen readers.
 */
export function plainPort(
  stream: NodeJS.WritableStream,
  {yes, input = process.stdin, result = stream, targets = {}, now = Date.now}: PlainOptions,
): ClosablePort {
  const startedMs = now();
  const facts: Partial<Record<HostName, HostFacts>> = {};
  let told: Told = nothingTold;
  const say = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    const stamp = `[${duration(now() - startedMs).padStart(6)}]`;
    const [first, ...rest] = lines;
    stream.write(
      `${[`${stamp} ${first}`, ...rest.map((line) => `${' '.repeat(stamp.length + 1)}${line}`)].join('\n')}\n`,
    );
  };
  const {stop, force, close} = interrupts(() =>
    say(['Finishing the step in hand, then stopping. Ctrl+C again leaves at once.']),
  );
  return {
    stop,
    force,
    close,
    emit: (event) => {
      if (event.type === 'facts') facts[event.host] = event.facts;
      if (event.type === 'done') {
        result.write(
          `${summaryLines(event.summary, {facts, targets})
            .map((line) => textOf(line).trimEnd())
            .join('\n')}\n`,
        );
        return;
      }
      // A key has to be copied as it is: it stands at the beginning of a line of its own.
      const said = sentences(event, told);
      told = said.told;
      if (event.type === 'waiting') {
        say(said.lines.slice(0, 1));
        stream.write(`${said.lines.slice(1).join('\n')}\n`);
        return;
      }
      say(said.lines);
    },
    decide: async (question) => {
      if (stop.aborted) return 'quit';
      if (yes || input.isTTY !== true) return question.type === 'review' ? 'apply' : 'quit';
      return askInLines(question, {input, output: stream, signal: stop});
    },
  };
}
