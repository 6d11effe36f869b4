import {open, stat} from 'node:fs/promises';
import path from 'node:path';
import {Abort, Exit} from '../errors.js';
import {folders, pairFiles} from '../pair/paths.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';
import {connectPrompts} from './connect-prompts.js';
import {existingPair} from './gather.js';
import type {CommonOptions} from './options.js';
import {terminalPrompter} from './prompter.js';
import {tryHosts} from './session.js';
import {modeOf} from './terminal.js';

/** The texts that are explained; untrusted. Lines at their beginning may be cut. */
export interface Source {
  /** undefined: not known, from a file. */
  pair?: string;
  events: string;
  record: string;
}

/** bytes of each file, and of the older one beside it: as much as the monitor lets them grow. */
const mostBytes = 1 << 20;

/** From the standby, over SSH; the primary is not asked. @throws Abort (exit 4) when it cannot be reached */
export async function fromStandby(options: CommonOptions): Promise<Source> {
  const pair = await existingPair(options, folders());
  const mode = modeOf(options);
  const files = pairFiles(pair.name, folders());
  const attempt = await tryHosts(pair, files, mode.ask ? connectPrompts(terminalPrompter()) : {}, [
    'standby',
  ]);
  try {
    const {standby} = attempt.hosts;
    if (!standby) throw attempt.errors.standby;
    const [events, record] = await Promise.all([
      tailsOn(standby, layout.events),
      tailsOn(standby, layout.record),
    ]);
    return {pair: pair.name, events, record};
  } finally {
    await attempt.close();
  }
}

/** The ends of the older file and of the newer one; nothing where neither is there. */
async function tailsOn(host: Host, file: string): Promise<string> {
  // The newline parts a line that a crash has cut from the next file.
  const text =
    'for f in "$1.1" "$1"; do if [ -f "$f" ]; then tail -c "$2" -- "$f" && echo || exit 1; fi; done';
  const {code, stdout, stderr} = await host.run(['sh', '-c', text, 'sh', file, String(mostBytes)], {
    label: `read the end of ${file}`,
  });
  if (code === 0) return stdout;
  throw new Abort(`${file} could not be read on the standby.`, {
    detail: stderr.trim(),
    next: [`See there: namei -l '${file}'`],
  });
}

/**
 * From files that were copied from a standby: events.jsonl, or the folder that it is in; the record, and older ones of
 * both, are taken from beside it where they are.
 * @throws Abort (exit 2) when the file is not there
 */
export async function fromFile(given: string): Promise<Source> {
  const folder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = folder ? path.join(given, path.basename(layout.events)) : given;
  const name = path.basename(file);
  const recordName = name.includes('events')
    ? name.replace('events', 'record')
    : path.basename(layout.record);
  const [events, record] = await Promise.all([
    tailsHere(file),
    tailsHere(path.join(path.dirname(file), recordName)),
  ]);
  if (events === undefined)
    throw new Abort(`There is no file ${file} that could be read.`, {
      next: [`It is ${layout.events} on the standby, its record ${path.basename(layout.record)} beside it.`],
      exit: Exit.usage,
    });
  return {events, record: record ?? ''};
}

async function tailsHere(file: string): Promise<string | undefined> {
  const [older, newer] = await Promise.all([tailHere(`${file}.1`), tailHere(file)]);
  return newer === undefined ? undefined : `${older ?? ''}\n${newer}`;
}

async function tailHere(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const {size} = await handle.stat();
    const length = Math.min(size, mostBytes);
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
