import {rm} from 'node:fs/promises';
import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {Abort} from '../../../errors.js';
import type {Job} from '../../../drill/schedule/job.js';
import {unitName, unitsOf} from '../../../drill/schedule/units.js';
import {ownFiles, replaceFiles} from './files.js';
import type {Form, Installed, Whose} from './form.js';
import {runTool} from './tool.js';

const kinds = ['remind', 'run'] as const;
const systemctl = (...args: string[]) => runTool('systemctl', ['--user', ...args]);

/** A timer of the operator's own systemd. */
export function timerForm({pair, version}: Whose, env: NodeJS.ProcessEnv = process.env): Form {
  // Where this systemd looks is what its own environment says; that of a shell may be another.
  let folder = unitFolder(env['XDG_CONFIG_HOME']);
  const locate = async () => {
    const said = await systemctl('show-environment');
    if (said.ok) folder = unitFolder(/^XDG_CONFIG_HOME=(.+)$/m.exec(said.stdout)?.[1]);
    return said;
  };
  const pathsOf = (kind: Job['kind']) =>
    ['service', 'timer'].map((end) => join(folder, `${unitName(pair, kind)}.${end}`));
  const timerOf = (kind: Job['kind']) => `${unitName(pair, kind)}.timer`;
  const files = (jobs: readonly Job[]) =>
    jobs.flatMap((job) => unitsOf(job, version).map(({name, text}) => ({path: join(folder, name), text})));

  return {
    name: 'timer',
    async unusable() {
      const {ok, why} = await locate();
      return ok ? undefined : `there is no systemd that runs for this user (${why})`;
    },
    texts: (jobs) => files(jobs).map(({path, text}) => ({where: path, text})),
    async install(jobs) {
      const wanted = jobs.map(({kind}) => kind);
      const written = files(jobs);
      const back = await replaceFiles(written);
      try {
        const nextMs = await start(wanted);
        await take(kinds.filter((kind) => !wanted.includes(kind)));
        return {wrote: written.map(({path}) => path), nextMs};
      } catch (error) {
        await putBack(wanted, back);
        throw error;
      }
    },
    async find() {
      await locate();
      return ownFiles(kinds.flatMap(pathsOf));
    },
    async remove() {
      await locate();
      return take(kinds);
    },
  };

  /** When they come next, epoch ms, where this systemd says it as a number. */
  async function start(wanted: readonly Job['kind'][]): Promise<Installed['nextMs']> {
    const nextMs: Installed['nextMs'] = {};
    await must('daemon-reload');
    for (const kind of wanted) {
      const timer = timerOf(kind);
      // One after the other: both write links in the same folder.
      // oxlint-disable-next-line no-await-in-loop
      await must('enable', '--now', timer);
      // One that ran already goes by its new times only now.
      // oxlint-disable-next-line no-await-in-loop
      await must('restart', timer);
      // oxlint-disable-next-line no-await-in-loop
      const ms = await elapseOf(timer);
      if (ms !== undefined) nextMs[kind] = ms;
    }
    return nextMs;
  }

  /** What was there before runs again; what was not leaves nothing. */
  async function putBack(wanted: readonly Job['kind'][], back: () => Promise<void>): Promise<void> {
    await systemctl('disable', '--now', ...wanted.map(timerOf));
    await back();
    const there = await ownFiles(wanted.flatMap(pathsOf));
    const timers = wanted.map(timerOf);
    await forget(timers.filter((timer) => !there.includes(join(folder, timer))));
    const before = timers.filter((timer) => there.includes(join(folder, timer)));
    if (before.length > 0) await systemctl('enable', '--now', ...before);
  }

  async function take(gone: readonly Job['kind'][]): Promise<string[]> {
    const found = await ownFiles(gone.flatMap(pathsOf));
    if (found.length === 0) return [];
    const timers = gone.map(timerOf);
    // Without a running systemd there is nothing to stop, and its links are taken away below.
    await systemctl('disable', '--now', ...timers.filter((timer) => found.includes(join(folder, timer))));
    await Promise.all(found.map((path) => rm(path, {force: true})));
    await forget(timers);
    return found;
  }

  /** What is left of timers whose files are gone: their links, and what systemd remembers of them. */
  async function forget(timers: readonly string[]): Promise<void> {
    await Promise.all(timers.map((timer) => rm(join(folder, 'timers.target.wants', timer), {force: true})));
    await systemctl('daemon-reload');
  }
}

const unitFolder = (config: string | undefined) =>
  join(config !== undefined && isAbsolute(config) ? config : join(homedir(), '.config'), 'systemd', 'user');

async function must(...args: string[]): Promise<string> {
  const {ok, stdout, why} = await systemctl(...args);
  if (ok) return stdout;
  throw new Abort('The timer could not be set up; everything is as it was.', {
    detail: `systemctl --user ${args.join(' ')}: ${why}`,
    next: ['Use cron instead: failover-wizard drill schedule --with cron'],
  });
}

/** When a timer that was just enabled comes next, epoch ms; undefined: this systemd says it in words only. */
async function elapseOf(timer: string): Promise<number | undefined> {
  const shown = await must('show', timer, '--property=ActiveState');
  if (!/^ActiveState=active$/m.test(shown))
    throw new Abort(`The timer ${timer} was enabled, but is not active; everything is as it was.`, {
      detail: shown.trim(),
      next: ['Use cron instead: failover-wizard drill schedule --with cron'],
    });
  const {stdout} = await systemctl('show', timer, '--property=NextElapseUSecRealtime', '--timestamp=unix');
  const seconds = /^NextElapseUSecRealtime=@(\d+)/m.exec(stdout)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
