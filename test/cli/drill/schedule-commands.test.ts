import {Command} from 'commander';
import {beforeEach, expect, it, vi} from 'vitest';
import {addScheduleCommands} from '../../../src/cli/drill/schedule-commands.js';
import type {ScheduleOptions} from '../../../src/cli/drill/schedule.js';

const {schedule} = vi.hoisted(() => ({schedule: vi.fn((_options: object) => Promise.resolve(0))}));
vi.mock('../../../src/cli/drill/schedule.js', () => ({schedule}));
beforeEach(() => schedule.mockClear());

/** As `drill` has it: a fault of its own, with a default. */
async function optionsOf(...args: string[]): Promise<ScheduleOptions> {
  const program = new Command().option('--json');
  const drill = program.command('drill').option('--fault <name>', 'what is done', 'stop');
  addScheduleCommands(drill, () => undefined);
  await program.parseAsync(['node', 'fw', 'drill', 'schedule', ...args]);
  return schedule.mock.lastCall?.[0] as ScheduleOptions;
}

it.each([
  [['--at', '10:00'], {at: '10:00'}],
  [
    ['--window', 'Sun 03:00-05:00', '--fault', 'kill', '--json'],
    {window: 'Sun 03:00-05:00', fault: 'kill', json: true},
  ],
  [['--fault', 'stop'], {fault: 'stop'}],
])('%j reaches the command, and a fault only where one was named', async (args, options) => {
  expect(await optionsOf(...args)).toEqual(options);
});
