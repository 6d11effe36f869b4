import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';
import {addScheduleCommands} from './schedule-commands.js';

/** Options of `drill` itself. */
export interface DrillOptions extends CommonOptions {
  fault?: string;
}

/** `drill`, what belongs to it, and `explain`. */
export function addDrillCommands(program: Command, end: (code: ExitCode) => void): void {
  const drill = program.command('drill').description('the monthly failover test, measured, safe, remembered');
  addScheduleCommands(drill, end);
}
