import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';

/** Options of `drill` itself. */
export interface DrillOptions extends CommonOptions {
  fault?: string;
}

/** `drill`, what belongs to it, and `explain`. */
export function addDrillCommands(program: Command, _end: (code: ExitCode) => void): void {
  program.command('drill').description('the monthly failover test, measured, safe, remembered');
}
