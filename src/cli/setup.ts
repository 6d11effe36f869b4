import type {ExitCode} from '../errors.js';
import {refuse} from '../pair/answers.js';
import {folders} from '../pair/paths.js';
import {tellOfDrills} from './drill/notice.js';
import {gather} from './gather.js';
import type {SetupOptions} from './options.js';
import {terminalPrompter} from './prompter.js';
import {askTargets} from './questions/flow.js';
import type {Asking} from './questions/question.js';
import {flagOf} from './questions/table.js';
import {modeOf} from './terminal.js';

/**
 * `failover-wizard setup`: what was decided already, then how to reach the two servers, then everything else with
 * them in hand. SSH, engine and screens are loaded for the last part only, so a usage error comes at once.
 * @throws Abort
 */
export async function setup(options: SetupOptions, version: string): Promise<ExitCode> {
  const mode = modeOf(options);
  if (options.demo) {
    const {setupOnRehearsal} = await import('./demo/demo.js');
    const words = process.argv.slice(2);
    return setupOnRehearsal(
      words.filter((word, at) => word !== '--demo' && at !== words.indexOf('setup')),
      mode,
      version,
    );
  }
  const where = folders();
  const prompter = terminalPrompter();
  const {draft, saved, source} = await gather(options, where, {ask: mode.ask});
  const asking: Asking = {draft, saved, secrets: {}, asked: []};
  refuse(await askTargets(asking, mode, prompter), source, flagOf);

  await tellOfDrills([String(asking.draft['name'])]);
  const {setupHosts} = await import('./setup-hosts.js');
  return setupHosts(asking, {options, mode, where, prompter, source, version});
}
