import {lstat} from 'node:fs/promises';
import {holdPause, releasePause, request, takeFile, writePause} from '../control.js';
import type {MonitorPaths} from '../paths.js';
import {reason, type Act} from './act.js';

/**
 * Root's side of everything that can be asked of the monitor: a file where it looks about once a second. `hold` and
 * `release` are setup's own pause.
 */
export type Request =
  | Act
  | {name: 'tested'}
  | {name: 'hold'; ms: number}
  | {name: 'release'}
  | {name: 'withdraw'; what: Act['name']};

/** True when something was written or taken away; nothing happens where no monitor has ever run since the boot. */
export async function ask(paths: MonitorPaths, asked: Request, wallMs = Date.now()): Promise<boolean> {
  if (!(await isFolder(paths.run))) return false;
  switch (asked.name) {
    case 'pause':
      await writePause(paths.pause, asked.ms, reason(asked.why), wallMs);
      return true;
    case 'resume':
      return takeFile(paths.pause);
    case 'hold':
      await holdPause(paths.pause, asked.ms, wallMs);
      return true;
    case 'release':
      await releasePause(paths.pause);
      return true;
    case 'promote':
      await request(paths.promote, `${reason(asked.why)}\n`);
      return true;
    case 'demote':
      await request(paths.failback);
      return true;
    case 'tested':
      await request(paths.tested);
      return true;
    case 'withdraw':
      return withdraw(paths, asked.what);
  }
}

/** A request that waits for nobody would come true at a moment that nobody meant. A pause is no such danger. */
async function withdraw(paths: MonitorPaths, what: Act['name']): Promise<boolean> {
  if (what === 'promote') return takeFile(paths.promote);
  if (what === 'demote') return takeFile(paths.failback);
  return false;
}

async function isFolder(folder: string): Promise<boolean> {
  return lstat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
