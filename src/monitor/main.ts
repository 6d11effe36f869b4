import {end, operate} from './hand/operate.js';
import {lookHere} from './hand/look-here.js';
import {requestOf} from './hand/request-words.js';
import {ask} from './hand/requests.js';
import type {Interrogation} from './evidence.js';
import {loadSettings} from './good-settings.js';
import {interrogate, interrogationDeps} from './interrogate.js';
import {monitorPaths, type MonitorPaths} from './paths.js';
import {runAwaitAwake, runMonitor, runVerify} from './run.js';
import {BadSettings} from './settings.js';
import {deliver} from './tell/deliver/deliver.js';
import {tellTest} from './tell/try-it.js';
import {warmUp} from './warm-up.js';
import {WayOut, type Outlook} from './way-out.js';
import {keeperOf} from './witness-book.js';

/** Exit code of sysexits.h for a configuration that cannot be used; the unit does not restart on it. */
const badConfiguration = 78;

/**
 * One program, three users: the services (`run`, `deliver`, `verify`, `warm`), the wizard over SSH (`look`, `ask`,
 * `tell-test`, `request WORDS`), and a person at the standby (everything else; hand/command.ts).
 */
async function main(args: string[]): Promise<void> {
  const root = args[0] === '--root' ? args.splice(0, 2)[1] : undefined;
  const paths = monitorPaths(root);
  const [first, ...rest] = args;
  switch (first) {
    case 'run':
      return runMonitor(paths);
    case 'verify':
      return runVerify(paths);
    case 'await-awake':
      return runAwaitAwake(paths);
    case 'warm':
      process.stdout.write(`${Math.round((await warmUp(paths.warm)) / 1e6)} MB read\n`);
      return;
    case 'deliver':
      return deliver(paths);
    case 'tell-test': {
      const {text, ok} = await tellTest(paths);
      process.stdout.write(`${text}\n`);
      if (!ok) process.exitCode = 1;
      return;
    }
    case 'look':
      process.stdout.write(`${JSON.stringify(await lookHere(paths))}\n`);
      return;
    case 'ask':
      // Not after a question about a name that nobody answers.
      process.stdout.write(`${JSON.stringify(await askOnce(paths))}\n`, () => process.exit());
      return;
    case 'request': {
      const asked = requestOf(rest);
      if (!asked)
        return end(
          2,
          'usage: monitor.mjs request pause S WHY|resume|promote WHY|demote|hold S|release|tested|withdraw ACT',
        );
      process.stdout.write(`${JSON.stringify({asked: await ask(paths, asked)})}\n`);
      return;
    }
    default:
      return operate(paths, args);
  }
}

/** The primary, as on suspicion, and everybody who shows whether this host is online. */
async function askOnce(paths: MonitorPaths): Promise<Interrogation & {outlook: Outlook}> {
  const settings = await loadSettings(paths.settings);
  const wayOut = new WayOut(keeperOf(paths.witnesses, {readOnly: true}));
  const outlook = await wayOut.rehearse(settings);
  const deps = interrogationDeps((known) => wayOut.ask(known));
  return {...(await interrogate(settings, paths, deps)), outlook};
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof BadSettings ? badConfiguration : 1;
}
