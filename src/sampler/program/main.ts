import {writeSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {hostFiles} from '../../channels/program/files.js';
import type {InputLines} from '../../channels/program/input.js';
import {callGateway, GatewayRefusal} from '../../monitor/gateway-call.js';
import {isOwn, stampOf, wayTo, type Way} from './reach.js';
import {reportOf, unknown} from './report.js';

/** ms between two questions: each costs 5 ms of CPU here, and the gateway about 10. */
const calmMs = 5000;
/** While something has changed within the last minute. */
const livelyMs = 2000;
const livelyForMs = 60_000;
/** A gateway that refuses goes on refusing, and may lock out who knocks too often. */
const refusedMs = 30_000;
/** ms after which what has not changed is told again. */
const againMs = 60_000;
const answerWithinMs = 5000;

/**
 * Runs on a host while somebody watches, on the gateway's Node and as its user: asks the running gateway for its
 * channel accounts, and prints a line when something about them changed. Its caller ends it.
 */
async function main(input: InputLines): Promise<never> {
  let told = '';
  let toldMs = 0;
  let changedMs = -Infinity;
  const tell = (report: string, known: boolean) => {
    // How long the answer took is no news.
    const news = report.replace(/"tookMs":\d+,/, '');
    const now = performance.now();
    if (news === told && now - toldMs < againMs) return;
    // A gateway that is known from the first is calm.
    if (news !== told && !(told === '' && known)) changedMs = now;
    told = news;
    toldMs = now;
    // Not process.stdout: it would make the pipe that others write to as well one that does not block.
    writeSync(1, `accounts ${report}\n`);
  };
  let stamp = '';
  let way: Way | {reason: string} = {reason: ''};
  for (;;) {
    const now = stampOf(input, hostFiles);
    if (now !== stamp) way = read(input);
    stamp = now;
    // oxlint-disable-next-line no-await-in-loop
    const {report, known, refused} = 'reason' in way ? hidden(way.reason) : await ask(way);
    tell(report, known);
    // oxlint-disable-next-line no-await-in-loop
    await sleep(refused ? refusedMs : performance.now() - changedMs < livelyForMs ? livelyMs : calmMs);
  }
}

function read(input: InputLines): Way | {reason: string} {
  try {
    return wayTo(input, hostFiles);
  } catch (error) {
    return {reason: `the config ${(error as Error).message}`};
  }
}

interface Asked {
  report: string;
  known: boolean;
  /** Asking again soon is of no use. */
  refused: boolean;
}

const hidden = (reason: string): Asked => ({report: unknown(reason), known: false, refused: true});

/** Asks at one address after the other, but only where the gateway's user listens; one that answered is asked first from then on. */
async function ask({addresses, port, token, secrets}: Way): Promise<Asked> {
  let why: Error | undefined;
  for (const address of addresses) {
    if (!isOwn(address, port, hostFiles)) continue;
    const beganMs = performance.now();
    try {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await callGateway({
        gateway: {address, port},
        token,
        method: 'channels.status',
        timeoutMs: answerWithinMs,
      });
      addresses.unshift(...addresses.splice(addresses.indexOf(address), 1));
      return {report: reportOf(answer, secrets, performance.now() - beganMs), known: true, refused: false};
    } catch (error) {
      // That it refuses says more than that nobody is elsewhere.
      if (!(why instanceof GatewayRefusal)) why = error as Error;
    }
  }
  if (!why)
    return {report: unknown("nobody of the gateway's user listens there"), known: false, refused: false};
  // One that starts or stops says so, and may be asked again soon.
  const passing = /start|drain|retry|unavailable/i.test(why.message);
  const refused = why instanceof GatewayRefusal && !passing;
  return {report: unknown(why.message, secrets), known: false, refused};
}

await main((globalThis as {failoverInput?: InputLines}).failoverInput ?? []);
