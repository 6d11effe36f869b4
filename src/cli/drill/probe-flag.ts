import {resolve} from 'node:path';
import {Abort, Exit} from '../../errors.js';
import {drillProbe, type DrillProbe} from '../../pair/schema.js';

/** The key that stands for a probe of each kind, in its flag. */
const mainKey = {command: 'path', irc: 'nick'} as const;

/**
 * `command=/path`, `irc=alice`, `irc=alice,timeoutS=60`; `none` is no message at all. A program's path is relative to
 * `folder` unless it begins with `/` or `~/`.
 * @throws Abort (exit 2) for anything else.
 */
export function probeFlag(
  text: string,
  folder: string = process.cwd(),
  platform: NodeJS.Platform = process.platform,
): DrillProbe | undefined {
  if (text === 'none') return undefined;
  const match = /^(command|irc)=(.+?)(?:,timeoutS=([^,]*))?$/s.exec(text);
  if (!match) throw wrong('must look like command=/path, irc=NICK, or none');
  const [, kind, main = '', timeout] = match;
  const timeoutS = timeout !== undefined && /^\d{1,9}$/.test(timeout) ? Number(timeout) : timeout;
  // It is ended with all it started, as a group of processes, which Windows does not have.
  if (kind === 'command' && platform === 'win32')
    throw wrong('command=PATH needs Linux, macOS or WSL; on Windows use irc=NICK or none');
  const key = mainKey[kind as keyof typeof mainKey];
  const target = kind === 'command' && !main.startsWith('~/') ? resolve(folder, main) : main;
  const checked = drillProbe.safeParse({kind, [key]: target, ...(timeoutS !== undefined && {timeoutS})});
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw wrong(`${kind}: ${String(issue?.path[0] ?? key)} ${issue?.message ?? 'is not understood'}`);
}

/** The same the other way round. */
export function probeWords(probe: DrillProbe | undefined): string[] {
  if (probe === undefined) return ['--probe', 'none'];
  const target = probe.kind === 'command' ? probe.path : probe.nick;
  return ['--probe', `${probe.kind}=${target},timeoutS=${probe.timeoutS}`];
}

const wrong = (what: string) =>
  new Abort(`--probe ${what}.`, {
    next: [
      '--probe irc=alice asks the bot over IRC as alice, whom its allowFrom lets in.',
      '--probe command=~/bin/ask-the-bot lets a program of yours ask it (docs/drill.md).',
      '--probe none asks nothing: the channel account is seen connected, and that is all.',
    ],
    exit: Exit.usage,
  });
