// The live view, open in a terminal while a row is played: what its operator gets to see of it.

import {mkdtempSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {runInPty} from '../../harness/pty.js';
import {launcher} from '../operator.js';
import {answersFor, secrets} from '../pair.js';
import type {Act} from './lanes.js';
import {inSeconds} from './row.js';
import type {Stage} from './stage.js';

/** One thing that must have stood on the screen, after the one before it. */
export interface Sight {
  text: string;
  sees: RegExp;
}

export const sight = (text: string, sees: RegExp): Sight => ({text, sees});

/** ms that the view may take to show two hosts on a busy machine, and what has happened by the end of a row. */
const limitMs = 60_000;
/** ms between two looks at the screen. */
const lookEveryMs = 50;

/**
 * Plays the act with the live view open, and asks for these sights in this order; then q leaves it.
 * @throws what went wrong with the act, or the sight that was missed with the last screen
 */
export function watched(act: Act, sights: readonly Sight[]): Act {
  return {
    name: `${act.name}, watched`,
    async play(stage) {
      const view = await open(stage);
      try {
        // Both hosts were read; the row brings the pair to rest by itself.
        await view.until(/split ● disjoint/, limitMs);
        const seeing = seen(view, [sight('that all is well', /● Protected/), ...sights]);
        await act.play(stage);
        await seeing.all();
        view.type('q');
        const {exitCode} = await view.exited;
        if (exitCode !== 0) throw new Error(`the live view ended with ${exitCode}`);
      } finally {
        view.end();
        view.forget();
      }
    },
  };
}

function seen(view: ReturnType<typeof runInPty>, sights: readonly Sight[]) {
  const left = [...sights];
  const enough = new AbortController();
  const looking = (async () => {
    while (!enough.signal.aborted && left.length > 0) {
      const screen = view.lines().join('\n');
      if (left[0]!.sees.test(screen)) left.shift();
      else await sleep(lookEveryMs);
    }
  })();
  return {
    async all() {
      const end = performance.now() + limitMs;
      while (left.length > 0 && performance.now() < end) await sleep(lookEveryMs);
      enough.abort();
      await looking;
      const [missed] = left;
      if (missed)
        throw new Error(
          `the live view never showed ${missed.text} (${missed.sees}) within ${inSeconds(limitMs)} after the row; its screen:\n${view.lines().join('\n')}`,
        );
    },
  };
}

/** A view with a home of its own, over the pair of the stage. */
async function open(stage: Stage) {
  const folder = mkdtempSync(join(tmpdir(), 'failover-watch-'));
  const answers = await answersFor({
    primary: stage.primary.host,
    standby: stage.standby.host,
    places: stage.places,
  });
  const file = join(folder, 'answers.json');
  mkdirSync(join(folder, 'home'));
  writeFileSync(file, JSON.stringify(answers));
  const view = runInPty(launcher, ['watch', '--answers', file, '--no-bell'], {
    columns: 80,
    rows: 24,
    env: {
      HOME: join(folder, 'home'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_STATE_HOME: join(folder, 'state'),
      ...secrets,
    },
  });
  return {...view, forget: () => rmSync(folder, {recursive: true, force: true})};
}
