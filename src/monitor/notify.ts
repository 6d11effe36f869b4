import {execFile} from 'node:child_process';

/** Tells systemd how the monitor is; nothing where it was not started by systemd. */
export interface Notifier {
  ready(): void;
  /** Feeds the watchdog. */
  alive(status: string): void;
}

/**
 * Node has no datagram sockets of the Unix kind, so this is done by the `systemd-notify` program; the unit says
 * NotifyAccess=all. Nothing waits for it: a notifier that hangs must not stop a decision.
 */
export function systemdNotifier(env: NodeJS.ProcessEnv): Notifier {
  const socket = env['NOTIFY_SOCKET'];
  const tell = (...words: string[]) => {
    if (!socket) return;
    execFile(
      'systemd-notify',
      words,
      {timeout: 5000, killSignal: 'SIGKILL', env: {NOTIFY_SOCKET: socket, PATH: env['PATH']}},
      () => {},
    );
  };
  return {
    ready: () => tell('--ready'),
    alive: (status) => tell(`--status=${status}`, 'WATCHDOG=1'),
  };
}
