import {randomUUID} from 'node:crypto';
import {Ask} from './ask.js';
import {Group} from './group.js';
import type {Process} from './process.js';

export type ServiceResult =
  'success' | 'exit-code' | 'signal' | 'timeout' | 'watchdog' | 'resources' | 'protocol' | 'start-limit-hit';

/** Why a run ends although its main process has not ended by itself. */
export type Why = 'asked' | 'watchdog' | 'runtime';

/** One life of a service, from its start to its end. */
export class Run {
  readonly invocation = randomUUID().replaceAll('-', '');
  readonly group = new Group(this.invocation);
  /** Told when it shall end. */
  readonly over = new Ask<Why>();
  /** Told when the service says READY=1. */
  readonly ready = new Ask<'ready'>();
  main: Process | undefined;
  control: Process | undefined;
  result: ServiceResult = 'success';
  /** It was active. */
  wasUp = false;

  /** The first thing that went wrong is what is told. */
  fail(result: ServiceResult): void {
    if (this.result === 'success') this.result = result;
  }

  get isAsked(): boolean {
    return this.over.is === 'asked';
  }
}
