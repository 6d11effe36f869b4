import {statusOf} from './exit-status.js';
import type {Service} from './service.js';
import {spanText} from './span.js';

const span = (ms: number) => spanText(ms * 1000);

/** In the order in which systemd prints them. */
export function serviceProperties(service: Service): Record<string, string> {
  const {text, main, run} = service;
  const {exit} = main;
  return {
    Type: text.type,
    Restart: text.restart,
    NotifyAccess: text.notifyAccess,
    RestartUSec: span(text.restartMs),
    TimeoutStartUSec: span(text.startMs),
    TimeoutStopUSec: span(text.stopMs),
    RuntimeMaxUSec: span(text.runtimeMs),
    WatchdogUSec: text.watchdogMs === 0 ? 'infinity' : span(text.watchdogMs),
    RemainAfterExit: text.remain ? 'yes' : 'no',
    MainPID: String(service.mainPid),
    ControlPID: String(run?.control?.pid ?? 0),
    StatusText: service.status,
    Result: service.run?.result ?? service.result,
    NRestarts: String(service.restarts),
    ExecMainPID: String(main.pid),
    ExecMainCode: exit === undefined ? '0' : 'code' in exit ? '1' : '2',
    ExecMainStatus: exit === undefined ? '0' : String(statusOf(exit)),
    ...(text.user !== undefined && {User: text.user}),
    ...(text.group !== undefined && {Group: text.group}),
    KillMode: text.killMode,
  };
}
