import {existsSync} from 'node:fs';
import {runTool} from './schedule/tool.js';

/** ms; a desktop that hangs must not keep the reminder from being printed. */
const limitMs = 5000;

/** AppleScript that takes its words as arguments, so that no text is ever read as a program. */
const script = [
  'on run argv',
  'display notification (item 2 of argv) with title (item 1 of argv)',
  'end run',
].flatMap((line) => ['-e', line]);

/** A note on the operator's desktop. @returns whether there was one to show it */
export async function notifyDesktop(title: string, text: string): Promise<boolean> {
  if (process.platform === 'darwin')
    return (await runTool('osascript', [...script, title, text], {timeoutMs: limitMs})).ok;
  // The text is markup for most desktops.
  const body = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const run = {timeoutMs: limitMs, env: bus()};
  return (await runTool('notify-send', ['--app-name=failover-wizard', '--', title, body], run)).ok;
}

/** Cron does not say where the desktop listens; it is nearly always here. */
function bus(): NodeJS.ProcessEnv {
  const path = `/run/user/${process.getuid?.() ?? ''}/bus`;
  return process.env['DBUS_SESSION_BUS_ADDRESS'] === undefined && existsSync(path)
    ? {DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}`}
    : {};
}
