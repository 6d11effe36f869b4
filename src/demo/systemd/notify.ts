import {ancestors} from './group.js';
import {Refusal, type Call} from './machine.js';
import type {Manager} from './manager.js';
import {Options, type Known} from './options.js';
import {Service} from './service.js';

const known: Known = {
  flags: 'ready reloading stopping booted no-block',
  values: 'status pid uid',
  short: '',
};

/** What a process says of the unit that it belongs to. */
export function systemdNotify({argv, env, pid}: Call, managers: readonly Manager[]): number {
  const options = new Options(argv, known, 'systemd-notify');
  if (options.has('booted')) return 0;
  const lines = new Map<string, string>();
  if (options.has('ready')) lines.set('READY', '1');
  if (options.has('stopping')) lines.set('STOPPING', '1');
  const status = options.last('status');
  if (status !== undefined) lines.set('STATUS', status);
  for (const word of options.words) {
    const at = word.indexOf('=');
    if (at > 0) lines.set(word.slice(0, at), word.slice(at + 1));
  }
  if (lines.size === 0) throw new Refusal('No status data could be sent: nothing to send.');
  const socket = env['NOTIFY_SOCKET'];
  if (!socket) throw new Refusal('No status data could be sent: $NOTIFY_SOCKET was not set');
  const invocation = socket.slice(socket.lastIndexOf('/') + 1);
  const units = managers.flatMap((manager) => manager.all()).filter((unit) => unit instanceof Service);
  const above = ancestors(pid);
  const unit =
    units.find(({run}) => run?.invocation === invocation) ??
    units.find(({mainPid}) => above.includes(mainPid));
  unit?.notified(lines, pid);
  return 0;
}
