import {existsSync} from 'node:fs';
import {basename} from 'node:path';
import {accountOf, type Account} from './accounts.js';
import {environmentOf} from './environment.js';
import {notBegun, statusOf} from './exit-status.js';
import {isAlive} from './group.js';
import {withMask} from './mask.js';
import {Process} from './process.js';
import type {Run} from './run.js';
import type {Service} from './service.js';
import {expanded, type Command} from './words.js';

/** Begins a command of a service as its user, where it wants to be, with what it shall find. */
export function beginProcess(service: Service, run: Run, command: Command): Process {
  const {manager, text} = service;
  const {machine} = manager;
  if (manager.isCut) return new Process(notBegun.exec, () => {});
  const name = command.asRoot && !manager.isOfUser ? 'root' : (text.user ?? manager.account.name);
  const account = accountOf(machine, name);
  const env = environment(service, run, account ?? {name, uid: -1, home: '/', shell: '/bin/sh'});
  const [program = '', ...words] = command.words;
  const argv = [program, ...(command.literal ? words : expanded(words, env))];
  const identifier = text.identifier ?? basename(program);
  const tell = (line: string, pid: number) => {
    if (service.listener) service.listener(`${manager.hostWords(line)}\n`);
    else if (!manager.isCut)
      manager.wrote(service, {identifier, pid, message: line, uid: account?.uid ?? -1});
  };
  if (!account) {
    tell('Failed to determine user credentials: No such process', 0);
    return new Process(notBegun.user, tell);
  }
  const {cwd, umask} = text;
  const usual = manager.isOfUser ? account.home : '/';
  const folder = cwd === undefined ? usual : cwd.path === '~' ? account.home : cwd.path;
  const there = existsSync(`${machine.root}${folder}`);
  if (cwd && !there && !cwd.optional) {
    tell('Changing to the requested working directory failed: No such file or directory', 0);
    return new Process(notBegun.chdir, tell);
  }
  const child = withMask(umask, () => machine.spawn(argv, {user: name, env, cwd: there ? folder : '/'}));
  const made = new Process(child, tell);
  if (made.pid > 0) run.group.add(made.pid);
  return made;
}

function environment(
  {manager, text, mainPid, main}: Service,
  run: Run,
  account: Account,
): Record<string, string> {
  const {machine, always, runFolder} = manager;
  const env = environmentOf(text, {root: machine.root, account, invocation: run.invocation, always});
  // Which run it is of is all that its name says; nothing listens there.
  if (text.notifyAccess !== 'none') env['NOTIFY_SOCKET'] = `${runFolder}/systemd/notify/${run.invocation}`;
  if (text.watchdogMs > 0) env['WATCHDOG_USEC'] = String(text.watchdogMs * 1000);
  if (mainPid > 0 && isAlive(mainPid)) env['MAINPID'] = String(mainPid);
  const {exit} = main;
  if (exit && run.main?.isOver) {
    env['SERVICE_RESULT'] = run.result;
    env['EXIT_CODE'] = 'code' in exit ? 'exited' : 'killed';
    env['EXIT_STATUS'] = 'code' in exit ? String(statusOf(exit)) : exit.signal.slice(3);
  }
  return env;
}
