import type {Entry} from './journal.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');

export interface Look {
  output: string;
  /** ''. it is left out. */
  hostname: string;
}

export const outputs = [
  'short',
  'short-precise',
  'short-iso',
  'short-unix',
  'short-full',
  'cat',
  'json',
  'with-unit',
];

/** `Nov 27 17:16:45 host ident[12]: words` */
export const shortLine = (entry: Entry, hostname: string): string => line(entry, {output: 'short', hostname});

/** An entry as `journalctl --output=` has it, without its newline; times in UTC, as the hosts' clocks are. */
export function line(entry: Entry, {output, hostname}: Look): string {
  const {message, identifier, pid} = entry;
  if (output === 'cat') return message;
  if (output === 'json') return json(entry, hostname);
  const who = `${identifier}${pid === undefined ? '' : `[${pid}]`}`;
  return `${when(entry.ms, output)} ${hostname === '' ? '' : `${hostname} `}${who}: ${message}`;
}

function when(ms: number, output: string): string {
  const at = new Date(ms);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  if (output === 'short-iso') return `${at.toISOString().slice(0, 19)}+0000`;
  if (output === 'short-unix') return (ms / 1000).toFixed(6);
  const date = `${months[at.getUTCMonth()]} ${two(at.getUTCDate())}`;
  return `${date} ${time}${output === 'short-precise' ? `.${String(at.getUTCMilliseconds()).padStart(3, '0')}000` : ''}`;
}

function json({ms, identifier, pid, message, fields, boot}: Entry, hostname: string): string {
  return JSON.stringify({
    __REALTIME_TIMESTAMP: String(ms * 1000),
    _BOOT_ID: String(boot).padStart(32, '0'),
    _HOSTNAME: hostname,
    SYSLOG_IDENTIFIER: identifier,
    ...(pid !== undefined && {_PID: String(pid)}),
    ...fields,
    MESSAGE: message,
  });
}
