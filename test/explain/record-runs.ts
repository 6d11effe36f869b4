import {mkdirSync, writeFileSync} from 'node:fs';
import {folderOf, kept, played, type Kept} from './recorded.js';

/** Writes what the simulator's standby keeps of each run, as the tests read it. */
for (const [name, faults] of Object.entries(kept) as [Kept, string][]) {
  // oxlint-disable-next-line no-await-in-loop
  const {world} = await played(faults);
  mkdirSync(folderOf(name), {recursive: true});
  writeFileSync(
    `${folderOf(name)}/events.jsonl`,
    world.standby.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  );
  writeFileSync(`${folderOf(name)}/record.jsonl`, world.standby.record);
}
