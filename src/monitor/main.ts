import {request, takeFile, writePause} from './control.js';
import {monitorPaths, type MonitorPaths} from './paths.js';
import {runMonitor, runVerify} from './run.js';
import {BadSettings} from './settings.js';
import {statusText} from './status.js';

const usage = `usage: monitor.mjs [--root DIR] [COMMAND]

  run               watch the primary and take over when it is gone (the service; the default)
  status            what the monitor is doing
  pause MIN [WHY]   neither take over nor give back for so many minutes (root)
  resume            end a pause (root)
  failback          give back as soon as the primary is well (root)
  verify            watch the channel account of the gateway here (a service of its own)
`;

/** Exit code of sysexits.h for a configuration that cannot be used; the unit does not restart on it. */
const badConfiguration = 78;

async function main(args: string[]): Promise<void> {
  const root = args[0] === '--root' ? args.splice(0, 2)[1] : undefined;
  const paths = monitorPaths(root);
  const [command = 'run', ...rest] = args;
  const commands: Record<string, () => Promise<unknown>> = {
    run: () => runMonitor(paths),
    verify: () => runVerify(paths),
    status: async () => process.stdout.write(await statusText(paths)),
    pause: () => pause(paths, rest),
    resume: () => takeFile(paths.pause),
    failback: () => request(paths.failback),
  };
  const chosen = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!chosen) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  await chosen();
}

const pause = (paths: MonitorPaths, [minutes, ...why]: string[]) =>
  writePause(paths.pause, Number(minutes), why.join(' '), Date.now());

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof BadSettings ? badConfiguration : 1;
}
