import type {Command} from 'commander';

/** What every command takes. */
export function addCommonOptions(program: Command): void {
  program
    .option('--pair <name>', 'which pair (default: default)')
    .option('--answers <file>', 'take decisions from a JSON file; comments allowed')
    .option('--no-input', 'never ask; what is missing is an error')
    .option('--yes', 'take defaults and apply without asking')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--plain', 'lines instead of a screen')
    .option('--json', 'machine-readable output')
    .option('--verbose', 'show causes of errors')
    .option('--no-color', 'no colours');
}
