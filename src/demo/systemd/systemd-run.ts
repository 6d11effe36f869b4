import {mkdirSync, writeFileSync} from 'node:fs';
import {randomBytes} from 'node:crypto';
import {Refusal, type Output} from './machine.js';
import type {Manager} from './manager.js';
import {Options, type Known} from './options.js';
import {Service} from './service.js';
import {spanUs} from './span.js';
import {unitName} from './unit-files.js';

const known: Known = {
  flags: 'quiet collect wait pipe no-block remain-after-exit no-ask-password same-dir user system',
  values:
    'unit uid gid property description setenv on-active on-boot on-startup on-unit-active on-unit-inactive on-calendar timer-property nice working-directory service-type slice',
  short: 'q=quiet G=collect P=pipe p=property E=setenv u=unit r=remain-after-exit d=same-dir',
  stopsAtWord: true,
};
const timerKeys: Readonly<Record<string, string>> = {
  'on-active': 'OnActiveSec',
  'on-boot': 'OnBootSec',
  'on-startup': 'OnStartupSec',
  'on-unit-active': 'OnUnitActiveSec',
  'on-unit-inactive': 'OnUnitInactiveSec',
  'on-calendar': 'OnCalendar',
};

/** Runs a command as a unit of its own, at once or by a timer of its own. */
export async function systemdRun(
  argv: readonly string[],
  {manager, out, signal}: {manager: Manager; out: Output; signal: AbortSignal},
): Promise<number> {
  const options = new Options(argv, known, 'systemd-run');
  const timers = Object.entries(timerKeys).flatMap(([name, key]) =>
    options.all(name).map((value) => {
      if (name !== 'on-calendar' && spanUs(value) === undefined)
        throw new Refusal(`Failed to parse timer value: ${value}`);
      return `${key}=${value}`;
    }),
  );
  if (options.words.length === 0 && timers.length === 0)
    throw new Refusal('Command line to execute required.');
  const base = (options.last('unit') ?? `run-r${randomBytes(16).toString('hex')}`).replace(
    /\.(?:service|timer)$/,
    '',
  );
  const service = unitName(`${base}.service`);
  const timer = `${base}.timer`;
  const collect = options.has('collect') ? ['CollectMode=inactive-or-failed'] : [];
  const description = options.last('description') ?? options.words.join(' ');
  const head = ['[Unit]', `Description=${escape(description).replaceAll('\n', ' ')}`, ...collect];
  mustBeNew(manager, service, timers.length > 0 ? 'transient timer' : 'transient service');
  if (timers.length > 0) mustBeNew(manager, timer, 'transient timer');
  write(manager, service, [...head, '', '[Service]', ...serviceLines(options)]);
  if (timers.length > 0) {
    const own = options.all('timer-property');
    write(manager, timer, [...head, '', '[Timer]', 'RemainAfterElapse=no', ...timers, ...own]);
    // Both are there, or none is.
    manager.unit(timer);
    manager.unit(service);
    await manager.start(timer);
    if (!options.has('quiet'))
      out.stderr(`Running timer as unit: ${timer}\nWill run service as unit: ${service}\n`);
    return 0;
  }
  const unit = manager.unit(service) as Service;
  const ended = new Promise<void>((resolve) => {
    const stop = manager.whenChanges(service, () => {
      if (!unit.isDown) return;
      stop();
      resolve();
    });
  });
  const pipes = options.has('pipe');
  const quiet = options.has('quiet');
  if (pipes) unit.listener = (text) => out.stdout(text);
  const started = manager.start(service);
  if (options.has('no-block')) return 0;
  const result = await started;
  if (!quiet && !pipes) out.stderr(`Running as unit: ${service}\n`);
  if (!options.has('wait') && !pipes) {
    if (result === 'done') return 0;
    throw new Refusal(`Job for ${service} ${result}.`);
  }
  const gone = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), {once: true}),
  );
  await Promise.race([unit.isDown ? undefined : ended, gone, manager.cutOff.said]);
  if (signal.aborted) await manager.jobs.stop(unit);
  const {exit} = unit.main;
  if (!quiet) out.stderr(`Finished with result: ${unit.result}\n`);
  return exit === undefined ? 1 : 'code' in exit ? exit.code : 255;
}

function serviceLines(options: Options): string[] {
  const uid = options.last('uid');
  const gid = options.last('gid');
  return [
    ...(options.last('service-type') === undefined ? [] : [`Type=${options.last('service-type')}`]),
    ...(options.has('remain-after-exit') ? ['RemainAfterExit=yes'] : []),
    ...(uid === undefined ? [] : [`User=${uid}`]),
    ...(gid === undefined ? [] : [`Group=${gid}`]),
    ...(options.last('working-directory') === undefined
      ? []
      : [`WorkingDirectory=${options.last('working-directory')}`]),
    ...options.all('setenv').map((one) => `Environment=${quoted(one)}`),
    ...options.all('property'),
    `ExecStart=${options.words.map(quoted).join(' ')}`,
  ];
}

const escape = (text: string) => text.replaceAll('%', '%%');
const quoted = (word: string) =>
  word === ';'
    ? '\\;'
    : `"${escape(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function mustBeNew(manager: Manager, name: string, what: string): void {
  const {source} = manager.unit(name);
  if (source.load === 'not-found') return;
  const why = source.transient
    ? `Unit ${name} was already loaded or has a fragment file.`
    : `Unit ${name} already exists.`;
  throw new Refusal(`Failed to start ${what} unit: ${why}`);
}

function write(manager: Manager, name: string, lines: readonly string[]): void {
  const folder = `${manager.machine.root}${manager.files.transient}`;
  mkdirSync(folder, {recursive: true});
  writeFileSync(
    `${folder}/${name}`,
    `# This is a transient unit file, created programmatically via the systemd API. Do not edit.\n${lines.join('\n')}\n`,
  );
}
