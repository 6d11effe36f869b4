import type {ClientChannel} from 'ssh2';
import {Abort} from '../errors.js';
import type {Outcome} from './exec.js';
import type {HostName} from './host.js';
import {stripControl} from './strip.js';

/** What a followed command is given to speak into. */
export interface Tap {
  onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  onChannel: (channel: ClientChannel) => void;
  signal: AbortSignal;
}

/** Lines that may wait for the reader before the host is asked to hold back. */
const most = 1_000;

/**
 * Lines of stdout as they come, until the signal is aborted, the reader leaves the loop (both end the remote
 * command), or the command ends. `label` is what people call it.
 * @throws Abort when the command ends with a code other than 0; what `start` throws.
 */
export async function* follow(
  label: string,
  signal: AbortSignal,
  host: HostName,
  start: (tap: Tap) => Promise<Outcome>,
): AsyncGenerator<string> {
  if (signal.aborted) return;
  const leave = new AbortController();
  const lines: string[] = [];
  let channel: ClientChannel | undefined;
  let wake = (): void => undefined;
  let outcome: Outcome | undefined;
  let failure: unknown;
  const running = start({
    signal: AbortSignal.any([signal, leave.signal]),
    onChannel: (opened) => (channel = opened),
    onLine: (line, stream) => {
      if (stream === 'stderr') return;
      lines.push(line);
      if (lines.length >= most) channel?.pause();
      wake();
    },
  }).then(
    (end) => (outcome = end),
    (error: unknown) => (failure = error ?? new Error('unknown')),
  );
  void running.then(() => wake());
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, {once: true});
  try {
    for (;;) {
      if (signal.aborted) return;
      const line = lines.shift();
      if (line !== undefined) {
        if (lines.length < most / 2) channel?.resume();
        yield line;
      } else if (outcome || failure !== undefined) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure !== undefined) throw failure;
    if (outcome && outcome.code !== 0 && !outcome.aborted) throw ended(label, host, outcome);
  } finally {
    signal.removeEventListener('abort', onAbort);
    leave.abort();
    channel?.resume();
  }
}

function ended(label: string, host: HostName, {code, signal, stderr}: Outcome): Abort {
  const how = signal === undefined ? `ended with code ${code}` : `was ended by ${signal}`;
  const detail = stripControl(stderr.text).trim().split('\n').slice(-5).join('\n');
  return new Abort(
    `The command ${label.slice(0, 200)} on the ${host} ${how}.`,
    detail === '' ? {} : {detail},
  );
}
