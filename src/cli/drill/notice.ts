import {isRunning, loadRecord} from '../../drill/record.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {timeOfDay} from '../../screens/format.js';
import {tell} from '../terminal.js';

/**
 * Says of each pair that a drill is under way, or was cut off: what is seen of the pair then is not what it looks like.
 * On stderr, for commands that are not the drill itself.
 */
export async function tellOfDrills(pairs: readonly string[]): Promise<void> {
  for (const pair of pairs) {
    // oxlint-disable-next-line no-await-in-loop
    const record = await loadRecord(pairFiles(pair, folders()).drillRunning);
    if (record === undefined) continue;
    const since = `A drill of ${pair} (${record.fault}) that began at ${timeOfDay(Date.parse(record.startedAt))}`;
    tell(
      isRunning(record)
        ? `${since} is under way on this machine.`
        : `${since} did not come to its end. To take it back: failover-wizard drill --revert --pair ${pair}`,
      'yellow',
    );
  }
}
