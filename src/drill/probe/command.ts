import {spawn, type ChildProcess} from 'node:child_process';
import {homedir} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {messageOf} from '../../errors.js';
import {clean, cleanLines} from '../../screens/clip.js';
import {Lines, Tail} from '../../ssh/lines.js';
import {longestDetail, type Probe, type ProbeAsk, type ProbeEnd} from './contract.js';
import {endGroup} from './process-group.js';
import {runnable} from './program.js';

/** Bytes kept of the end of what the program prints. */
const kept = 65_536;
/** Lines of it that are told. */
const lastLines = 3;
/** ms that a program may take to end after it said `answered`; the answer counts all the same. */
const afterAnswerMs = 10_000;
/** ms that its last words may take after its end. */
const drainMs = 200;

/** Lets the operator's own program ask the bot (contract: docs/drill.md, "A message of your own"). */
export function commandProbe({path, timeoutS}: {path: string; timeoutS: number}): Probe {
  return async (ask) => {
    const found = await runnable(path);
    if ('reason' in found) return {ok: false, reason: found.reason, detail: ''};
    if (ask.signal.aborted) return {ok: false, reason: 'The probe was stopped before it began.', detail: ''};
    return end(await run(found.path, timeoutS, ask), path, timeoutS);
  };
}

/** What the program is given and no more: a key in the operator's environment is not for every hook. */
function environment({pair, channel, bot, nonce}: ProbeAsk, timeoutS: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: homedir(),
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    FAILOVER_DRILL_PAIR: pair,
    FAILOVER_DRILL_CHANNEL: channel.type,
    FAILOVER_DRILL_ACCOUNT: channel.account,
    FAILOVER_DRILL_BOT: bot,
    FAILOVER_DRILL_NONCE: nonce,
    FAILOVER_DRILL_TIMEOUT_S: String(timeoutS),
  };
}

interface Ran {
  askedAtMs: number;
  /** null: no line said so. */
  answered: {atMs: number; text: string} | null;
  /** null: it was ended from here, or never began. */
  exit: {atMs: number; code: number | null; signal: NodeJS.Signals | null} | null;
  ended: 'itself' | 'timeout' | 'stopped' | 'not-begun';
  stdout: string;
  stderr: string;
}

async function run(path: string, timeoutS: number, ask: ProbeAsk): Promise<Ran> {
  const {signal} = ask;
  const onLine = (line: string) => ask.onLine(clean(line).slice(0, longestDetail));
  const ran: Ran = {
    askedAtMs: Date.now(),
    answered: null,
    exit: null,
    ended: 'itself',
    stdout: '',
    stderr: '',
  };
  const child = spawn(path, [], {
    detached: true,
    cwd: homedir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(ask, timeoutS),
  });
  const deadline = new AbortController();
  const limit = (ms: number) => setTimeout(() => deadline.abort(), ms);
  const timers = [limit(timeoutS * 1000)];
  const stdout = listen(child.stdout!, (line) => {
    const match = /^answered(?:\s+(.*))?$/.exec(line.trim());
    if (!match || ran.answered) return onLine(line);
    ran.answered = {atMs: Date.now(), text: clean(match[1] ?? '')};
    timers.push(limit(afterAnswerMs));
    onLine(line);
  });
  const stderr = listen(child.stderr!, onLine);

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exit = await lifeOf(child, AbortSignal.any([signal, deadline.signal]));
  for (const timer of timers) clearTimeout(timer);
  if (exit === 'cut') ran.ended = signal.aborted ? 'stopped' : 'timeout';
  else if (exit instanceof Error) Object.assign(ran, {ended: 'not-begun', stderr: messageOf(exit)});
  else ran.exit = exit;
  // Also what it left running, which would hold its pipes open.
  if (child.pid !== undefined) await endGroup(child.pid);
  await Promise.race([closed, sleep(drainMs)]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (ran.ended === 'not-begun') return ran;
  return {...ran, stdout: stdout().text, stderr: stderr().text};
}

/** How the program ends by itself; `cut`: it has to be ended; an error: it never began. */
function lifeOf(child: ChildProcess, cut: AbortSignal): Promise<Ran['exit'] | Error | 'cut'> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error));
    child.once('exit', (code, signal) => resolve({atMs: Date.now(), code, signal}));
    if (cut.aborted) resolve('cut');
    else cut.addEventListener('abort', () => resolve('cut'), {once: true});
  });
}

/** Hears each line as it comes, and gives the end of all when asked for it. */
function listen(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => Tail {
  const tail = new Tail(kept);
  const lines = new Lines(onLine);
  stream.on('data', (chunk: Buffer) => {
    tail.push(chunk);
    lines.push(chunk);
  });
  stream.on('error', () => undefined);
  return () => {
    lines.end();
    return tail;
  };
}

function end(ran: Ran, path: string, timeoutS: number): ProbeEnd {
  const {askedAtMs, answered, exit, ended} = ran;
  const well = exit?.code === 0 || (answered !== null && exit === null);
  if (well) {
    const detail = answered?.text ? clip(answered.text) : tellOf(ran.stdout);
    return {ok: true, askedAtMs, answeredAtMs: answered?.atMs ?? exit!.atMs, detail};
  }
  const detail = tellOf(ran.stderr) || tellOf(ran.stdout);
  if (ended === 'not-begun') return {ok: false, reason: `${path} could not be started.`, detail};
  if (ended === 'stopped') return {ok: false, reason: 'The probe was stopped before an answer came.', detail};
  if (ended === 'timeout') return {ok: false, reason: `${path} was not done within ${timeoutS} s.`, detail};
  const how = exit?.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit?.code}`;
  const though = answered ? ', although it had said that the bot answered' : '';
  return {ok: false, reason: `${path} ${how}${though}.`, detail};
}

/** The last lines, as one. */
function tellOf(text: string): string {
  const lines = cleanLines(text).map((line) => line.trim());
  return clip(
    lines
      .filter((line) => line !== '' && !/^answered$/.test(line))
      .slice(-lastLines)
      .join(' / '),
  );
}

const clip = (text: string): string =>
  text.length <= longestDetail ? text : `…${text.slice(1 - longestDetail)}`;
