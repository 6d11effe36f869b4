import {Abort} from '../errors.js';
import {stripControl} from '../ssh/strip.js';
import type {Host} from '../ssh/host.js';
import {parseFacts} from './parse.js';
import {factsScript} from './script.js';
import type {FactsRequest, HostFacts} from './types.js';

export interface ReadOptions {
  /** ms; default 45 000: every part of the script is bounded, together they stay far below. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Laptop's clock in epoch ms. */
  now?: () => number;
}

/**
 * Reads all facts of a host with one script in one round trip.
 * @throws Abort when the host does not answer it, ConnectionLost when the connection breaks
 */
export async function readFacts(
  host: Host,
  request: FactsRequest,
  accountsProgram: string,
  {timeoutMs = 45_000, signal, now = Date.now}: ReadOptions = {},
): Promise<HostFacts> {
  const script = factsScript(request, accountsProgram);
  const sentAtMs = now();
  const ran = await host.script(script, {timeoutMs, label: script.label, ...(signal && {signal})});
  const receivedAtMs = now();
  if (ran.timedOut && ran.stdout === '') {
    throw new Abort(
      `The ${host.name} (${host.target}) did not finish the reading of its facts within ${timeoutMs / 1000} s.`,
      {
        detail: stripControl(ran.stderr).trim().slice(-600),
        next: [
          'Look whether the host is overloaded or its disk hangs: log in and run `uptime` and `dmesg | tail`.',
        ],
      },
    );
  }
  try {
    return parseFacts(ran.stdout, request, {
      readAt: new Date(sentAtMs).toISOString(),
      tookMs: Math.round(ran.tookMs),
      sentAtMs,
      receivedAtMs,
    });
  } catch (error) {
    if (!(error instanceof Abort) || ran.stderr.trim() === '') throw error;
    throw new Abort(error.message, {
      detail: `exit code ${ran.code}\n${stripControl(ran.stderr).trim().slice(-600)}`,
      next: error.next,
      exit: error.exit,
      cause: error,
    });
  }
}
