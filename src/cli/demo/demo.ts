import {unable} from '../../demo/able.js';
import type {Rehearsing} from '../../demo/world/rehearse.js';
import {Exit, type ExitCode} from '../../errors.js';
import {atExit, claimInterrupts, isExitPrompt} from '../exit.js';
import type {CommonOptions} from '../options.js';
import {terminalPrompter} from '../prompter.js';
import {modeOf, styled, tell, wrapped, type Mode} from '../terminal.js';

export interface DemoOptions extends CommonOptions {
  free?: boolean;
  recorded?: boolean;
}

/**
 * `failover-wizard demo`: the embedded pair, with a guided tour in a terminal, else in lines from setup to a failover and
 * back. Everything that it made is gone afterwards.
 * @throws Abort
 */
export async function demo(options: DemoOptions, version: string): Promise<ExitCode> {
  const mode = modeOf(options);
  const why = options.recorded === true ? undefined : unable(process.platform);
  if (options.recorded === true || why !== undefined) {
    if (why !== undefined) tell(`There is no embedded pair on this machine: ${why}\n`);
    const {demo: recorded} = await import('../../demo/demo.js');
    return recorded(mode, version);
  }
  return withRehearsal(async (rehearsing) => {
    if (!mode.ask || mode.output !== 'screen') {
      const {inLines} = await import('./in-lines.js');
      return inLines(rehearsing);
    }
    const prompter = terminalPrompter();
    const {tour} = await import('./tour.js');
    const {freePlay} = await import('./free-play.js');
    if (options.free === true) {
      await rehearsing.run(['setup', '--answers', rehearsing.answersFile]);
      await freePlay(rehearsing, prompter);
    } else if ((await tour(rehearsing, prompter)) === 'free') await freePlay(rehearsing, prompter);
    tell('\nWith servers of your own:  failover-wizard setup');
    return Exit.ok;
  });
}

/** `setup --demo`: setup itself on the embedded pair. `args` are its other words. */
export async function setupOnRehearsal(
  args: readonly string[],
  mode: Mode,
  version: string,
): Promise<ExitCode> {
  const why = unable(process.platform);
  if (why !== undefined) {
    tell(`There is no embedded pair on this machine: ${why}\n`);
    const {demo: recorded} = await import('../../demo/demo.js');
    return recorded(mode, version);
  }
  return withRehearsal(
    async ({run, answersFile}) => (await run(['setup', ...args, '--answers', answersFile])) as ExitCode,
  );
}

async function withRehearsal(use: (rehearsing: Rehearsing) => Promise<ExitCode>): Promise<ExitCode> {
  tell(styled('bold', 'This is a rehearsal: two small servers, in a folder of this machine.'));
  tell(
    wrapped(
      'Real are SSH, every script, Git, the health monitor, the health requests and the chat. Stand-ins are what takes an operating system (systemd, apt, ufw), and OpenClaw itself. Nobody else is contacted, and everything is gone at the end.',
    ),
  );
  const {rehearse} = await import('../../demo/world/rehearse.js');
  // What runs in the terminal has its own ways to be left.
  const release = claimInterrupts();
  const rehearsing = await rehearse();
  const undo = atExit(() => rehearsing.end());
  tell(`  It lives in ${rehearsing.folder}\n`, 'dim');
  try {
    return await use(rehearsing);
  } catch (error) {
    if (isExitPrompt(error)) return Exit.interrupted;
    throw error;
  } finally {
    await rehearsing.end();
    undo();
    release();
    tell('The rehearsal is over; what it made is gone.', 'dim');
  }
}
