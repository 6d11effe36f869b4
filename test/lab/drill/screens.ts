// A drill at a terminal of 80×24, as a person sees it.

import {runInPty} from '../../harness/pty.js';
import {launcher} from '../operator.js';
import {pairName} from '../pair.js';
import type {Act} from '../faults/lanes.js';
import type {Bench} from './bench.js';
import {compare} from './compare.js';
import {mustPass} from './faults.js';
import {asItWas, pairNow} from './left.js';

const limitMs = 300_000;

/** From the checklist to the report; its times are true to the stopwatch. */
export const atATerminal: Act<Bench> = {
  name: 'stop, at a terminal of 80×24: its report fits the stopwatch',
  async play(bench) {
    const before = await pairNow(bench);
    const watch = await bench.watch();
    const startedMs = performance.now();
    const view = runInPty(
      launcher,
      ['drill', '--answers', bench.operator.answersFile, '--probe', `irc=${bench.talk.asker}`, '--rto', '5m'],
      {columns: 80, rows: 24, env: bench.operator.env},
    );
    const see = (sees: Parameters<typeof view.until>[0]): Promise<string[]> =>
      Promise.race([
        view.until(sees, limitMs),
        view.exited.then(({exitCode}) => {
          throw new Error(`it ended with ${exitCode} before ${String(sees)} was seen:\n${view.printed()}`);
        }),
      ]);
    const widest = () => Math.max(...view.lines().map((line) => line.length));
    try {
      // The name of the pair is asked for below the checklist and what the fault will do.
      await see(new RegExp(`Type ${pairName} to begin`));
      const list = view.printed();
      for (const sees of [
        /✔ Both hosts are reachable from here/,
        /✔ A timer on the primary undoes it/,
        /Stops the gateway/,
      ])
        if (!sees.test(list)) throw new Error(`the checklist does not show ${sees}:\n${list}`);
      view.type('something\r');
      await see(new RegExp(`This is not ${pairName}`));
      view.type('\u007F'.repeat('something'.length));
      view.type(`${pairName}\r`);
      // The stages, one after the other, with a clock that runs.
      await see(/✔ primary stopped/);
      if (!view.onAlternate()) throw new Error('the drill has no screen of its own');
      const clocks = new Set<string>();
      for (const stage of ['verdict', 'gateway ready', 'bot connected', 'answered', 'primary ready']) {
        // oxlint-disable-next-line no-await-in-loop
        const lines = await see((all) => {
          const clock = /drill {2}(\d+:\d\d)/.exec(all.join('\n'))?.[1];
          if (clock) clocks.add(clock);
          return all.some((line) => line.includes(`✔ ${stage}`));
        });
        if (widest() > 80) throw new Error(`too wide:\n${lines.join('\n')}`);
        if (stage === 'answered') console.log(`the screen, answered:\n${lines.join('\n').trimEnd()}`);
      }
      if (clocks.size < 5) throw new Error(`the clock did not run: ${[...clocks].join(' ')}`);
      const {exitCode} = await view.exited;
      const [report] = bench.kept().slice(-1);
      console.log(`measured: drill stop: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      console.log(`the report:\n${view.printed()}`);
      if (!report) throw new Error(`no report was kept:\n${view.printed()}`);
      mustPass(report, exitCode);
      if (view.onAlternate()) throw new Error('the screen was not given back');
      for (const sees of [/This pair can be relied on/, /bot connected/, /at rest/])
        if (!sees.test(view.printed()))
          throw new Error(`the report does not show ${sees}:\n${view.printed()}`);
      await compare(report, watch, bench);
    } catch (error) {
      throw new Error(`${(error as Error).message}\nthe screen:\n${view.lines().join('\n')}`, {cause: error});
    } finally {
      view.end();
      await watch.stop();
    }
    await asItWas(bench, before);
  },
};
