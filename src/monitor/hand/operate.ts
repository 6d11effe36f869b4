import type {MonitorPaths} from '../paths.js';
import {statusText} from '../status.js';
import {commandOf, help} from './command.js';
import {conduct} from './conduct.js';
import {handHere, Left, mayRequest} from './here.js';
import {columnsOf, inJson, inWords, wrapText} from './show.js';
import {printEvents, whyText} from './telling.js';

/** Says one sentence on stderr and sets the exit code. */
export function end(code: number, sentence: string): void {
  const lines = sentence.split('\n').map((line) => wrapText(line, columnsOf(process.stderr)));
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}

/** `openclaw-failover …`: what a person at the standby can see and ask. */
export async function operate(paths: MonitorPaths, args: readonly string[]): Promise<void> {
  const command = commandOf(args);
  if ('wrong' in command) return end(2, `${command.wrong}\nopenclaw-failover help shows what there is.`);
  const {stdout} = process;
  const leave = new AbortController();
  switch (command.name) {
    case 'help':
      stdout.write(help);
      return;
    case 'status':
      stdout.write(await statusText(paths, stdout));
      return;
    case 'why':
      stdout.write(await whyText(paths, stdout));
      return;
    case 'events':
      process.once('SIGINT', () => leave.abort());
      // `events | head` has seen enough.
      stdout.on('error', () => leave.abort());
      return printEvents(paths, command, stdout, leave.signal);
    case 'act':
      return act(paths, command, leave);
  }
}

type ActCommand = Extract<Exclude<ReturnType<typeof commandOf>, {wrong: string}>, {name: 'act'}>;

async function act(
  paths: MonitorPaths,
  {act: asked, json, dryRun, confirm}: ActCommand,
  leave: AbortController,
): Promise<void> {
  if (!dryRun && !(await mayRequest(paths)))
    return end(1, `Only root may ask for this: sudo openclaw-failover ${asked.name} …`);
  const {stdin, stdout, stderr} = process;
  const mayAsk = !json && stdin.isTTY && stderr.isTTY;
  const show = json ? inJson(stdout) : inWords(stdout, {colour: stdout.isTTY && !process.env['NO_COLOR']});
  process.on('SIGINT', () => leave.abort());
  try {
    const how = {dryRun, leave: leave.signal, ...(confirm !== undefined && {confirm})};
    const {exit} = await conduct(asked, handHere(paths, mayAsk), how, show);
    process.exitCode = exit;
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    end(130, 'Left; nothing was asked.');
  }
}
