import {randomUUID} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';
import {request} from '../control.js';
import {readSmall} from '../files.js';
import type {MonitorPaths} from '../paths.js';
import type {Live} from '../ports.js';

/** ms: the monitor takes the request at its next beat, and one delivery may be under way. */
const limitMs = 50_000;

/**
 * One test message to everybody who is told, sent by the running monitor. Lines `ok NAME` or `failed NAME: why`;
 * `ok` is false when one of them failed or the monitor does not answer. Needs root.
 */
export async function tellTest(paths: MonitorPaths, waitMs = limitMs): Promise<{text: string; ok: boolean}> {
  const word = randomUUID();
  await request(paths.tellTest, `${word}\n`);
  const endMs = performance.now() + waitMs;
  while (performance.now() < endMs) {
    const test = (await readLive(paths))?.telling?.test;
    if (test?.id === word) {
      const lines = test.results.map(({target, error}) =>
        error === null ? `ok ${target}` : `failed ${target}: ${error}`,
      );
      const ok = lines.length > 0 && test.results.every(({error}) => error === null);
      return {text: lines.length > 0 ? lines.join('\n') : 'Nobody is told: there is no entry in notify.', ok};
    }
    await sleep(250);
  }
  return {
    text: 'failed monitor: it does not answer. See: systemctl status openclaw-health-monitor.service',
    ok: false,
  };
}

async function readLive(paths: MonitorPaths): Promise<Live | undefined> {
  try {
    return JSON.parse((await readSmall(paths.live, 64 * 1024)) ?? '') as Live;
  } catch {
    return undefined;
  }
}
