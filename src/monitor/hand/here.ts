import {access, constants} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import type {MonitorPaths} from '../paths.js';
import type {Hand} from './conduct.js';
import {parseHeard} from './heard.js';
import {lookHere, readLive} from './look-here.js';
import {ask} from './requests.js';
import {tailOf} from './tail.js';

/** The operator left a question with Ctrl+C or Ctrl+D. */
export class Left extends Error {}

/** The hand of somebody who is logged in on the standby itself. */
export function handHere(paths: MonitorPaths, mayAsk: boolean): Hand {
  return {
    look: () => lookHere(paths),
    ask: async (act) => void (await ask(paths, act)),
    glance: () => readLive(paths),
    withdraw: (act) => ask(paths, {name: 'withdraw', what: act.name}),
    async listen() {
      const tail = await tailOf(paths.events);
      return {
        async take() {
          for (;;) {
            const line = await tail.take();
            if (line === undefined) return undefined;
            const heard = parseHeard(line);
            if (heard) return heard;
          }
        },
        close: () => tail.close(),
      };
    },
    ...(mayAsk && {typedName}),
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    sleep: (ms) => sleep(ms),
  };
}

/** Requests are made beside the monitor's folder, where only root can write. */
export async function mayRequest(paths: MonitorPaths): Promise<boolean> {
  return access(path.dirname(paths.run), constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** @throws Left */
function typedName(pair: string): Promise<string> {
  const lines = createInterface({input: process.stdin, output: process.stderr});
  return new Promise((resolve, reject) => {
    lines.once('close', () => reject(new Left()));
    lines.once('SIGINT', () => lines.close());
    lines.question(`Type ${pair} to go on: `, (answer) => {
      resolve(answer.trim());
      lines.close();
    });
  });
}
