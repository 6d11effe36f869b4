import {leave, leaveOnSignals, leaveWhenUnread, rememberForExit} from './exit.js';
import {parseAndRun} from './program.js';
import {ownVersion} from './version.js';

// Everything that draws reads the environment when it is loaded, so this comes before any other import.
if (process.argv.includes('--no-color') || process.env['NO_COLOR']) {
  process.env['NO_COLOR'] = '1';
  process.env['FORCE_COLOR'] = '0';
}

const version = ownVersion();
rememberForExit({
  version,
  verbose: process.argv.includes('--verbose'),
  json: process.argv.includes('--json'),
});
leaveOnSignals();
leaveWhenUnread();
process.on('uncaughtException', (error) => void leave({error}));
process.on('unhandledRejection', (error) => void leave({error}));

try {
  await leave({code: await parseAndRun(process.argv, version)});
} catch (error) {
  await leave({error});
}
