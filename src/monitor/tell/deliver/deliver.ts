import {writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import type {Message} from '../message.js';
import {isListener, parseTargets, type Target} from '../targets.js';
import {pingId, workMs, type Outcome, type Work} from '../work.js';
import {parseSecrets} from './secrets.js';
import {commandMs, ping, send, type Refusal, type Secrets} from './send.js';

/** ms for one message; a target that is slower is tried again later. */
const oneMs = 8_000;

export interface DeliverPlaces {
  notify: string;
  notifySecrets: string;
}

/**
 * The child that delivers: work on stdin, one line per outcome on stdout. Targets at the same time, the messages of
 * one in order until it fails. Whatever happens here stays here: it is ended after a few seconds.
 */
export async function deliver(places: DeliverPlaces): Promise<void> {
  firstToGo();
  const work = JSON.parse(await stdinText()) as Work;
  const targets = parseTargets(await readFile(places.notify, 'utf8'));
  const secrets = parseSecrets(await readFile(places.notifySecrets, 'utf8').catch(() => ''));
  await carryOut(work, targets, secrets, (outcome) => process.stdout.write(`${JSON.stringify(outcome)}\n`));
  // A name that is still being looked up must not keep this process.
  process.stdout.write('', () => process.exit(0));
}

/** Separate from the process around it. Never throws. */
export async function carryOut(
  {jobs, pings}: Work,
  targets: readonly Target[],
  secrets: Secrets,
  tell: (outcome: Outcome) => void,
  {
    limitMs = workMs,
    eachMs = oneMs,
    runMs = commandMs,
  }: {limitMs?: number; eachMs?: number; runMs?: number} = {},
): Promise<void> {
  const endMs = performance.now() + limitMs;
  const left = (mostMs = eachMs) => Math.min(mostMs, endMs - performance.now());
  const find = (name: string) => targets.find((target) => target.name === name);
  const report = (target: string, id: string, refusal: Refusal) =>
    tell(refusal === null ? {target, id, ok: true} : {target, id, ok: false, ...refusal});

  const sendAll = async (name: string, messages: readonly Message[]) => {
    const target = find(name);
    if (!target || !isListener(target)) return;
    const isCommand = target.kind === 'command';
    // A command that is ended in the middle may have done half of what it does, and is run again: it gets its time whole.
    const leastMs = isCommand ? Math.min(runMs, limitMs) : 100;
    for (const [index, message] of messages.entries()) {
      const timeoutMs = left(isCommand ? runMs : eachMs);
      if (index > 0 && timeoutMs < leastMs) return;
      const refusal = await send(target, message, secrets, timeoutMs);
      report(name, message.id, refusal);
      if (refusal !== null) return;
    }
  };
  const pingOne = async (name: string) => {
    const target = find(name);
    if (target?.kind === 'ping') report(name, pingId, await ping(target, secrets, left()));
  };
  await Promise.all([...jobs.map(({target, messages}) => sendAll(target, messages)), ...pings.map(pingOne)]);
}

/** Where memory runs out, this process goes before the monitor and the gateway. */
function firstToGo(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '900');
  } catch {
    // Not everywhere allowed, and never needed.
  }
}

/** Characters; the queue hands out a few messages at a time. */
const mostStdin = 1 << 20;

async function stdinText(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const part of process.stdin) {
    text += String(part);
    if (text.length > mostStdin) throw new RangeError('Too much work at once.');
  }
  return text;
}
