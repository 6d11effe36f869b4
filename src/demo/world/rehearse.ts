import {fork, spawn, type ChildProcess} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';
import {Abort} from '../../errors.js';
import {programs} from '../host/programs.js';
import {processesNaming} from './leftovers.js';
import type {Order} from './main.js';
import type {Rehearsal} from './world.js';

/** ms until a rehearsal has to be there. */
const startMs = 60_000;
/** ms that it may take to clear up. */
const endMs = 15_000;

/** A rehearsal under way, in a process of its own that takes everything with it, also when this one is killed. */
export interface Rehearsing extends Rehearsal {
  order(order: Order): Promise<unknown>;
  /** Runs failover-wizard on its pair, in this terminal. The exit code. */
  run(args: readonly string[]): Promise<number>;
  /** Starts failover-wizard on its pair beside what goes on here. */
  start(args: readonly string[]): ChildProcess;
  end(): Promise<void>;
}

/** @throws Abort when it does not start */
export async function rehearse(): Promise<Rehearsing> {
  // A process group of its own: Ctrl+C at the terminal is for what runs there.
  const child = fork(programs.world, {stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true});
  const rehearsal = await ready(child);
  const waiting = new Map<number, {resolve: (answer: unknown) => void; reject: (error: Error) => void}>();
  let last = 0;
  let gone = false;
  child.on('message', ({id, answer, error}: {id: number; answer?: unknown; error?: string}) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(answer);
    else one?.reject(new Error(error));
  });
  child.once('exit', () => {
    gone = true;
    // It has taken everything with it, unless it was killed itself.
    clearAfter(rehearsal.folder);
    for (const {reject} of waiting.values()) reject(new Error('The rehearsal has ended.'));
  });
  const order = (wish: Order) =>
    new Promise<unknown>((resolve, reject) => {
      if (gone) return reject(new Error('The rehearsal has ended.'));
      last += 1;
      waiting.set(last, {resolve, reject});
      child.send({id: last, order: wish});
    });
  const start = (args: readonly string[]) =>
    spawn(rehearsal.launcher, args, {stdio: ['ignore', 'inherit', 'inherit']});
  return {
    ...rehearsal,
    order,
    start,
    run: (args) =>
      new Promise((resolve, reject) => {
        const one = spawn(rehearsal.launcher, args, {stdio: 'inherit'});
        one.once('error', reject);
        one.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
      }),
    end: async () => {
      if (gone) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send({id: 0, order: {do: 'end'} satisfies Order});
      // What is left then is cleared up after it.
      const late = setTimeout(() => child.kill('SIGKILL'), endMs);
      await ended;
      clearTimeout(late);
    },
  };
}

/** What a rehearsal leaves that had no time to clear up. */
function clearAfter(folder: string): void {
  if (!existsSync(folder)) return;
  for (const pid of processesNaming(folder, [process.pid])) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
  rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}

function ready(child: ChildProcess): Promise<Rehearsal> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new Abort(`The rehearsal could not be set up: ${why}`, {
          next: [
            'The plan for two recorded servers needs nothing of this machine: failover-wizard demo --recorded',
          ],
        }),
      );
    const late = setTimeout(() => {
      child.kill('SIGTERM');
      fail(`it was not there after ${startMs / 1000} s.`);
    }, startMs);
    child.once('message', (message: {ready?: Rehearsal; failed?: string}) => {
      clearTimeout(late);
      if (message.ready) resolve(message.ready);
      else fail(message.failed ?? 'it did not say why.');
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      fail(`its process ended (${code ?? 'by a signal'}).`);
    });
  });
}
