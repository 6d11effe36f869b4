import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Abort, Exit, type ExitCode, messageOf} from '../errors.js';
import {folders} from '../pair/paths.js';
import {hanging, printable, styled} from './terminal.js';

type CleanUp = () => void | Promise<void>;
const cleanUps = new Set<CleanUp>();
/** Those that need what the others close. */
const firstCleanUps = new Set<CleanUp>();

/** ms that clean-up may take before the process leaves anyway. */
const cleanUpLimitMs = 3000;

/**
 * Runs when the program ends, however it ends; returns how to take it back.
 * @param first before connections are closed
 */
export function atExit(cleanUp: CleanUp, {first = false}: {first?: boolean} = {}): () => void {
  const list = first ? firstCleanUps : cleanUps;
  list.add(cleanUp);
  return () => list.delete(cleanUp);
}

interface ExitContext {
  version: string;
  verbose: boolean;
  /** stdout is read by a program: an error is also told there, as one JSON line. */
  json?: boolean;
  /** Where every remote command was logged, once a pair is known. */
  log?: string;
  /** What it means that nobody reads the output any more; 0 for a command that only ever ends that way. */
  unread?: ExitCode;
}

const context: ExitContext = {version: '', verbose: false};

/** What an error message may mention; set as soon as it is known. */
export function rememberForExit(more: Partial<ExitContext>): void {
  Object.assign(context, more);
}

let leaving = false;

/** The one place where the process ends. The first reason counts. */
export async function leave(outcome: {code: ExitCode} | {error: unknown}): Promise<never> {
  // Clean-up cuts connections under whoever still waits for them: what that throws is no news any more.
  if (leaving) return new Promise<never>(() => undefined);
  leaving = true;
  const code = 'code' in outcome ? outcome.code : report(outcome.error);
  await runCleanUps();
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // A failed write is told one turn later.
  await new Promise(setImmediate);
  // oxlint-disable-next-line unicorn/no-process-exit -- the one exit site
  process.exit(code === Exit.ok ? (unwritten ?? code) : code);
}

/** Ctrl+C while nobody else listens (connecting, reading), and the two signals that end a program. */
export function leaveOnSignals(): void {
  const once = (signal: NodeJS.Signals, code: ExitCode, line: string) =>
    process.on(signal, () => {
      process.stderr.write(`${line}\n`);
      void leave({code});
    });
  process.on('SIGINT', () => {
    if (interruptsClaimed > 0) return;
    process.stderr.write('Interrupted.\n');
    void leave({code: Exit.interrupted});
  });
  once('SIGTERM', Exit.terminated, 'Terminated.');
  once('SIGHUP', Exit.terminated, 'The terminal is gone.');
}

/**
 * A reader that goes away (`| head`, a closed terminal) ends the program without a word: there is nobody to tell.
 * Any other failure to write, such as a full disk behind `> file`, is told.
 */
export function leaveWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      mute(stream);
      const gone = goneCodes.has(error.code ?? '');
      if (!gone)
        process.stderr.write(
          abortText(new Abort(`The output cannot be written: ${error.message}.`), context),
        );
      unwritten ??= gone ? (context.unread ?? Exit.unread) : Exit.failed;
      void leave({code: unwritten});
    });
  }
}

/** The exit code when not everything could be written. */
let unwritten: ExitCode | undefined;

const goneCodes = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** Every further write would fail again and be told again: whatever is still written goes nowhere. */
function mute(stream: NodeJS.WriteStream): void {
  const nowhere = (_text: unknown, encoding?: unknown, done?: unknown) => {
    const written = typeof encoding === 'function' ? encoding : done;
    if (typeof written === 'function') process.nextTick(written as () => void);
    return true;
  };
  stream.write = nowhere as typeof stream.write;
}

let interruptsClaimed = 0;

/** While the engine runs, Ctrl+C means "finish the step in hand" and is handled by its port. */
export function claimInterrupts(): () => void {
  interruptsClaimed++;
  let claimed = true;
  return () => {
    if (claimed) interruptsClaimed--;
    claimed = false;
  };
}

let told = false;

/** The engine's own JSON stream has said what went wrong; once is enough. */
export function errorsAreTold(): void {
  told = true;
}

/** Tells an error on stderr and gives its exit code. */
function report(error: unknown): ExitCode {
  if (isExitPrompt(error)) {
    process.stderr.write('Interrupted; this question has changed nothing.\n');
    return Exit.interrupted;
  }
  if (error instanceof Abort) {
    process.stderr.write(abortText(error, context));
    reportJson(error.message, {detail: error.detail, next: error.next, exit: error.exit});
    return error.exit;
  }
  process.stderr.write(bugText(error, context));
  reportJson(messageOf(error), {next: [], exit: Exit.failed});
  return Exit.failed;
}

function reportJson(sentence: string, rest: object): void {
  if (context.json && !told)
    process.stdout.write(`${JSON.stringify({type: 'error', error: {sentence, ...rest}})}\n`);
}

/** Sentence, detail, what to try, where the log is. */
export function abortText(error: Abort, {verbose, log}: Pick<ExitContext, 'verbose' | 'log'>): string {
  const lines = [`${styled('red', '✖')} ${hanging(printable(error.message), 2)}`];
  if (error.detail) lines.push(...indent(printable(error.detail)));
  for (const step of error.next) lines.push(`  ${styled('cyan', '→')} ${hanging(printable(step), 4)}`);
  if (log !== undefined && error.exit !== Exit.usage) lines.push(`  Log of every remote command: ${log}`);
  if (verbose && error.cause !== undefined) lines.push(...indent(printable(stackOf(error.cause))));
  return lines.join('\n') + '\n';
}

function bugText(error: unknown, {version, verbose, log}: ExitContext): string {
  const stack = stackOf(error);
  const first = printable(messageOf(error)).split('\n')[0] ?? '';
  const lines = [`${styled('red', '✖')} This is a bug in failover-wizard: ${first}`];
  const path = keepBug(stack, version);
  if (path !== undefined) lines.push(`  Please report it with the file ${path}`);
  if (log !== undefined) lines.push(`  Log of every remote command: ${log}`);
  lines.push('  Running the same command again is safe; it continues from what the hosts say.');
  if (verbose || path === undefined) lines.push(...indent(printable(stack)));
  return lines.join('\n') + '\n';
}

function keepBug(stack: string, version: string): string | undefined {
  const folder = join(folders().state, 'bugs');
  const path = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.txt`);
  const text = `failover-wizard ${version}\nNode ${process.version} on ${process.platform} ${process.arch}\n\n${stack}\n`;
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    writeFileSync(path, text, {mode: 0o600});
    return path;
  } catch {
    return undefined;
  }
}

async function runCleanUps(): Promise<void> {
  await runAll(firstCleanUps);
  await runAll(cleanUps);
}

async function runAll(list: Set<CleanUp>): Promise<void> {
  const all = [...list].toReversed();
  list.clear();
  if (all.length === 0) return;
  const limit = new Promise((resolve) => setTimeout(resolve, cleanUpLimitMs).unref());
  await Promise.race([Promise.allSettled(all.map(async (cleanUp) => cleanUp())), limit]);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || !stream.writable) return Promise.resolve();
  return new Promise((resolve) => stream.write('', () => resolve()));
}

/** By name, so that Inquirer need not be loaded to know its error. */
export function isExitPrompt(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
}

const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
const indent = (text: string) => text.split('\n').map((line) => `  ${line}`);
